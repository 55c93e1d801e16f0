"""What is public, in its order, and grouped as readers browse it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from hooks.records.disclosure import Decision, Extent, decide
from hooks.records.reading import Document
from hooks.records.record import Record


@dataclass(frozen=True, slots=True)
class PublicDocument:
    """A document that leaves a trace in public, and how much of one."""

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
    def is_hidden(self) -> bool:
        return self.decision.extent is Extent.NOTHING

    @property
    def year(self) -> int:
        """The year it was published in, by which it is filed for ever."""
        return self.record.published.year


def public_documents(documents: Iterable[Document], now: datetime) -> tuple[PublicDocument, ...]:
    """Whatever may be seen of `documents` at `now`, newest first."""
    decided = (PublicDocument(document, decide(document.record, now)) for document in documents)
    return newest_first(public for public in decided if not public.is_hidden)


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
