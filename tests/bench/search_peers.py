"""Pagefind over the same documents, asked the same in Chromium; without a policy, which its WebAssembly does not bear."""

import subprocess
from collections.abc import Sequence
from html import escape
from pathlib import Path

from playwright.sync_api import Browser

from hooks.search.entry import Entry
from tests.bench.search_site import served

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


def _page(one: Entry) -> str:
    lines = "".join(f"<p>{escape(line)}</p>" for line in one.text.split("\n"))
    numbers = f"<p>{escape(one.index)}</p><p>{escape(one.document_number)}</p>"
    return (
        f'<!doctype html><html lang="zh"><meta charset="utf-8"><title>{escape(one.title)}</title>'
        f"<body data-pagefind-body><h1>{escape(one.title)}</h1>{numbers}{lines}</body></html>"
    )
