"""`scripts/bench phases`: where the milliseconds of a document go, phase by phase, in one process."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from benchmarks.corpus import papers
from benchmarks.tools import NOW, ROOT, gongkai
from gongkai.catalogue.order import PublicDocument, decided, public_documents
from gongkai.engine.edition import read_now
from gongkai.engine.plan import build_settings
from gongkai.engine.rendering import Renderer, renderer
from gongkai.engine.settings import open_config
from gongkai.engine.trees import place
from gongkai.memory.pool import Inline
from gongkai.outputs.addresses import identifier_page
from gongkai.pages.body import Converter
from gongkai.pages.page_history import PageHistory
from gongkai.pages.views import View, document_view
from gongkai.records.plain_text import visible_text
from gongkai.records.reading import Reading, body_of, read_document
from gongkai.search.index import update_index
from gongkai.search.members import Member, Text
from gongkai.search.opening import Names
from gongkai.site import Site, read_site

T = TypeVar("T")


@dataclass
class Clock:
    """CPU seconds by phase, in the order in which phases first came."""

    spent: dict[str, float] = field(default_factory=dict)

    def time(self, phase: str, call: Callable[[], T]) -> T:
        started = time.process_time()
        result = call()
        self.spent[phase] = self.spent.get(phase, 0.0) + time.process_time() - started
        return result


def phases(count: int, folder: Path) -> dict[str, float]:
    """CPU milliseconds a document by phase, over `count` invented documents; works in `folder`."""
    config = open_config(ROOT / "mkdocs.yml", None)
    site = read_site(config.extra.get("disclosure"))
    clock = Clock()
    readings = _read(count, folder, site, clock)
    read = (one.document for one in readings if one.document)
    documents = public_documents(decided(read, read_now(NOW, site)))
    converter = Converter(config.markdown_extensions, config.mdx_configs or {})
    maker = renderer(build_settings(config, site).spec)
    members = [_page(public, folder, site, converter, maker, clock) for public in documents]
    _index(members, folder, clock)
    return {phase: 1000 * spent / count for phase, spent in clock.spent.items()}


def _read(count: int, folder: Path, site: Site, clock: Clock) -> Sequence[Reading]:
    readings = []
    tool = gongkai(jobs=1)
    for paper in papers(count):
        file = folder / "docs" / paper.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(tool.write(paper), "utf-8")
        data = clock.time("read", file.read_bytes)
        read = clock.time(
            "front matter",
            lambda data=data, path=paper.path: read_document(  # type: ignore[misc]  # bound now, called at once
                data, path=path, zone=site.zone
            ),
        )
        readings.append(read)
    return readings


def _page(
    public: PublicDocument, folder: Path, site: Site, converter: Converter, maker: Renderer, clock: Clock
) -> Member:
    body = body_of((folder / "docs" / public.document.path).read_bytes())
    html = clock.time("Markdown", lambda: converter.html(body, public.document, _nowhere))
    view = document_view(
        public, site, site_url="https://gongkai.example/", size_of=lambda path: 0, related=(), history=PageHistory(())
    )
    full = View(view.address, view.template, {**view.variables, "body": html})
    page = clock.time("template", lambda: maker.page(full))
    record = public.record
    number = record.document_number
    body_text = clock.time("text", lambda: visible_text(html))
    digest = clock.time("text", lambda: Text(record.title, record.index.text, number, body_text).digest)
    member = Member(
        text=digest,
        published=record.published.isoformat(),
        index=record.index.text,
        url=public.url,
        title=record.title,
        document_number=number,
        year=public.year,
        column=public.document.column,
        department="",
        genre="",
        validity="in-force",
        has_files=False,
    )
    files = (page, identifier_page(public))
    clock.time("write", lambda: [place(str(folder / "site"), *file) for file in files])
    return member


def _nowhere(path: str) -> None:
    """No body here links to another document."""


def _index(members: Sequence[Member], folder: Path, clock: Clock) -> None:
    clock.time(
        "search",
        lambda: update_index(
            members,
            None,
            names=Names({}, {}),
            site=folder / "site",
            gone=None,
            scratch=folder / "scratch",
            executor=Inline(),
            progress=lambda done, total: None,
        ),
    )
