"""A site to be searched: an index over invented documents, plain pages for their texts, and the search page itself."""

import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from threading import Thread
from typing import NamedTuple

from benchmarks.search_corpus import COLUMNS, DEPARTMENTS
from benchmarks.tools import NOW, ROOT
from gongkai.engine.build import Request, build_site, quiet_mkdocs
from gongkai.memory.pool import Inline
from gongkai.search.index import update_index
from gongkai.search.opening import Names
from gongkai.search.synonyms import read_synonyms
from tests.index_archive import Entry, write_page
from tests.parted import Parted


class Weight(NamedTuple):
    """What an index costs: its documents, files, megabytes (10^6), CPU milliseconds a document, peak memory (2^20)."""

    documents: int
    files: int
    megabytes: float
    milliseconds: float
    peak: float


def write_site(documents: Iterable[Entry], folder: Path) -> Weight:
    """Write the site of `documents` into `folder`; what its index costs, pages left out."""
    (folder / "docs").mkdir(parents=True)
    site = folder / "site"
    with quiet_mkdocs():
        build_site(Request(ROOT / "mkdocs.yml", docs_dir=folder / "docs", site_dir=site, now=NOW))
    shutil.rmtree(site / "search" / "index")
    members = [write_page(site, one) for one in documents]
    names = Names(COLUMNS, DEPARTMENTS, read_synonyms(ROOT / "synonyms.yml").groups)
    before = time.process_time()
    index = update_index(
        members,
        None,
        names=names,
        site=site,
        gone=None,
        scratch=folder / "scratch",
        executor=Inline(),
        progress=lambda done, total: None,
    )
    spent = time.process_time() - before
    sizes = [(site / path).stat().st_size for path in index.paths]
    peak = getrusage(RUSAGE_SELF).ru_maxrss / 1024
    count = max(1, len(members))
    return Weight(len(members), len(sizes), sum(sizes) / 1e6, 1000 * spent / count, peak)


class _Plain(SimpleHTTPRequestHandler):
    """A bare file server: no ranges, no compression; `wait` seconds before each answer, the strictest policy if wanted."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *arguments: object, wait: float, is_strict: bool, **options: object) -> None:
        self._wait, self._is_strict = wait, is_strict
        super().__init__(*arguments, **options)  # type: ignore[arg-type]  # handed on as they come

    def do_GET(self) -> None:
        time.sleep(self._wait)
        super().do_GET()

    def end_headers(self) -> None:
        if self._is_strict:
            self.send_header("Content-Security-Policy", "default-src 'self'")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        pass


class _Parted(_Plain, Parted):
    """The same server with ranges."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True


@contextmanager
def served(folder: Path, *, wait: float = 0, is_strict: bool = True, has_parts: bool = False) -> Iterator[str]:
    """The address at which `folder` is served, on the loopback interface."""
    kind = _Parted if has_parts else _Plain
    server = _Server(("127.0.0.1", 0), partial(kind, directory=str(folder), wait=wait, is_strict=is_strict))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
