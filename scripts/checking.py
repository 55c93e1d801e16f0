"""What `gongkai check` looks at: every document with what is remembered of it, or only those that changed."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from scripts.cache import cache_of, forget_what_is_gone

if TYPE_CHECKING:
    from datetime import datetime

    from hooks.catalogue.order import Decided
    from hooks.catalogue.sources import Inventory
    from hooks.checks.archive import Checked
    from hooks.checks.attached import SpotsOf
    from hooks.checks.settling import Settled
    from hooks.engine.settings import Settings
    from hooks.records.findings import Finding
    from hooks.records.reading import Document


class Scope(NamedTuple):
    """What was asked for: `since` is the commit to compare to, `is_narrow` to look at what changed alone."""

    since: str
    is_narrow: bool
    is_online: bool


class Examined(NamedTuple):
    """`touched` are the paths, as findings name them, that a narrow check looked at; None for all."""

    checked: "Checked"
    settled: "Settled"
    touched: frozenset[str] | None


def examine(settings: "Settings", now: "datetime", scope: Scope) -> Examined:
    """Everything there is to find; raises HistoryError where there is no such commit."""
    from hooks.catalogue.sources import FolderDefaults, shown_path, take_inventory
    from hooks.checks.archive import check_push
    from hooks.engine.attached import remembering
    from hooks.engine.readings import read_all
    from hooks.engine.workers import crew
    from scripts.progress import progress

    docs_dir, site = settings.docs_dir, settings.site
    with _memory(docs_dir) as memory, crew(jobs=None, scheduler=None) as workers, progress() as tell:
        inventory = take_inventory(docs_dir)
        defaults = FolderDefaults(docs_dir, site.zone)
        readings = read_all(
            inventory,
            defaults,
            site,
            memory=memory / "readings",
            crew=workers,
            tell=lambda done, total: tell("sources", done, total),
            is_thorough=True,
        )
        checked = check_push(readings, inventory, now, site=site, also=defaults.findings, since=scope.since)
        touched = _touched(inventory, scope) if scope.is_narrow else None
        looked_at = _looked_at(checked.decided, touched)
        spots_of = remembering(inventory, site, memory=memory / "attached", crew=workers)
        found = list(_beside(settings, checked, looked_at, now, spots_of))
        if touched is None:
            found += _whole(checked, settings, now)
        if scope.is_online:
            found += _online(looked_at, settings)
    paths = None if touched is None else frozenset(shown_path(docs_dir / path) for path in touched)
    return _settled(checked, found, settings, paths)


@contextmanager
def _memory(docs_dir: Path) -> Iterator[Path]:
    """The folder that remembers; one for this time only where there can be no other."""
    cache = cache_of(docs_dir)
    if cache:
        forget_what_is_gone(cache)
        yield cache
        return
    with TemporaryDirectory(prefix="gongkai-") as folder:
        yield Path(folder)


def _touched(inventory: "Inventory", scope: Scope) -> frozenset[str]:
    """Paths relative to docs/ of files that are not as the commit had them."""
    from hooks.checks.baseline import touched

    return touched(inventory, since=scope.since)


def _looked_at(everything: "Sequence[Decided]", touched: frozenset[str] | None) -> "Sequence[Decided]":
    """The documents that are looked at: those touched themselves, or with a file that was."""
    if touched is None:
        return everything
    from hooks.catalogue.attachments import public_files

    return [
        one
        for one in everything
        if one.document.path in touched or not touched.isdisjoint(public_files(one.document))
    ]


def _beside(
    settings: "Settings",
    checked: "Checked",
    looked_at: "Sequence[Decided]",
    now: "datetime",
    spots_of: "SpotsOf",
) -> "Iterator[Finding]":
    """Findings on what lies beside the documents: attachments, pictures, the headings of others."""
    from hooks.checks.anchors import anchor_findings
    from hooks.checks.attached import attached_findings
    from hooks.checks.pictures import picture_findings

    yield from attached_findings(looked_at, now, spots_of, checked.lines)
    yield from picture_findings(looked_at, settings.docs_dir, settings.site.checks)
    yield from anchor_findings(looked_at, checked.decided, _Anchors(settings))


class _Anchors:
    """Renders a document to see which anchors its page has."""

    def __init__(self, settings: "Settings") -> None:
        self._settings = settings

    def __call__(self, document: "Document") -> frozenset[str]:
        from selectolax.lexbor import LexborHTMLParser

        from hooks.pages.body import Converter
        from hooks.records.reading import body_of

        converter = Converter(self._settings.extensions, self._settings.extension_configs)
        body = body_of((self._settings.docs_dir / document.path).read_bytes())
        html = converter.html(body, document, lambda _: None)
        found = (node.attributes for node in LexborHTMLParser(html).css("[id], a[name]"))
        return frozenset(name for given in found for key in ("id", "name") if (name := given.get(key)))


def _whole(checked: "Checked", settings: "Settings", now: "datetime") -> "Iterator[Finding]":
    from hooks.checks.survey import survey

    return survey(checked.decided, settings.site, now, checked.lines)


def _online(looked_at: "Sequence[Decided]", settings: "Settings") -> "Iterator[Finding]":
    from hooks.checks.links import dead_link_findings
    from hooks.checks.online import dead_links

    return dead_link_findings(looked_at, settings.site, dead_links)


def _settled(
    checked: "Checked", found: "Sequence[Finding]", settings: "Settings", touched: frozenset[str] | None
) -> Examined:
    """Everything parted into what counts and what does not; of waivers that answer for nothing it is told last."""
    from dataclasses import replace

    from hooks.catalogue.sources import shown_path
    from hooks.checks.settling import settled, together, unused

    docs_dir, silence = settings.docs_dir, settings.site.checks.silence
    shown = [replace(finding, path=shown_path(docs_dir / finding.path)) for finding in found]
    both = together(checked.settled, settled(shown, checked.waivers, silence))
    lines = {
        shown_path(docs_dir / path): own["waivers"] for path, own in checked.lines.items() if "waivers" in own
    }
    idle = unused(checked.waivers, both.waived, lines)
    return Examined(checked, together(both, settled(idle, {}, silence)), touched)
