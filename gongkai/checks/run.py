"""The check run: the only way to check anything, for `check` and `register`, builds and pushes alike.

Rules are asked by what they look at; to what they find the run adds lines and paths as people see them, and then parts
what counts from what was waived or silenced.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

from gongkai.catalogue.archive import Archive, open_archive
from gongkai.catalogue.attachments import public_files
from gongkai.catalogue.order import Decided
from gongkai.catalogue.register import Claims
from gongkai.catalogue.sources import shown_path, take_inventory
from gongkai.checks.attached_files import is_looked_into
from gongkai.checks.baseline import Before, before_push, registered, touched
from gongkai.checks.protocol import (
    ArchiveRule,
    Compared,
    HistoryRule,
    Outcome,
    OutcomeRule,
    Reported,
    Waived,
    WebRule,
    Whole,
)
from gongkai.checks.readers import countable, read_guarded, read_thoroughly, spots_in_files
from gongkai.checks.rules import CODES, found
from gongkai.checks.waivers import Sorted, sort_out
from gongkai.memory.pool import Pool, Progress
from gongkai.records.disclosure import Extent, coming
from gongkai.records.findings import Finding
from gongkai.records.numbering import free_numbers
from gongkai.records.reading import Document
from gongkai.site import Site

AnchorsOf = Callable[[Document], frozenset[str]]


class Asked(NamedTuple):
    """What is asked of a run: everything that there is (`is_thorough`), or what a build must refuse.

    `since` is a commit to compare to beside the register, "" for the one that the present work began at, None for none.
    `is_narrow`: of warnings only those on what changed since then; `is_online`: other sites are asked too.
    """

    is_thorough: bool = False
    since: str | None = None
    is_narrow: bool = False
    is_online: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a run: each document that could be read with what of it is public, and every finding in its order.

    `waived` are findings that a document's waivers answer for, `silenced` has how many the settings keep silent about,
    by code. `claims` says which document was registered with which number; `touched` are the paths, as findings name
    them, that a narrow run looked at, None for all.
    """

    decided: tuple[Decided, ...]
    findings: tuple[Reported, ...]
    waived: tuple[Waived, ...] = ()
    silenced: Mapping[str, int] = field(default_factory=dict)
    claims: Claims = field(default_factory=dict)
    touched: frozenset[str] | None = None

    @property
    def documents(self) -> tuple[Document, ...]:
        return tuple(one.document for one in self.decided)

    @property
    def has_errors(self) -> bool:
        return any(finding.is_error for finding in self.findings)

    def is_asked(self, finding: Reported) -> bool:
        """Whether it was asked about; outside a narrow run's files only errors are, which stop a build anyway."""
        return self.touched is None or finding.path in self.touched or finding.is_error


def check_folder(  # noqa: PLR0913 - what a run may use, each by its name
    docs_dir: Path,
    site: Site,
    now: datetime,
    asked: Asked,
    *,
    memory: Path | None = None,
    pool: Pool | None = None,
    progress: Progress | None = None,
    anchors_of: AnchorsOf | None = None,
) -> Checked:
    """Everything under `docs_dir` read and checked; raises HistoryError where there is no such commit.

    `memory` is the folder that remembers what was read, None for none; `progress` is called with how many documents of
    how many are read.
    """
    archive = open_archive(
        take_inventory(docs_dir),
        site,
        read_thoroughly if asked.is_thorough else read_guarded,
        memory=memory,
        pool=pool,
        progress=progress,
    )
    return check_archive(archive, now, asked, pool=pool, anchors_of=anchors_of)


def check_archive(
    archive: Archive, now: datetime, asked: Asked, *, pool: Pool | None = None, anchors_of: AnchorsOf | None = None
) -> Checked:
    """An archive checked, which was read by one of `gongkai.checks.readers`; raises as `check_folder`.

    `anchors_of` gives the anchors of a document's page; without it links to headings are not checked.
    """
    past = registered(archive) if asked.since is None else before_push(archive, now, since=asked.since)
    changed = touched(archive.inventory, since=asked.since or "") if asked.is_narrow else None
    decided = archive.decided(now)
    whole = Whole(archive, now, decided, _looked_at(decided, changed), asked.is_narrow, anchors_of)
    run = _Run(whole, past, asked)
    counted = run.counted(run.findings(pool or Pool(None)))
    outcome = Outcome(whole, counted.findings, counted.waived, past.claims if asked.since is not None else None)
    counted = counted.and_also(run.counted(found(OutcomeRule, outcome, is_thorough=asked.is_thorough)))
    paths = None if changed is None else frozenset(map(whole.shown, changed))
    return Checked(decided, counted.findings, counted.waived, counted.silenced, past.claims, paths)


