"""Light pages: what a reader's browser fetches, and that nothing moves once it is seen."""

import base64
import gzip
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import sleep

import pytest
from playwright.sync_api import CDPSession, Page, Route

DOCUMENT = "/summaries/2017/"
NEXT = "/notices/7/"
SCRIPT = "**/assets/js/text-size.mjs"

#: The sum of all layout shifts since navigation, once two frames and half a second have gone by without a new one.
SHIFTS = """
() => new Promise(resolve => {
  let sum = 0;
  let timer;
  const later = () => { clearTimeout(timer); timer = setTimeout(() => resolve(sum), 500); };
  new PerformanceObserver(list => { for (const entry of list.getEntries()) sum += entry.value; later(); })
    .observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => requestAnimationFrame(later));
})
"""


@contextmanager
def transfers(page: Page) -> Iterator[Mapping[str, int]]:
    """The bytes that come over the line for each address asked, as a server with gzip would send them.

    0 for what the browser's cache answered, or the server with “not modified”, or nobody. Asked of the browser itself:
    Playwright counts some answers of the cache as if they had come from the server.
    """
    urls: dict[str, str] = {}
    statuses: dict[str, int] = {}
    lengths: dict[str, int] = {}
    sizes: dict[str, int] = {}
    session = page.context.new_cdp_session(page)
    session.on("Network.requestWillBeSent", lambda e: urls.update({e["requestId"]: e["request"]["url"]}))
    session.on("Network.responseReceivedExtraInfo", lambda e: statuses.update({e["requestId"]: e["statusCode"]}))
    session.on("Network.loadingFinished", lambda e: lengths.update({e["requestId"]: e["encodedDataLength"]}))
    session.send("Network.enable")
    yield sizes
    came = {key for key, length in lengths.items() if length and statuses.get(key) != 304}
    sizes.update({url: zipped(session, key) if key in came else 0 for key, url in urls.items()})
    session.detach()


def zipped(session: CDPSession, request: str) -> int:
    answer = session.send("Network.getResponseBody", {"requestId": request})
    body = base64.b64decode(answer["body"]) if answer["base64Encoded"] else answer["body"].encode()
    return len(gzip.compress(body, mtime=0))


def test_a_first_document_takes_150_kilobytes_at_most(page: Page, address: str) -> None:
    with transfers(page) as sizes:
        page.goto(address + DOCUMENT, wait_until="networkidle")

    assert len(sizes) > 3
    assert sum(sizes.values()) <= 150_000, sizes


def test_a_next_document_takes_15_kilobytes_at_most(page: Page, address: str) -> None:
    page.goto(address + DOCUMENT, wait_until="networkidle")

    with transfers(page) as sizes:
        page.goto(address + NEXT, wait_until="networkidle")

    assert sizes[address + NEXT] > 1_000
    assert sum(sizes.values()) <= 15_000, sizes


def test_a_document_asks_only_its_own_host(page: Page, address: str) -> None:
    with transfers(page) as sizes:
        page.goto(address + DOCUMENT, wait_until="networkidle")

    assert [url for url in sizes if not url.startswith(f"{address}/")] == []


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("text", ["medium", "large"])
@pytest.mark.parametrize("path", [DOCUMENT, "/", "/notices/"])
def test_nothing_moves_while_a_page_loads(page: Page, address: str, width: int, text: str, path: str) -> None:
    """The script that scales the text comes late, as on a slow line; the size was chosen on an earlier visit."""
    page.goto(f"{address}/404.html")
    page.evaluate("size => localStorage.setItem('gongkai.text-size', size)", text)
    page.set_viewport_size({"width": width, "height": 800})
    page.route(SCRIPT, late)

    page.goto(address + path, wait_until="load")

    assert page.evaluate(SHIFTS) == 0
    assert page.evaluate("document.documentElement.dataset.textSize") == text


def late(route: Route) -> None:
    sleep(0.4)
    route.continue_()
