"""What is public is never lost: documents as they are against documents as they were published.

What was published is told by the register, and by the commit that a push goes out from where it tells of documents that
the register does not have yet. 发布时间 is never back-dated (国办秘函〔2019〕19号, a veto item), a number is never given
again, and nothing goes but by withdrawal.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from gongkai.catalogue.order import Decided
from gongkai.catalogue.register import WITHDRAWN, Claims
from gongkai.records.disclosure import Extent
from gongkai.records.findings import Finding
from gongkai.records.reading import Document


class Published(NamedTuple):
    """A document as the public had it; `notes` is how many changes it told of, `has_body` whether its body was shown."""

    number: str
    path: str
    title: str
    created: date
    published: datetime
    sha256: str
    notes: int
    has_body: bool
    is_withdrawn: bool


@dataclass(frozen=True, slots=True)
class Baseline:
    """What was published, by number in one case; what of it a commit tells.

    `fresh` are the paths that this commit does not have, `since` is its day; both empty where no commit was asked.
    `exempt` are the numbers of documents that may be older than that day all the same.
    """

    published: Mapping[str, Published] = field(default_factory=dict)
    fresh: frozenset[str] = frozenset()
    since: date | None = None
    exempt: frozenset[str] = frozenset()

    @property
    def is_empty(self) -> bool:
        return not self.published and not self.fresh


#: The line of a field in a document's file.
LineOf = Callable[[str, str], int]
Complaint = tuple[str, str, str]  # field, code, message


def published_of(claims: Claims) -> dict[str, Published]:
    """What the register says was published."""
    return {
        key: Published(
            claim.number,
            entry.path,
            entry.title,
            entry.created,
            entry.published,
            entry.sha256,
            entry.notes,
            entry.state not in (WITHDRAWN, "依申请公开", "公开期已结束"),
            entry.state == WITHDRAWN,
        )
        for key, claim in claims.items()
        for entry in (claim.latest,)
    }


def published_in(decided: Iterable[Decided]) -> dict[str, Published]:
    """What of `decided`, the documents of an earlier commit, was public."""
    return {
        record.index.text.casefold(): Published(
            record.index.text,
            one.document.path,
            record.title,
            record.created,
            record.published,
            one.document.sha256,
            one.decision.notes,
            one.decision.extent is Extent.FULL,
            one.decision.extent is Extent.TOMBSTONE,
        )
        for one in decided
        if not one.is_hidden
        for record in (one.document.record,)
    }


def merged(register: Mapping[str, Published], commit: Mapping[str, Published]) -> dict[str, Published]:
    """What either knows; the register's word counts, but a withdrawal that it does not have yet is one."""
    both = {
        key: one._replace(is_withdrawn=True)
        for key, one in register.items()
        if key in commit and commit[key].is_withdrawn
    }
    return {**commit, **register, **both}


def check_permanence(
    decided: Sequence[Decided],
    baseline: Baseline,
    *,
    unreadable: frozenset[str],
    line_of: LineOf,
    free_numbers: Iterator[str],
) -> Iterator[Finding]:
    """Findings on what was published and is no longer as it was; they name files relative to docs/.

    `unreadable` are the paths of documents with errors, which may be what is missed; `free_numbers` gives a number to
    a document whose own is another's.
    """
    if baseline.is_empty:
        return
    by_number = {one.document.record.index.text.casefold(): one for one in decided}
    by_path = {one.document.path: one for one in decided}
    for key, before in baseline.published.items():
        present = by_number.get(key)
        if present is None:
            if before.path not in unreadable:
                yield _lost(before, by_path.get(before.path) or _alike(before, decided), line_of)
        elif not _is_same(before, present.document):
            message = (
                f"“{before.number}”已经给了《{before.title}》（{before.path}，{_day(before)}发布），"
                f"一个号只能给一个文件。请换成“{next(free_numbers)}”，并从 git 恢复原来的文件"
            )
            yield _at(present.document, "index", "index-reused", message, line_of)
        else:
            for complaint in _altered(before, present):
                yield _at(present.document, *complaint, line_of)
    for one in decided:
        if one.document.path in baseline.fresh and baseline.since:
            for complaint in _fresh(one.document, baseline, baseline.since):
                yield _at(one.document, *complaint, line_of)


def _lost(before: Published, successor: Decided | None, line_of: LineOf) -> Finding:
    """A number that no document has: another was put in its place, or its document is gone."""
    if successor and _is_same(before, successor.document):
        now = successor.document.record.index
        message = (
            f"《{before.title}》公开时的信息索取号是“{before.number}”，实为“{now}”。"
            f"号一经公开永不更改，请改回“{before.number}”"
        )
        return _at(successor.document, "index", "index-changed", message, line_of)
    message = (
        f"已公开的《{before.title}》（{before.number}，{_day(before)}发布）不见了。公开过的文件不能删除，"
        f"请从 git 恢复这个文件；确要撤下，恢复后运行 gongkai withdraw {before.number} --reason 原因"
    )
    return Finding(before.path, 1, "", "published-missing", message)


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


def _altered(before: Published, present: Decided) -> Iterator[Complaint]:
    record, decision = present.document.record, present.decision
    if record.published != before.published:
        yield "published", "published-changed", _changed_moment(before, record.published)
    elif decision.extent is Extent.NOTHING:
        message = (
            f"《{before.title}》{_day(before)}已经公开，现在却成了“{decision.reason}”，会从网站上消失。"
            f"请改回；确要撤下，请运行 gongkai withdraw {before.number} --reason 原因"
        )
        yield "disclosure", "published-hidden", message
    elif before.is_withdrawn and decision.extent is not Extent.TOMBSTONE:
        message = (
            f"《{before.title}》已经撤回，不能重新公开。请恢复“撤回”字段；内容要再公开的，请用新号另发一份"
        )
        yield "withdrawn", "withdrawal-undone", message
    elif before.has_body and decision.is_on_request:
        message = f"《{before.title}》的正文{_day(before)}已经公开，现在改为依申请公开，正文会撤下。请核对"
        yield "disclosure", "published-narrowed", message
    if (
        decision.extent is Extent.FULL
        and present.document.sha256 != before.sha256
        and decision.notes <= before.notes
    ):
        message = "本文件已经公开，内容有改动，却没有新的更正记录。请在“更正”里加上日期和说明"
        yield "changes", "change-unnoted", message


def _changed_moment(before: Published, now: datetime) -> str:
    kind = "提前" if now < before.published else "推后"
    return (
        f"发布时间公开后不能改：应为“{_moment(before.published)}”，实为“{_moment(now)}”（{kind}了）。请改回"
    )


def _fresh(document: Document, baseline: Baseline, since: date) -> Iterator[Complaint]:
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
        yield "published", "published-back-dated", message
    if day < record.created:
        message = (
            f"新文件的发布时间 {day} 早于生成日期 {record.created}，还没有形成就公开了。请改正其中一个日期"
        )
        yield "published", "published-before-created", message


def _at(document: Document, key: str, code: str, message: str, line_of: LineOf) -> Finding:
    return Finding(document.path, line_of(document.path, key), key, code, message)


def _day(before: Published) -> str:
    return before.published.date().isoformat()


def _moment(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S")
