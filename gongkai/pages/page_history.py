"""The history that a document's page prints: its first publication and each later change, with the commit of each.

The commits come from git (`catalogue.history`); their messages and authors are the bureau's own and are never printed,
nor is anything from before the document was public.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from itertools import groupby

from gongkai.catalogue.history import History, Version
from gongkai.catalogue.order import PublicDocument

_SHOWN_DIGITS = 10
UNNOTED = "内容有改动，没有附说明"
STORED = "存入版本库"
UNSAVED = "当前内容还没有存入版本库。"
CUT_OFF = "生成网站时只取了最近的版本记录，更早的改动可能没有列出。"


@dataclass(frozen=True, slots=True)
class Event:
    """A line of the history: the day, what happened, and the commit's first ten digits, "" where none is known."""

    day: str
    words: str
    commit: str = ""


@dataclass(frozen=True, slots=True)
class PageHistory:
    """The history as printed, oldest first, and what is not known of it (sentences)."""

    events: tuple[Event, ...]
    unknown: tuple[str, ...] = ()


def page_history(public: PublicDocument, versions: Sequence[Version], history: History) -> PageHistory:
    """The history of `public`, whose file has had `versions`, oldest first."""
    record = public.record
    published = record.published
    first_words = f"首次公开（{published:%H:%M}）"
    if not public.has_body:
        events = [Event(published.date().isoformat(), first_words)]
        if record.withdrawn:
            events.append(Event(record.withdrawn.date.isoformat(), "撤回"))
        return PageHistory(tuple(events))
    before = [version for version in versions if version.moment <= published.timestamp()]
    after = [version for version in versions if version.moment > published.timestamp()]
    first = before[-1].commit[:_SHOWN_DIGITS] if before else ""
    events = [Event(published.date().isoformat(), first_words, first)]
    stored = []
    if not before and after and not history.is_shallow:
        stored.append(Event(_day(after[0], published.tzinfo), STORED, after[0].commit[:_SHOWN_DIGITS]))
        after = after[1:]
    later = sorted([*stored, *_changes(public, after)], key=lambda event: event.day)
    return PageHistory((*events, *later), tuple(_unknown(public, versions, history)))


def _changes(public: PublicDocument, versions: Sequence[Version]) -> list[Event]:
    """The notes and the versions: the notes of a day go with the first version of that day or later."""
    zone = public.record.published.tzinfo
    left = list(versions)
    events = []
    for day, changes in groupby(public.record.changes, key=lambda change: change.date.isoformat()):
        version = next((one for one in left if _day(one, zone) >= day), None)
        if version:
            left.remove(version)
        commit = version.commit[:_SHOWN_DIGITS] if version else ""
        events += [Event(day, change.note, commit) for change in changes]
    return events + [Event(_day(one, zone), UNNOTED, one.commit[:_SHOWN_DIGITS]) for one in left]


def _unknown(public: PublicDocument, versions: Sequence[Version], history: History) -> Iterable[str]:
    if history.is_shallow:
        yield CUT_OFF
    if history.head and not history.is_shallow and not _is_saved(public, versions):
        yield UNSAVED


def _is_saved(public: PublicDocument, versions: Sequence[Version]) -> bool:
    return bool(versions) and versions[-1].blob == public.document.blob.hex()


def _day(version: Version, zone: tzinfo | None) -> str:
    return datetime.fromtimestamp(version.moment, UTC).astimezone(zone).date().isoformat()
