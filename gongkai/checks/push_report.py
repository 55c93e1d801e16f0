"""The push report (推送报告): what a push makes public, what it changes, and what it takes from view.

Two states of the documents are compared as the public would see both at one instant, so whatever time alone brings
about is not laid at the push's door. What will become public by itself later, and what stays hidden and why, is told
too: a clerk who believes a draft published finds out here.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final, NamedTuple

from gongkai.catalogue.attachments import public_files
from gongkai.catalogue.order import Decided
from gongkai.records.disclosure import Extent, decide, public_part
from gongkai.records.reading import Document
from gongkai.records.record import Record
from gongkai.records.vocabulary import FIELDS


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


@dataclass(frozen=True, slots=True)
class Archive:
    """Documents as they are at one commit; `body_of` gives the body of the one at a path."""

    decided: Sequence[Decided]
    body_of: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class PushReport:
    """What a push does, item by item in the order of paths; documents that it leaves alone are not there."""

    items: tuple[Item, ...] = ()

    def of(self, fate: Fate) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.fate is fate)


def push_report(
    before: Archive, after: Archive, now: datetime, *, files: frozenset[str] = frozenset()
) -> PushReport:
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
    items += (_gone(one) for one in before.decided if _key(one) not in met and not one.is_hidden)
    return PushReport(tuple(sorted(items, key=lambda item: (item.path, item.number))))


@dataclass(frozen=True, slots=True)
class _Pair:
    """A document before, where there was one, and after."""

    old: Decided | None
    new: Decided
    before: Archive
    after: Archive
    files: frozenset[str]


def _key(one: Decided) -> str:
    return one.document.record.index.text.casefold()


def _item(fate: Fate, document: Document, details: Iterable[str], *, has_page: bool = True) -> Item:
    record = document.record
    url = document.url if has_page else ""
    return Item(fate, record.index.text, record.title, document.path, url, tuple(details))


def _gone(one: Decided) -> Item:
    return _item(Fate.DISAPPEARS, one.document, ["文件不在了"], has_page=False)


def _fate(pair: _Pair, now: datetime) -> Iterator[Item]:
    """Nothing where the push makes no difference."""
    document, decision = pair.new.document, pair.new.decision
    was = pair.old.decision.extent.rank if pair.old else 0
    level = decision.extent.rank
    if level == 0 and was == 0:
        if _differs(pair):
            yield _unseen(document, now)
    elif level < was:
        yield _item(Fate.DISAPPEARS, document, [decision.reason], has_page=level > 0)
    elif level > was:
        yield _item(Fate.APPEARS, document, _as_published(pair.new))
    elif pair.old and (details := tuple(_differences(pair.old, pair))):
        yield _item(Fate.CHANGES, document, details)


def _differs(pair: _Pair) -> bool:
    return pair.old is None or pair.old.document.origin != pair.new.document.origin


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
    "withdrawn": lambda record: (
        f"{record.withdrawn.date} {record.withdrawn.reason}" if record.withdrawn else ""
    ),
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
    changed = [
        code for code in SequenceMatcher(None, old, new, autojunk=False).get_opcodes() if code[0] != "equal"
    ]
    if changed:
        lost = sum(len("".join(old[start:end])) for _, start, end, _, _ in changed)
        gained = sum(len("".join(new[start:end])) for _, _, _, start, end in changed)
        yield f"正文有改动（所改各段原有 {lost} 字，现有 {gained} 字）"


def _lines(text: str) -> list[str]:
    return [squeezed for line in text.split("\n") if (squeezed := "".join(line.split()))]
