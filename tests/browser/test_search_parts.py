"""Where a server sends parts of files, the names of all results come at once; a large archive's facets come afterwards."""

from collections.abc import Iterator, Sequence
from http.server import SimpleHTTPRequestHandler
from pathlib import Path

import pytest
from playwright.sync_api import Page

from gongkai.search import opening, segment
from gongkai.search.runs import ROUGHLY
from tests.browser.conftest import lay_search, served
from tests.index_archive import NAMES, build_index, entry
from tests.parted import Parted

REQUEST = {"query": "水质监测", "choices": {}, "sort": "newest", "offset": 0, "limit": 10}
#: What is told of each request: the answer, and the facets that come after it.
ASK = """async ([root, request]) => {
  const { searchClient } = await import("/assets/js/search/client.mjs");
  let after = null;
  const ask = searchClient(new URL(root, location.href).href);
  const answer = await ask(request, ({ facets }) => (after = facets));
  if (!answer.facets.length) ask.count(request);
  for (let waited = 0; waited < 40 && !answer.facets.length && !after; waited += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { answer, after };
}"""
PARTS = """async ([boundary, body]) => {
  const { partsIn } = await import("/assets/js/search/ranges.mjs");
  const parts = partsIn(new TextEncoder().encode(body), boundary);
  return parts.map(({ start, bytes }) => [start, new TextDecoder().decode(bytes)]);
}"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`/whole/`, and the same archive at `/apart/` with its facets in a file of their own."""
    folder = lay_search(tmp_path_factory.mktemp("parts"))
    (folder / "index.html").write_text("<!doctype html><title>x</title>", "utf-8")
    entries = [entry(number, "水质监测" if number % 3 == 0 else "公交线路", number) for number in range(150)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(segment, "LEAST_NAMES", 4)
        for name, least in (("whole", 20_000), ("apart", 1)):
            patch.setattr(opening, "APART", least)
            for path, data in build_index(entries, NAMES):
                (folder / name / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / name / path).write_bytes(data)
    return folder


class First(Parted):
    """Sends the first part only, whatever is asked for."""

    def send_parts(self, data: bytes, spans: Sequence[Sequence[str]]) -> None:
        super().send_parts(data, spans[:1])


class Whole(Parted):
    """Says that it sends parts, and sends the whole file."""

    def send_parts(self, data: bytes, spans: Sequence[Sequence[str]]) -> None:
        self.send_all(200, data, {})


@pytest.fixture(scope="module")
def parted(folder: Path) -> Iterator[str]:
    with served(folder, Parted) as address:
        yield address


def told(page: Page, address: str, name: str, **changed: object) -> dict[str, object]:
    page.goto(f"{address}/index.html")
    found: dict[str, object] = page.evaluate(ASK, [f"{address}/{name}/search/index/", REQUEST | changed])
    return found


def fetched(page: Page, kind: str) -> list[str]:
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url) if kind in request.url else None)
    return asked


def test_the_names_of_all_results_come_in_one_request(page: Page, parted: str) -> None:
    together, blocks = fetched(page, "/names.bin"), fetched(page, "/n")
    answer = told(page, parted, "whole")["answer"]

    assert isinstance(answer, dict)
    assert len(answer["results"]) == 10
    assert len(together) == 1
    assert blocks == together


@pytest.mark.parametrize("handler", [First, Whole])
def test_a_server_that_sends_other_parts_is_asked_for_whole_files(
    page: Page, folder: Path, parted: str, handler: type[SimpleHTTPRequestHandler]
) -> None:
    expected = told(page, parted, "whole")
    with served(folder, handler) as address:
        assert told(page, address, "whole") == expected


def test_a_part_may_come_with_any_head_and_hold_a_seam(page: Page, parted: str) -> None:
    page.goto(f"{parted}/index.html")
    body = (
        "\r\n--x\r\nContent-Range: bytes 4-9/20\r\nContent-Type: a/b\r\n\r\n\r\n--x\n"
        "\r\n--x\r\ncontent-range: bytes 12-12/20\r\n\r\n!\r\n--x--\r\n"
    )

    assert page.evaluate(PARTS, ["x", body]) == [[4, "\r\n--x\n"], [12, "!"]]


def test_the_reader_takes_frequencies_as_roughly_as_the_index(page: Page, parted: str) -> None:
    page.goto(f"{parted}/index.html")

    assert page.evaluate("import('/assets/js/search/lookup.mjs').then((one) => one.ROUGHLY)") == list(ROUGHLY)


def test_facets_that_lie_apart_come_after_the_list(page: Page, parted: str) -> None:
    whole, apart = told(page, parted, "whole"), told(page, parted, "apart")

    assert isinstance(whole["answer"], dict)
    assert apart["answer"] == whole["answer"] | {"facets": []}
    assert (whole["after"], apart["after"]) == (None, whole["answer"]["facets"])


@pytest.mark.parametrize("choices", [{"column": ["plans"]}, {"year": ["2025"], "department": ["office"]}])
def test_a_choice_counts_where_facets_lie_apart(page: Page, parted: str, choices: dict[str, list[str]]) -> None:
    whole, apart = (told(page, parted, name, choices=choices) for name in ("whole", "apart"))

    assert apart == whole


def test_a_list_without_its_facets_stands(page: Page, parted: str) -> None:
    page.context.route("**/facets-*.bin", lambda route: route.fulfill(status=404))
    found = told(page, parted, "apart")["answer"]

    assert isinstance(found, dict)
    assert (found["total"], len(found["results"]), found["facets"]) == (50, 10, [])
