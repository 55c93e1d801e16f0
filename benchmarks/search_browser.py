"""The search in Chromium: what it finds, how long it takes, what it fetches."""

import os
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from statistics import median, quantiles
from typing import NamedTuple
from urllib.parse import quote

from playwright.sync_api import Browser, Page, Response, sync_playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
#: Asks the search's own thread, here on the page's; one after another, as a reader would.
_ASK = """async ([root, queries]) => {
  const { serving } = await import(new URL("assets/js/search/worker.mjs", root));
  let heard;
  const serve = serving((said) => heard?.(said));
  const found = [];
  for (const [id, query] of queries.entries()) {
    const start = performance.now();
    const said = await new Promise((resolve) => {
      heard = resolve;
      serve({ kind: "ask", id, root: new URL("search/index/", root).href, query, choices: {}, sort: "relevance", offset: 0, limit: 10 });
    });
    found.push([performance.now() - start, (said.answer?.results ?? []).map(({ url }) => url)]);
  }
  return found;
}"""


#: Notes when the results stood.
_NOTE = """new MutationObserver(() => {
  if (document.querySelector("[data-search-state=done]")) globalThis.gkDone ??= performance.timeOrigin + performance.now();
}).observe(document, { subtree: true, childList: true, attributes: true });"""


class Cold(NamedTuple):
    """One query on a page just opened, nothing cached: until results stand, and until nothing more is fetched.

    Counted is everything but the page itself and its two style sheets.
    """

    requests: int
    bytes: int
    milliseconds: float
    requests_in_all: int
    bytes_in_all: int


class Warm(NamedTuple):
    """One query after others: its milliseconds, and the addresses found."""

    milliseconds: float
    found: Sequence[str]


@contextmanager
def chromium() -> Iterator[Browser]:
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not program:
        raise OSError("Chromium is missing; install it or set CHROMIUM to its path")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


def cold(browser: Browser, address: str, query: str) -> Cold:
    """A first query, from opening `/search/?q=…` on."""
    context = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900})
    responses: list[Response] = []
    starts: dict[str, float] = {}
    context.on("request", lambda request: starts.update({request.url: 1000 * time.time()}))
    context.on("response", lambda response: responses.append(response))  # noqa: PLW0108 - it must be a function
    page = context.new_page()
    page.add_init_script(_NOTE)
    page.goto(f"{address}/search/?q={quote(query)}", wait_until="commit")
    page.wait_for_selector("[data-search-state=done]")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)
    done, begun = page.evaluate("[globalThis.gkDone, performance.timeOrigin]")
    weights = [(starts[one.url], len(one.body())) for one in responses if _is_counted(one)]
    first = [size for start, size in weights if start < done]
    context.close()
    return Cold(len(first), sum(first), done - begun, len(weights), sum(size for _, size in weights))


def _is_counted(response: Response) -> bool:
    return response.ok and response.request.resource_type not in ("document", "stylesheet")


def warm(browser: Browser, address: str, queries: Sequence[str]) -> tuple[list[Warm], list[int]]:
    """Queries one after another in one page, and the bytes of each response, the first opening apart."""
    context = browser.new_context()
    sizes: list[int] = []
    page = context.new_page()
    page.goto(f"{address}/search/", wait_until="networkidle")
    page.on("response", lambda response: sizes.append(len(response.body())))
    found = _asked(page, f"{address}/", queries)
    context.close()
    return found, sizes


def _asked(page: Page, root: str, queries: Sequence[str]) -> list[Warm]:
    page.set_default_timeout(600_000)
    answers: list[tuple[float, list[str]]] = page.evaluate(_ASK, [root, list(queries)])
    return [Warm(milliseconds, found) for milliseconds, found in answers]


def p95(values: Sequence[float]) -> float:
    return quantiles(values, n=20)[-1] if len(values) > 1 else median(values)
