"""The push report (推送报告): what a push makes public, what it changes, and what it takes from view.

Two states of the documents are compared as the public would see both at one instant, so whatever time alone brings
about is not laid at the push's door. What will become public by itself later, and what stays hidden and why, is told
too: a clerk who believes a draft published finds out here.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from gongkai.catalogue.attachments import is_markdown, public_files
from gongkai.catalogue.history import HistoryError, base_of, changed_since, commit_of, repository_of, unknown_to
from gongkai.catalogue.order import Decided, decided
from gongkai.catalogue.sources import DEFAULTS
from gongkai.checks.baseline import below_changed_defaults, documents_at
from gongkai.records.disclosure import Extent, decide, public_part
from gongkai.records.reading import Document, body_of
from gongkai.records.record import Record
from gongkai.records.vocabulary import FIELDS
from gongkai.site import Site


class Fate(StrEnum):
    """What a push does to a document."""

    APPEARS = "appears"
    CHANGES = "changes"
    DISAPPEARS = "disappears"
    SCHEDULED = "scheduled"
    STAYS_HIDDEN = "hidden"


class Item(NamedTuple):
    """A document and its fate; `details` are what happens to it, in words.

    `path` is relative to docs/, `url` to the site's root, "" where there is no page of it after the push.
    """

    fate: Fate
    number: str
    title: str
    path: str
    url: str
    details: tuple[str, ...]


#: So many items of a kind are told one by one; who imports ten thousand documents has their number.
MOST: Final = 30

HEADINGS: Final = {
    Fate.APPEARS: "将要公开",
    Fate.CHANGES: "公开的内容有变化",
    Fate.DISAPPEARS: "不再公开",
    Fate.SCHEDULED: "到时自动公开",
    Fate.STAYS_HIDDEN: "不公开",
}
_NOTHING: Final = "这次推送不改变公众看到的内容。"
_MARKUP: Final = re.compile(r"[\\`*_{}\[\]<>()#|@&~!:]")


@dataclass(frozen=True, slots=True)
class State:
    """Documents as they are at one commit; `body_of` gives the body of the one at a path."""

    decided: Sequence[Decided]
    body_of: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class PushReport:
    """What a push does, item by item in the order of paths; documents that it leaves alone are not there."""

    items: tuple[Item, ...] = ()

    def of(self, fate: Fate) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.fate is fate)


def report_since(
    docs_dir: Path, site: Site, now: datetime, present: Sequence[Decided], *, since: str = ""
) -> PushReport:
    """What changed for the public between the commit `since` and `present`, the documents that are there now.

    "" stands for the commit that the present work began at. Raises HistoryError where there is none to compare with.
    """
    repository = repository_of(docs_dir)
    if repository is None:
        raise HistoryError(f"{docs_dir} 不在 git 仓库里，没有以前的状态可比")
    if not (since or repository.head):
        return everything_new(docs_dir, present, now)
    commit, _ = commit_of(repository, since or base_of(repository))
    changed = changed_since(repository, commit)
    paths = [one.document.path for one in present]
    changed |= dict.fromkeys(unknown_to(repository, commit, paths))
    old = decided(documents_at(repository, changed, site, paths), now)
    files = frozenset(path for path in changed if not is_markdown(path))
    touched = {*changed, *below_changed_defaults(paths, changed), *(one.document.path for one in old)}
    new = [one for one in present if one.document.path in touched or _shows(one, files)]
    before = [*old, *(one for one in new if one.document.path not in touched)]
    was, now_is = partial(_old_body, docs_dir, changed), partial(_present_body, docs_dir)
    return push_report(State(before, was), State(new, now_is), now, files=files)


def everything_new(docs_dir: Path, present: Sequence[Decided], now: datetime) -> PushReport:
    """What a first push does."""
    body = partial(_present_body, docs_dir)
    return push_report(State((), body), State(present, body), now)


def _shows(one: Decided, files: frozenset[str]) -> bool:
    names = {path for path in files if path.rpartition("/")[2] != DEFAULTS}
    return bool(names) and not one.is_hidden and not names.isdisjoint(public_files(one.document))


def _present_body(docs_dir: Path, path: str) -> str:
    return body_of((docs_dir / path).read_bytes())


def _old_body(docs_dir: Path, changed: Mapping[str, bytes | None], path: str) -> str:
    """The body that the commit had; one that is not among what changed is still there."""
    data = changed.get(path)
    return body_of(data) if data is not None else _present_body(docs_dir, path)


def push_report(before: State, after: State, now: datetime, *, files: frozenset[str] = frozenset()) -> PushReport:
    """What becomes of each document that `before` or `after` has; `files` are the other files that changed.

    Documents belong together by their number, or by their path where a number was changed.
    """
    old_by_number = {_key(one): one for one in before.decided}
    old_by_path = {one.document.path: one for one in before.decided}
    numbers = {_key(one) for one in after.decided}
    met: set[str] = set()
    items: list[Item] = []
    for one in after.decided:
        old = old_by_number.get(_key(one)) or old_by_path.get(one.document.path)
        if old and _key(old) != _key(one) and _key(old) in numbers:
            old = None
        if old:
            met.add(_key(old))
        items += _fate(_Pair(old, one, before, after, files), now)
    items += (
        _item(Fate.DISAPPEARS, one.document, ["文件不在了"], has_page=False)
        for one in before.decided
        if _key(one) not in met and not one.is_hidden
    )
    return PushReport(tuple(sorted(items, key=lambda item: (item.path, item.number))))


@dataclass(frozen=True, slots=True)
class _Pair:
    """A document before, where there was one, and after."""

    old: Decided | None
    new: Decided
    before: State
    after: State
    files: frozenset[str]


def _key(one: Decided) -> str:
    return one.document.record.index.text.casefold()


def _item(fate: Fate, document: Document, details: Iterable[str], *, has_page: bool = True) -> Item:
    record = document.record
    url = document.url if has_page else ""
    return Item(fate, record.index.text, record.title, document.path, url, tuple(details))


def _fate(pair: _Pair, now: datetime) -> Iterator[Item]:
    """Nothing where the push makes no difference."""
    document, decision = pair.new.document, pair.new.decision
    was = pair.old.decision.extent.rank if pair.old else 0
    level = decision.extent.rank
    if level == 0 and was == 0:
        if pair.old is None or pair.old.document.origin != document.origin:
            yield _unseen(document, now)
    elif level < was:
        yield _item(Fate.DISAPPEARS, document, [decision.reason], has_page=level > 0)
    elif level > was:
        yield _item(Fate.APPEARS, document, _as_published(pair.new))
    elif pair.old and (details := tuple(_differences(pair.old, pair))):
        yield _item(Fate.CHANGES, document, details)


def _unseen(document: Document, now: datetime) -> Item:
    """Hidden now: until its 发布时间, or for good."""
    published = document.record.published
    then = decide(document.record, max(now, published))
    if then.extent is Extent.NOTHING:
        return _item(Fate.STAYS_HIDDEN, document, [then.reason], has_page=False)
    return _item(Fate.SCHEDULED, document, [f"到 {published:%Y-%m-%d %H:%M} 自动公开"], has_page=False)


def _as_published(one: Decided) -> Iterator[str]:
    if one.decision.extent is Extent.FULL:
        files = len(public_files(one.document))
        yield "公开正文" + (f"和 {files} 个附件或图片" if files else "")
    else:
        yield one.decision.reason
    last_day = one.document.record.term.last_day
    if last_day and one.decision.extent is Extent.FULL:
        yield f"限时公开，{last_day} 之后正文撤下"


def _differences(old: Decided, pair: _Pair) -> Iterator[str]:
    """What the public sees of the document that is another after the push."""
    new, before = pair.new.document, old.document
    if before.url != new.url:
        yield f"网址由 /{before.url} 改为 /{new.url}，旧网址自动转到新网址"
    yield from _fields(public_part(before.record, old.decision), public_part(new.record, pair.new.decision))
    if pair.new.decision.extent is not Extent.FULL:
        return
    if before.sha256 != new.sha256:
        yield from _body(pair.before.body_of(before.path), pair.after.body_of(new.path))
    touched = sorted(public_files(new) & pair.files)
    if touched:
        yield f"附件或图片换了内容：{'、'.join(path.rpartition('/')[2] for path in touched)}"


def _fields(old: Record, new: Record) -> Iterator[str]:
    for name in FIELDS:
        was, now = _printed(old, name.key), _printed(new, name.key)
        if was != now:
            yield f"{name.label}：{was or '（空）'} → {now or '（空）'}"


#: How a field whose value is no plain text reads in a line of words.
_PRINTED: Final[Mapping[str, Callable[[Record], str]]] = {
    "changes": lambda record: "；".join(f"{change.date} {change.note}" for change in record.changes),
    "attachments": lambda record: "、".join(one.title or one.file for one in record.attachments),
    "withdrawn": lambda record: f"{record.withdrawn.date} {record.withdrawn.reason}" if record.withdrawn else "",
    "status": lambda record: str(record.status.state),
    "index": lambda record: record.index.text,
    "term": lambda record: record.term.text,
    "published": lambda record: record.published.strftime("%Y-%m-%d %H:%M:%S"),
}


def _printed(record: Record, key: str) -> str:
    if key in _PRINTED:
        return _PRINTED[key](record)
    value: object = getattr(record, key)
    return "、".join(map(str, value)) if isinstance(value, tuple) else str(value or "")


def _body(was: str, now: str) -> Iterator[str]:
    """How many characters a body gained and lost, line by line, blanks left aside."""
    old, new = _lines(was), _lines(now)
    changed = [code for code in SequenceMatcher(None, old, new, autojunk=False).get_opcodes() if code[0] != "equal"]
    if changed:
        lost = sum(len("".join(old[start:end])) for _, start, end, _, _ in changed)
        gained = sum(len("".join(new[start:end])) for _, _, _, start, end in changed)
        yield f"正文有改动（所改各段原有 {lost} 字，现有 {gained} 字）"


def _lines(text: str) -> list[str]:
    return [squeezed for line in text.split("\n") if (squeezed := "".join(line.split()))]


def as_text(report: PushReport, *, site: str = "", preview: str = "") -> str:
    """Lines for a terminal; `site` and `preview` are addresses that pages stand below, "" where there are none."""
    lines = [_NOTHING] if not report.items else []
    for fate, heading in HEADINGS.items():
        items = report.of(fate)
        if items:
            lines.append(f"{heading}（{len(items)} 件）：")
            lines += [f"  {line}" for item in items[:MOST] for line in _item_lines(item, _below(preview or site, item))]
            lines += [f"  ……还有 {len(items) - MOST} 件"] if len(items) > MOST else []
    return "\n".join(lines)


def _item_lines(item: Item, address: str) -> Iterator[str]:
    yield f"《{item.title}》（{item.number}）docs/{item.path}"
    yield from (f"    {detail}" for detail in item.details)
    if address:
        yield f"    {address}"


def as_markdown(report: PushReport, *, site: str = "", preview: str = "") -> str:
    """A comment on a merge request; nothing in a title or a field can act as markup there."""
    blocks = ["### 推送报告"]
    if preview:
        blocks.append(f"预览：<{preview}>（只有知道网址的人能看到，不会被搜索引擎收录）")
    if not report.items:
        blocks.append(_NOTHING)
    for fate, heading in HEADINGS.items():
        items = report.of(fate)
        if items:
            rows = [_entry(item, _below(preview or site, item)) for item in items[:MOST]]
            rows += [f"- ……还有 {len(items) - MOST} 件"] if len(items) > MOST else []
            blocks.append(f"**{heading}（{len(items)} 件）**\n\n" + "\n".join(rows))
    return "\n\n".join(blocks) + "\n"


def _entry(item: Item, address: str) -> str:
    title = f"《{_unmarked(item.title)}》"
    shown = f"[{title}](<{address}>)" if address else title
    details = "；".join(_unmarked(detail) for detail in item.details)
    return f"- {shown}（{_unmarked(item.number)}），docs/{_unmarked(item.path)}：{details}"


def _below(base: str, item: Item) -> str:
    return f"{base.rstrip('/')}/{item.url}" if base and item.url else ""


def _unmarked(text: str) -> str:
    """Text in which no character is markup, a mention or a reference; each becomes one of HTML's."""
    return _MARKUP.sub(lambda mark: f"&#{ord(mark[0])};", " ".join(text.split()))
