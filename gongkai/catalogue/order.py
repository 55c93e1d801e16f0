"""What is public, in its order: which document replaces which, and what is said of one that no longer holds."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import NamedTuple

from gongkai.records.disclosure import Decision, Extent, decide, public_part
from gongkai.records.reading import Document
from gongkai.records.record import Record
from gongkai.records.values import Status

_NO_LONGER: Mapping[Status, str] = {Status.REPEALED: "废止", Status.EXPIRED: "失效", Status.AMENDED: "修改"}


@dataclass(frozen=True, slots=True)
class Decided:
    """A document, public or not, and how much of it is."""

    document: Document
    decision: Decision

    @property
    def is_hidden(self) -> bool:
        return self.decision.extent is Extent.NOTHING


@dataclass(frozen=True, slots=True)
class PublicDocument:
    """A document that leaves a trace in public: its public part, and how much that is.

    Outputs are made of these alone, so what a decision withholds is out of their reach; only the body is still in the
    source's file, for `has_body`.
    """

    document: Document
    decision: Decision

    @property
    def record(self) -> Record:
        return self.document.record

    @property
    def url(self) -> str:
        return self.document.url

    @property
    def has_body(self) -> bool:
        return self.decision.extent is Extent.FULL

    @property
    def is_withdrawn(self) -> bool:
        return self.decision.extent is Extent.TOMBSTONE

    @property
    def validity(self) -> Status:
        return self.decision.validity

    @property
    def year(self) -> int:
        """The year it was published in, by which it is filed for ever."""
        return self.record.published.year

    @property
    def references(self) -> tuple[str, ...]:
        """The index numbers that it names."""
        return (*self.record.replaces, *filter(None, (self.record.replaced_by,)))

    @property
    def updated(self) -> datetime:
        """When what the public sees of it last changed, as far as its record says; a day counts from its beginning."""
        record = self.record
        days: list[date] = [change.date for change in record.changes]
        if record.withdrawn:
            days.append(record.withdrawn.date)
        if record.status.since:
            days.append(record.status.since)
        moments = (datetime.combine(day, time.min, record.published.tzinfo) for day in days)
        return max((record.published, *moments)) if days else record.published


def decided(documents: Iterable[Document], now: datetime) -> tuple[Decided, ...]:
    """Each of `documents` with the decision on it at `now`."""
    return tuple(Decided(document, decide(document.record, now)) for document in documents)


def public_documents(everything: Iterable[Decided]) -> tuple[PublicDocument, ...]:
    """Whatever may be seen of `everything`, newest first; no document names one that may not."""
    judged = tuple(everything)
    hidden = frozenset(one.document.record.index.text.casefold() for one in judged if one.is_hidden)
    return newest_first(_public(one, hidden) for one in judged if not one.is_hidden)


def _public(one: Decided, hidden: frozenset[str]) -> PublicDocument:
    record = one.document.record
    part = public_part(record, one.decision)
    if part.replaces or part.replaced_by:
        part = _without(part, hidden)
    return PublicDocument(one.document if part is record else one.document._replace(record=part), one.decision)


def _without(record: Record, hidden: frozenset[str]) -> Record:
    """`record` without references to the numbers of `hidden` documents."""
    replaces = tuple(number for number in record.replaces if number.casefold() not in hidden)
    replaced_by = "" if record.replaced_by.casefold() in hidden else record.replaced_by
    return record.model_copy(update={"replaces": replaces, "replaced_by": replaced_by})


def newest_first(documents: Iterable[PublicDocument]) -> tuple[PublicDocument, ...]:
    """By 发布时间, then index number: a total order, the same on every machine."""
    return tuple(sorted(documents, key=lambda d: (d.record.published, d.record.index), reverse=True))


def grouped(
    documents: Iterable[PublicDocument], key: Callable[[PublicDocument], str]
) -> Mapping[str, tuple[PublicDocument, ...]]:
    """`documents` by `key`, their order kept; those whose key is empty are left out."""
    groups: dict[str, list[PublicDocument]] = {}
    for document in documents:
        if name := key(document):
            groups.setdefault(name, []).append(document)
    return {name: tuple(members) for name, members in groups.items()}


class Related(NamedTuple):
    """A document named by another: `is_successor` replaces it, else it is replaced by it.

    `title` and `address` (relative to the site's root) are empty where no public document has the number.
    """

    number: str
    is_successor: bool
    title: str = ""
    address: str = ""


#: By path of the document that names them.
Relations = Mapping[str, tuple[Related, ...]]


def relations(documents: Iterable[PublicDocument]) -> Relations:
    """The relations of those of `documents` that have any; successors first, each in the order of numbers."""
    everything = tuple(documents)
    pairs = [pair for public in everything for pair in _replacements(public)]
    if not pairs:
        return {}
    by_number = {public.record.index.text.casefold(): public for public in everything}
    found: dict[str, dict[tuple[bool, str], Related]] = {}
    for own, number, is_successor in pairs:
        for here, there, leads_on in ((own, number, is_successor), (number, own, not is_successor)):
            public, other = by_number.get(here.casefold()), by_number.get(there.casefold())
            if public is not None and here.casefold() != there.casefold():
                related = _related(there, leads_on, other)
                found.setdefault(public.document.path, {})[not leads_on, there.casefold()] = related
    return {path: tuple(known[key] for key in sorted(known)) for path, known in found.items()}


def _replacements(public: PublicDocument) -> Iterator[tuple[str, str, bool]]:
    own = public.record.index.text
    yield from ((own, number, False) for number in public.record.replaces)
    if public.record.replaced_by:
        yield own, public.record.replaced_by, True


def _related(number: str, is_successor: bool, other: PublicDocument | None) -> Related:
    if other is None:
        return Related(number, is_successor)
    return Related(other.record.index.text, is_successor, other.record.title, other.url)


def validity_notice(public: PublicDocument) -> str:
    """“本文件已于2026-01-31废止：…。”, with day and reason where the record has them; "" for a document in force.

    Where 时效 has neither, those of the last change are taken, because clerks write them there.
    """
    word = _NO_LONGER.get(public.validity)
    if word is None or not public.has_body:
        return ""
    status = public.record.status
    day, reason = status.since, status.reason
    if day is None and not reason and public.record.changes:
        day, reason = public.record.changes[-1].date, public.record.changes[-1].note
    when = f"于{day.isoformat()}" if day else ""
    return f"本文件已{when}{word}" + (f"：{reason.rstrip('。')}。" if reason else "。")