def _looked_at(decided: tuple[Decided, ...], changed: frozenset[str] | None) -> tuple[Decided, ...]:
    """The documents that are looked at: those touched themselves, or with a file that was."""
    if changed is None:
        return decided
    return tuple(
        one for one in decided if one.document.path in changed or not changed.isdisjoint(public_files(one.document))
    )


@dataclass(frozen=True)
class _Run:
    whole: Whole
    past: Before
    asked: Asked

    def findings(self, pool: Pool) -> Iterator[Finding]:
        """Everything that is found, as rules name it."""
        archive, is_thorough = self.whole.archive, self.asked.is_thorough
        for reading in archive.readings:
            yield from reading.findings
            yield from countable(reading, self.whole.now)
        yield from archive.defaults.findings
        yield from found(ArchiveRule, self.whole, is_thorough=is_thorough)
        yield from found(HistoryRule, self._compared(), is_thorough=is_thorough)
        yield from _in_files(self.whole, pool)
        if self.asked.is_online:
            yield from found(WebRule, self.whole, is_thorough=is_thorough)

    def counted(self, findings: Iterable[Finding]) -> Sorted:
        """`findings` as clerks read them, parted into what counts and what does not."""
        lines = _lines(self.whole.archive)
        reported = [reported_at(one, lines.get(one.path, {}), self.whole.docs_dir) for one in findings]
        waivers = {
            self.whole.shown(one.document.path): own
            for one in self.whole.decided
            if (own := one.document.record.waivers)
        }
        return sort_out(reported, waivers, self.whole.site.checks.silence)

    def _compared(self) -> Compared:
        code, year = self.whole.site.organisation.code, self.whole.now.year
        lines = _lines(self.whole.archive)

        def place_of(path: str, key: str) -> str:
            return f"{self.whole.shown(path)}:{lines[path].get(key, 1)}"

        numbers = free_numbers(code, year, partial(_used, self.whole, self.past))
        return Compared(self.whole, self.past, place_of, numbers)


def _lines(archive: Archive) -> Mapping[str, Mapping[str, int]]:
    """The lines of the fields of each document, by path."""
    return {reading.path: reading.lines for reading in archive.readings}


def _used(whole: Whole, past: Before) -> Iterator[str]:
    """Every number that is or was used, as far as is known."""
    yield from (one.document.record.index.text for one in whole.decided)
    yield from (claim.number for claim in past.claims.values())
    yield from past.ever()


def reported_at(finding: Finding, lines: Mapping[str, int], docs_dir: Path) -> Reported:
    """A finding as a clerk reads it; `lines` are those of the fields of its file."""
    line = finding.line or lines.get(finding.field, 1)
    path = shown_path(docs_dir / finding.path)
    return Reported(path, line, finding.field, finding.code, finding.message, CODES[finding.code])


def _in_files(whole: Whole, pool: Pool) -> Iterator[Finding]:
    """Findings on the files that go public with a body now or later."""
    files = {
        one.document.path: own
        for one in whole.looked_at
        if (own := _files(one.document)) and coming(one.document.record, whole.now).extent is Extent.FULL
    }
    if not files:
        return
    wanted = (path for own in files.values() for path in own)
    memory = whole.archive.memory and whole.archive.memory / "attached"
    spots = spots_in_files(wanted, whole.archive.inventory, whole.site, memory=memory, pool=pool)
    for path, own in files.items():
        for file in own:
            for spot in spots[file]:
                message = f"附件“{file.rpartition('/')[2]}”{spot.message}"
                yield Finding(path, "attachments", spot.code, message)


def _files(document: Document) -> list[str]:
    if not (document.record.attachments or document.links):
        return []
    return sorted(filter(is_looked_into, public_files(document)))
