"""What is public is never lost: documents as they are against documents as they were published.

What was published is told by the register, and by the commit that a push goes out from where it tells of documents that
the register does not have yet. 发布时间 is never back-dated (国办秘函〔2019〕19号, a veto item), a number is never given
again, and nothing goes but by withdrawal.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Final

from gongkai.catalogue.order import Decided, public_documents
from gongkai.catalogue.register import FIRSTS, due
from gongkai.catalogue.sources import REGISTER
from gongkai.checks.baseline import Baseline, Before, Published
from gongkai.checks.protocol import CATALOGUE, FALSE_TIME, Compared, HistoryRule, Kind, Outcome, OutcomeRule
from gongkai.records.disclosure import Extent
from gongkai.records.findings import Finding
from gongkai.records.reading import Document


def _permanence(compared: Compared) -> Iterator[Finding]:
    """What was published and is no longer as it was."""
    baseline, everything = compared.before.baseline, compared.whole.decided
    if baseline.is_empty:
        return
    unreadable = {one.path for one in compared.whole.archive.readings if one.document is None}
    by_number = {one.document.record.index.text.casefold(): one for one in everything}
    by_path = {one.document.path: one for one in everything}
    for key, before in baseline.published.items():
        present = by_number.get(key)
        if present is None:
            if before.path not in unreadable:
                yield _lost(before, by_path.get(before.path) or _alike(before, everything))
        elif not _is_same(before, present.document):
            message = (
                f"“{before.number}”已经给了《{before.title}》（{before.path}，{_day(before)}发布），"
                f"一个号只能给一个文件。请换成“{next(compared.free_numbers)}”，并从 git 恢复原来的文件"
            )
            yield Finding(present.document.path, "index", "index-reused", message)
        else:
            yield from _altered(before, present)
    for one in everything:
        if one.document.path in baseline.fresh and baseline.since:
            yield from _fresh(one.document, baseline, baseline.since)


def _lost(before: Published, successor: Decided | None) -> Finding:
    """A number that no document has: another was put in its place, or its document is gone."""
    if successor and _is_same(before, successor.document):
        now = successor.document.record.index
        message = (
            f"《{before.title}》公开时的信息索取号是“{before.number}”，实为“{now}”。"
            f"号一经公开永不更改，请改回“{before.number}”"
        )
        return Finding(successor.document.path, "index", "index-changed", message)
    message = (
        f"已公开的《{before.title}》（{before.number}，{_day(before)}发布）不见了。公开过的文件不能删除，"
        f"请从 git 恢复这个文件；确要撤下，恢复后运行 gongkai withdraw {before.number} --reason 原因"
    )
    return Finding(before.path, "", "published-missing", message)


def _alike(before: Published, decided: Iterable[Decided]) -> Decided | None:
    """The document that is the one published but for its number and its path."""
    wanted = (before.published, before.title)
    records = ((one, one.document.record) for one in decided)
    return next((one for one, record in records if (record.published, record.title) == wanted), None)


def _is_same(before: Published, document: Document) -> bool:
    """Whether a document is the one that was published, moved or changed as it may be.

    发布时间 never changes, so it decides; where it did, whatever else says which document this is.
    """
    record = document.record
    if record.published == before.published:
        return True
    return record.title == before.title or (record.created == before.created and document.path == before.path)


def _altered(before: Published, present: Decided) -> Iterator[Finding]:
    path, record, decision = present.document.path, present.document.record, present.decision
    if record.published != before.published:
        yield Finding(path, "published", "published-changed", _changed_moment(before, record.published))
    elif decision.extent is Extent.NOTHING:
        message = (
            f"《{before.title}》{_day(before)}已经公开，现在却成了“{decision.reason}”，会从网站上消失。"
            f"请改回；确要撤下，请运行 gongkai withdraw {before.number} --reason 原因"
        )
        yield Finding(path, "disclosure", "published-hidden", message)
    elif before.is_withdrawn and decision.extent is not Extent.TOMBSTONE:
        message = f"《{before.title}》已经撤回，不能重新公开。请恢复“撤回”字段；内容要再公开的，请用新号另发一份"
        yield Finding(path, "withdrawn", "withdrawal-undone", message)
    elif before.has_body and decision.is_on_request:
        message = f"《{before.title}》的正文{_day(before)}已经公开，现在改为依申请公开，正文会撤下。请核对"
        yield Finding(path, "disclosure", "published-narrowed", message)
    if decision.extent is Extent.FULL and present.document.sha256 != before.sha256 and decision.notes <= before.notes:
        message = "本文件已经公开，内容有改动，却没有新的更正记录。请在“更正”里加上日期和说明"
        yield Finding(path, "changes", "change-unnoted", message)


def _changed_moment(before: Published, now: datetime) -> str:
    kind = "提前" if now < before.published else "推后"
    return f"发布时间公开后不能改：应为“{_moment(before.published)}”，实为“{_moment(now)}”（{kind}了）。请改回"


def _fresh(document: Document, baseline: Baseline, since: date) -> Iterator[Finding]:
    """What is refused in a document that was not there before, and may be old where it is imported."""
    record = document.record
    if record.index.text.casefold() in baseline.exempt:
        return
    day = record.published.date()
    if day < since:
        message = (
            f"新文件的发布时间是 {day}，早于上一次提交（{since}），那时它还没有公开。发布时间不能倒填，"
            "请改成实际公开的时间；是从旧网站移来的，请先运行 gongkai register --imported"
        )
        yield Finding(document.path, "published", "published-back-dated", message)
    if day < record.created:
        message = f"新文件的发布时间 {day} 早于生成日期 {record.created}，还没有形成就公开了。请改正其中一个日期"
        yield Finding(document.path, "published", "published-before-created", message)


def _day(before: Published) -> str:
    return before.published.date().isoformat()


def _moment(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def _doubled_numbers(compared: Compared) -> Iterator[Finding]:
    """Numbers given twice; case does not tell them apart, as on many hosts' disks it does not."""
    seen: dict[str, Document] = {}
    for document in compared.whole.archive.documents:
        number = document.record.index
        first = seen.setdefault(number.text.casefold(), document)
        if first is document:
            continue
        owner, other = _by_right(first, document, compared.before)
        message = (
            f"“{other.record.index}”已经用在 {compared.place_of(owner.path, 'index')}。"
            f"一个号只能给一个文件，请改成“{next(compared.free_numbers)}”"
        )
        yield Finding(other.path, "index", "index-duplicate", message)


