"""The register (登记簿) of everything ever published: `docs/.register/<year>.jsonl`.

A line for each first publication and for each change of state after it; lines are only ever added, each a whole picture
of its document, so that git can merge two branches' lines in any order (`merge=union`). A number belongs to the document
that was registered with it first. Files are by the year in which a line was written: those of past years stay as they
are.
"""

import fcntl
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import ClassVar, Literal

from pydantic import AwareDatetime, ConfigDict, TypeAdapter, ValidationError

from gongkai.catalogue.order import PublicDocument, decided, public_documents
from gongkai.catalogue.sources import REGISTER, FolderDefaults, folder_of, read_source
from gongkai.memory.files import write_atomically

ATTRIBUTES = "# 两个分支各加的行，合并时都保留\n*.jsonl merge=union text eol=lf\n"
PUBLIC, WITHDRAWN = "公开", "已撤回"

FIRSTS = ("published", "imported")
#: What a line tells of; the last four, the weightiest first, only of a document that has one of the first two.
Event = Literal["published", "imported", "withdrawn", "moved", "changed", "state"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A line: what `event` left of a document. `recorded` is when the line was written, `published` is 发布时间.

    `was` is the path before a move; `instead_of` is the number that the document had registered first, and which was
    another's; `notes` is how many changes (更正) the document told of; `state` is how lists mark
    it, 公开 where they do not.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    number: str
    event: Event
    recorded: AwareDatetime
    path: str
    title: str
    created: date
    published: AwareDatetime
    sha256: str
    state: str
    notes: int = 0
    was: str = ""
    reason: str = ""
    instead_of: str = ""


_ENTRY = TypeAdapter(Entry)


@dataclass(frozen=True, slots=True)
class Claim:
    """A number's document, from its first line to its last; `paths` are all that it stood at, oldest first."""

    first: Entry
    latest: Entry
    paths: tuple[str, ...]

    @property
    def number(self) -> str:
        return self.latest.number


#: By number, in one case.
Claims = Mapping[str, Claim]


class BrokenRegisterError(ValueError):
    """A file of the register cannot be read; the arguments are its path relative to docs/, the line, and why."""

    def __str__(self) -> str:
        path, line, why = self.args
        return f"{path}:{line}: {why}"


def register_files(docs_dir: Path) -> tuple[Path, ...]:
    return tuple(sorted((docs_dir / REGISTER).glob("*.jsonl")))


def is_register(path: str) -> bool:
    """Whether a path relative to docs/ is a file of the register."""
    return path.startswith(f"{REGISTER}/") and path.endswith(".jsonl")


def read_register(docs_dir: Path) -> tuple[Entry, ...]:
    """Every line of the register of `docs_dir`; raises BrokenRegisterError."""
    found: list[Entry] = []
    for file in register_files(docs_dir):
        found += parse_register(file.read_bytes(), file.relative_to(docs_dir).as_posix())
    return tuple(found)


def parse_register(data: bytes, path: str) -> Iterator[Entry]:
    """The lines of one file; raises BrokenRegisterError naming it as `path`."""
    for number, line in enumerate(data.split(b"\n"), 1):
        if line.strip():
            try:
                yield _ENTRY.validate_json(line)
            except ValidationError:
                raise BrokenRegisterError(path, number, _why(line)) from None


def _why(line: bytes) -> str:
    if line.startswith((b"<<<<<<<", b"|||||||", b"=======", b">>>>>>>")):
        return "有合并冲突的标记。两边的行都要保留，只删去这几行标记"
    return "这一行读不出来。登记簿由 gongkai register 续写，不要手工改；请从 git 恢复这一行"


def claims(entries: Iterable[Entry], *, arrived: frozenset[Entry] = frozenset()) -> Claims:
    """Each number's document. A second document that was registered with a number has no claim to it.

    `arrived` are lines that were in the repository before the others, whenever those were written: of two clerks who
    registered one number at once, the one who pushed first has it.
    """
    known = tuple(entries)
    given_up = {(entry.instead_of.casefold(), entry.path) for entry in known if entry.instead_of}
    found: dict[str, Claim] = {}
    for entry in sorted(known, key=lambda one: (one not in arrived, one.recorded, *_tie(one))):
        key = entry.number.casefold()
        claim = found.get(key)
        if (key, entry.path) in given_up:
            continue
        if claim is None:
            found[key] = Claim(entry, entry, (entry.path,))
        elif claim.latest.path in (entry.path, entry.was):
            found[key] = Claim(claim.first, entry, _moved(claim, entry))
    return found


def _tie(entry: Entry) -> tuple[bool, str]:
    """What orders lines of one second, whatever their order in the file."""
    return entry.event not in FIRSTS, repr(entry)


def without_claim(entries: Iterable[Entry], known: Claims) -> Mapping[str, str]:
    """The numbers that were registered though they are another's, by the path of who did so."""
    holders = ((entry, known.get(entry.number.casefold())) for entry in entries if entry.event in FIRSTS)
    return {entry.path: entry.number for entry, claim in holders if claim and entry.path not in claim.paths}


def _moved(known: Claim, entry: Entry) -> tuple[str, ...]:
    return (*(path for path in known.paths if path != entry.path), entry.path)


def entry_of(public: PublicDocument, *, event: Event, now: datetime) -> Entry:
    """The line that tells how `public` stands at `now`."""
    record = public.record
    return Entry(
        number=record.index.text,
        event=event,
        recorded=now.replace(microsecond=0),
        path=public.document.path,
        title=record.title,
        created=record.created,
        published=record.published,
        sha256=public.document.sha256,
        state=public.decision.mark or PUBLIC,
        notes=len(record.changes),
        reason=record.withdrawn.reason if record.withdrawn else record.status.reason,
    )


def due(
    documents: Iterable[PublicDocument],
    known: Claims,
    *,
    now: datetime,
    first: Event = "published",
    lost: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Entry]:
    """The lines that the register lacks.

    `first` is the event of documents that it does not know, `lost` what `without_claim` tells of them.
    """
    for public in sorted(documents, key=lambda one: one.document.path):
        claim = known.get(public.record.index.text.casefold())
        if claim is None:
            instead_of = lost.get(public.document.path, "")
            yield replace(entry_of(public, event=first, now=now), instead_of=instead_of)
            continue
        fresh = entry_of(public, event="state", now=now)
        event = _event(claim.latest, fresh)
        if event:
            yield replace(fresh, event=event, was=claim.latest.path if fresh.path != claim.latest.path else "")


def _event(old: Entry, new: Entry) -> Event | None:
    """The weightiest of what happened between two states, None where nothing did."""
    if new.state == WITHDRAWN != old.state:
        return "withdrawn"
    if new.path != old.path:
        return "moved"
    if new.sha256 != old.sha256:
        return "changed"
    return "state" if new.state != old.state else None


def enter(defaults: FolderDefaults, paths: Iterable[str], *, event: Event, now: datetime) -> tuple[Entry, ...]:
    """Write the lines that the register lacks of documents just written at `paths`, relative to docs/.

    None where the bureau keeps no register. Raises BrokenRegisterError.
    """
    docs_dir, zone = defaults.docs_dir, defaults.zone
    if not register_files(docs_dir):
        return ()
    readings = (read_source(docs_dir, path, defaults.of(folder_of(path)), zone) for path in paths)
    documents = decided((reading.document for reading in readings if reading.document), now)
    known = claims(read_register(docs_dir))
    lines = tuple(due(public_documents(documents), known, now=now, first=event))
    if lines:
        append(docs_dir, lines)
    return lines


def append(docs_dir: Path, entries: Sequence[Entry]) -> Path:
    """Add `entries` (at least one) to the register, in one step; the file they went to."""
    folder = docs_dir / REGISTER
    folder.mkdir(exist_ok=True)
    attributes = folder / ".gitattributes"
    if not attributes.exists():
        attributes.write_text(ATTRIBUTES, "utf-8")
    file = folder / f"{entries[0].recorded.year}.jsonl"
    with _alone(folder):
        for left in folder.glob(".*.tmp"):  # by a run that was killed
            left.unlink()
        _extend(file, entries)
    return file


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One writer at a time."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _extend(file: Path, entries: Sequence[Entry]) -> None:
    before = file.read_bytes() if file.exists() else b""
    if before and not before.endswith(b"\n"):
        before += b"\n"
    write_atomically(file, before + b"".join(map(_line, entries)))


def _line(entry: Entry) -> bytes:
    """What is empty is left out."""
    return _ENTRY.dump_json(entry, exclude_defaults=True) + b"\n"
