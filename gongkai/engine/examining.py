"""What a check looks at: every document with what is remembered of it, or only those that changed."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser

from gongkai.catalogue.archive import open_archive
from gongkai.catalogue.attachments import public_files
from gongkai.catalogue.order import Decided
from gongkai.catalogue.sources import shown_path, take_inventory
from gongkai.checks.anchors import anchor_findings
from gongkai.checks.archive import Checked, check_push
from gongkai.checks.attached import SpotsOf, attached_findings
from gongkai.checks.baseline import touched
from gongkai.checks.judging import read_thoroughly
from gongkai.checks.links import dead_link_findings
from gongkai.checks.online import dead_links
from gongkai.checks.pictures import picture_findings
from gongkai.checks.settling import Settled, settled, together, unused
from gongkai.checks.survey import survey
from gongkai.engine.attached import remembering
from gongkai.engine.settings import Settings
from gongkai.memory.pool import Pool, Progress
from gongkai.pages.body import Converter
from gongkai.records.findings import Finding
from gongkai.records.reading import Document, body_of


class Scope(NamedTuple):
    """What was asked for: `since` is the commit to compare to, `is_narrow` to look at what changed alone."""

    since: str = ""
    is_narrow: bool = False
    is_online: bool = False


class Examined(NamedTuple):
    """`touched` are the paths, as findings name them, that a narrow check looked at; None for all."""

    checked: Checked
    settled: Settled
    touched: frozenset[str] | None

    def is_near(self, finding: Finding) -> bool:
        """Whether it was asked about; outside a narrow check's files only errors are, which stop a build anyway."""
        return self.touched is None or finding.path in self.touched or finding.is_error


def examine(
    settings: Settings, now: datetime, scope: Scope, *, memory: Path, pool: Pool, tell: Progress
) -> Examined:
    """Everything there is to find; raises HistoryError where there is no such commit.

    `memory` is the folder that remembers what was read; `tell` hears how many documents were.
    """
    docs_dir, site = settings.docs_dir, settings.site
    archive = open_archive(
        take_inventory(docs_dir), site, read_thoroughly, memory=memory, pool=pool, progress=tell
    )
    inventory = archive.inventory
    checked = check_push(archive, now, since=scope.since)
    changed = touched(inventory, since=scope.since) if scope.is_narrow else None
    looked_at = _looked_at(checked.decided, changed)
    spots_of = remembering(inventory, site, memory=memory / "attached", pool=pool)
    found = list(_beside(settings, checked, looked_at, now, spots_of))
    if changed is None:
        found += survey(checked.decided, site, now, checked.lines)
    if scope.is_online:
        found += dead_link_findings(looked_at, site, dead_links)
    paths = None if changed is None else frozenset(shown_path(docs_dir / path) for path in changed)
    return _settled(checked, found, settings, paths)


def _looked_at(everything: Sequence[Decided], touched: frozenset[str] | None) -> Sequence[Decided]:
    """The documents that are looked at: those touched themselves, or with a file that was."""
    if touched is None:
        return everything

    return [
        one
        for one in everything
        if one.document.path in touched or not touched.isdisjoint(public_files(one.document))
    ]


def _beside(
    settings: Settings,
    checked: Checked,
    looked_at: Sequence[Decided],
    now: datetime,
    spots_of: SpotsOf,
) -> Iterator[Finding]:
    """Findings on what lies beside the documents: attachments, pictures, the headings of others."""
    yield from attached_findings(looked_at, now, spots_of, checked.lines)
    yield from picture_findings(looked_at, settings.docs_dir, settings.site.checks)
    yield from anchor_findings(looked_at, checked.decided, _Anchors(settings))


class _Anchors:
    """Renders a document to see which anchors its page has."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def __call__(self, document: Document) -> frozenset[str]:

        converter = Converter(self._settings.extensions, self._settings.extension_configs)
        body = body_of((self._settings.docs_dir / document.path).read_bytes())
        html = converter.html(body, document, lambda _: None)
        found = (node.attributes for node in LexborHTMLParser(html).css("[id], a[name]"))
        return frozenset(name for given in found for key in ("id", "name") if (name := given.get(key)))


def _settled(
    checked: Checked, found: Sequence[Finding], settings: Settings, touched: frozenset[str] | None
) -> Examined:
    """Everything parted into what counts and what does not; of waivers that answer for nothing it is told last."""
    docs_dir, silence = settings.docs_dir, settings.site.checks.silence
    shown = [replace(finding, path=shown_path(docs_dir / finding.path)) for finding in found]
    both = together(checked.settled, settled(shown, checked.waivers, silence))
    lines = {
        shown_path(docs_dir / path): own["waivers"] for path, own in checked.lines.items() if "waivers" in own
    }
    idle = unused(checked.waivers, both.waived, lines)
    return Examined(checked, together(both, settled(idle, {}, silence)), touched)