def _by_right(first: Document, again: Document, before: Before) -> tuple[Document, Document]:
    """Who may keep a number and who may not: who was there before, who is registered, who was published first."""
    claim = before.claims.get(first.record.index.text.casefold())
    paths = claim.paths if claim else ()

    def rank(one: Document) -> tuple[bool, bool, datetime]:
        return one.path in before.baseline.fresh, one.path not in paths, one.record.published

    return (again, first) if rank(again) < rank(first) else (first, again)


def _register(compared: Compared) -> Iterable[Finding]:
    return compared.before.findings


def _behind(outcome: Outcome) -> Iterator[Finding]:
    """That the register, where there is one, lacks lines; while anything is wrong it cannot be brought up to date."""
    if not outcome.claims or any(finding.is_error for finding in outcome.findings):
        return
    whole = outcome.whole
    lacking = list(due(public_documents(whole.decided), outcome.claims, now=whole.now))
    if lacking:
        new = sum(1 for entry in lacking if entry.event in FIRSTS)
        message = (
            f"登记簿还没有记上 {new} 件首次公开、{len(lacking) - new} 件改动。请运行 gongkai register，再和文件一起提交"
        )
        yield Finding(REGISTER, "", "register-behind", message)


def _rule(code: str, name: str, why: str = "") -> HistoryRule:
    return HistoryRule(code, "error", "permanence", name, why, _permanence)


_ONE_EACH: Final = f"{CATALOGUE}：索引号一件一号"
RULES: Final[tuple[Kind, ...]] = (
    HistoryRule("index-duplicate", "error", "metadata", "信息索取号重复", _ONE_EACH, _doubled_numbers),
    _rule("index-changed", "公开后改了信息索取号"),
    _rule("index-reused", "信息索取号已给了别的文件"),
    _rule("published-missing", "公开过的文件不见了"),
    _rule("published-hidden", "公开过的文件变成不公开"),
    _rule("published-changed", "公开后改了发布时间", FALSE_TIME),
    _rule("published-back-dated", "发布时间倒填", FALSE_TIME),
    _rule("published-before-created", "新文件还没有形成就公开", FALSE_TIME),
    _rule("withdrawal-undone", "撤回的文件重新公开"),
    HistoryRule("published-narrowed", "warning", "permanence", "公开过的正文改为依申请公开", "", _permanence),
    HistoryRule("change-unnoted", "warning", "permanence", "改了公开的内容没有说明", "", _permanence),
    HistoryRule("register-broken", "error", "permanence", "登记簿读不出来", "", _register),
    HistoryRule("register-rewritten", "error", "permanence", "登记簿被改写", "", _register),
    OutcomeRule("register-behind", "warning", "permanence", "登记簿没有跟上", "", _behind),
)
