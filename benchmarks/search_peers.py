"""Pagefind, and Material's own search, over the same documents, asked the same in Chromium.

Without a policy, which Pagefind's WebAssembly does not bear. Material's search is asked as its page asks it: by messages
to its worker, which has indexed all documents first.
"""

import json
import subprocess
from collections.abc import Sequence
from html import escape
from pathlib import Path

from playwright.sync_api import Browser

from benchmarks.search_site import served
from tests.index_archive import Entry

_ASK = """async (queries) => {
  const pagefind = await import("/pagefind/pagefind.js");
  await pagefind.init();
  const found = [];
  for (const query of queries) {
    const { results } = await pagefind.search(query);
    const first = await Promise.all(results.slice(0, 10).map((result) => result.data()));
    found.push(first.map(({ url }) => url.replace(/^\\//, "")));
  }
  return found;
}"""

#: The messages of Material 9's worker: 0 sets it up, 1 says that it is ready, 2 asks, 3 answers.
_ASK_MATERIAL = """async ([worker_url, queries]) => {
  const index = await (await fetch("/search/search_index.json")).json();
  const worker = new Worker(worker_url);
  const answer = (type, data, wanted) => new Promise((resolve, reject) => {
    worker.onerror = reject;
    worker.onmessage = ({ data: told }) => told.type === wanted && resolve(told.data);
    worker.postMessage({ type, data });
  });
  await answer(0, { ...index, options: { suggest: false } }, 1);
  const found = [];
  for (const query of queries) {
    const { items } = await answer(2, query, 3);
    found.push(items.slice(0, 10).map(([{ location }]) => location.replace(/#.*/, "")));
  }
  return found;
}"""
_MATERIAL = """site_name: bench
site_url: http://127.0.0.1/
theme: {name: material, language: zh, font: false}
plugins: [search]
nav: [{首页: index.md}]
validation: {nav: {omitted_files: ignore}}
"""


def pagefind(
    program: Path, documents: Sequence[Entry], folder: Path, browser: Browser, queries: Sequence[str]
) -> list[list[str]]:
    """The first ten addresses that Pagefind finds for each question; its pages say all that ours index."""
    site = folder / "site"
    for one in documents:
        page = site / one.url / "index.html"
        page.parent.mkdir(parents=True)
        page.write_text(_page(one), "utf-8")
    (site / "index.html").write_text("<!doctype html><html lang=zh><title>x</title></html>", "utf-8")
    subprocess.run([str(program), "--site", str(site)], check=True, capture_output=True, timeout=900)
    with served(site, is_strict=False) as address:
        context = browser.new_context()
        page_open = context.new_page()
        page_open.set_default_timeout(900_000)
        page_open.goto(f"{address}/index.html")
        found: list[list[str]] = page_open.evaluate(_ASK, list(queries))
        context.close()
    return found


def material(
    program: Path, documents: Sequence[Entry], folder: Path, browser: Browser, queries: Sequence[str]
) -> list[list[str]]:
    """The first ten addresses that Material's search finds for each question; documents stand in no navigation."""
    for one in documents:
        source = folder / "docs" / f"{one.url.strip('/')}.md"
        source.parent.mkdir(parents=True, exist_ok=True)
        source.write_text(f"---\ntitle: {json.dumps(one.title)}\n---\n\n{_words(one)}\n", "utf-8")
    (folder / "docs" / "index.md").write_text("# 首页\n", "utf-8")
    (folder / "mkdocs.yml").write_text(_MATERIAL, "utf-8")
    subprocess.run([str(program), "build", "--quiet"], cwd=folder, check=True, timeout=900)
    site = folder / "site"
    worker = next(site.glob("assets/javascripts/workers/search.*.min.js")).relative_to(site)
    with served(site, is_strict=False) as address:
        context = browser.new_context()
        page_open = context.new_page()
        page_open.set_default_timeout(900_000)
        page_open.goto(f"{address}/404.html")
        found: list[list[str]] = page_open.evaluate(_ASK_MATERIAL, [f"/{worker}", list(queries)])
        context.close()
    return found


def _words(one: Entry) -> str:
    """All that is indexed of a document, as HTML."""
    lines = "".join(f"<p>{escape(line)}</p>" for line in one.text.split("\n"))
    return f"<h1>{escape(one.title)}</h1><p>{escape(one.index)}</p><p>{escape(one.document_number)}</p>{lines}"


def _page(one: Entry) -> str:
    return (
        f'<!doctype html><html lang="zh"><meta charset="utf-8"><title>{escape(one.title)}</title>'
        f"<body data-pagefind-body>{_words(one)}</body></html>"
    )
