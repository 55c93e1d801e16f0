"""In the reader's browser, an index made in pieces answers as one made whole."""

import gzip
import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from gongkai.search import index, runs
from tests.browser.conftest import lay_search, served
from tests.index_archive import NAMES, Archive, build_index, entry

WORDS = ("研发投入", "高新技术企业", "水质监测", "公交线路", "消防演练")
QUERIES = (
    "研发投入",
    "水质监测",
    "高新技术企业63家",
    "公交线路 消防演练",
    "第7号通知",
    "通知",
    "示科字〔2025〕8号",
    "SLKJ00012/2025-00031",
    "00044",
    "改写过的公交线路",
    "63",
    "号",
    "没有的词语",
)
CHOICES: tuple[dict[str, list[str]], ...] = (
    {},
    {"year": ["2022"]},
    {"column": ["plans"], "department": ["office", "hightech"]},
)
ASK = """async ([root, requests]) => {
  const { searchClient } = await import("/assets/js/search/client.mjs");
  const ask = searchClient(new URL(root, location.href).href);
  const answers = [];
  for (const request of requests) answers.push(await ask(request));
  return answers;
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`/whole/` and `/pieces/`, the latter of three segments with dead documents and tokens that lie alone."""
    folder = tmp_path_factory.mktemp("pieces")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index, "RECENT", 4)
        patch.setattr(runs, "ALONE_BYTES", 40)
        archive = in_pieces(Archive(folder / "archive"))
        whole = dict(build_index(archive.entries.values(), NAMES))
    lay_search(folder / "site")
    (folder / "site/index.html").write_text("<!doctype html><title>x</title>", "utf-8")
    for name, files in (("pieces", archive.site()), ("whole", whole)):
        for path, data in files.items():
            (folder / "site" / name / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / "site" / name / path).write_bytes(data)
    with served(folder / "site") as place:
        yield place


def in_pieces(archive: Archive) -> Archive:
    archive.entries = {number: entry(number, text(number), number) for number in range(60)}
    archive.update()
    archive.entries |= {number: entry(number, text(number), number * 3) for number in range(60, 68)}
    archive.update()
    archive.entries[5] = entry(5, "改写过的公交线路。", 9)
    archive.entries[61] = entry(61, "也改写过的水质监测。", 2)
    archive.entries[70] = entry(70, text(70), 0)
    for number in (7, 31, 62):
        del archive.entries[number]
    archive.update()
    return archive


def text(number: int) -> str:
    return f"{WORDS[number % 5]}工作{'，' + WORDS[number % 3] if number % 4 else ''}，共{number}项。" * (1 + number % 3)


def test_the_pieces_are_three_with_dead_documents(address: str, page: Page) -> None:
    starts = [page.request.get(f"{address}/{name}/search/index/start.bin").body() for name in ("pieces", "whole")]
    pieces, whole = (json.loads(gzip.decompress(start).partition(b"\n")[0]) for start in starts)

    written = [segment["documents"] for segment in pieces["segments"]]
    assert len(written) == 3
    assert sum(written) > pieces["documents"] == whole["documents"]


def test_every_question_has_the_same_answer(address: str, page: Page) -> None:
    requests = [
        {"query": query, "choices": choices, "sort": sort, "offset": 0, "limit": 20}
        for choices in CHOICES
        for sort in ("relevance", "newest")
        for query in QUERIES
    ]
    page.goto(f"{address}/index.html")

    pieces, whole = (page.evaluate(ASK, [f"{address}/{name}/search/index/", requests]) for name in ("pieces", "whole"))

    assert pieces == whole
    held = [answer["total"] > 0 for answer in whole]
    assert min(sum(held[start : start + len(QUERIES)]) for start in range(0, len(held), len(QUERIES))) >= 6


def test_a_dead_document_is_never_found(address: str, page: Page) -> None:
    requests = [{"query": query, "choices": {}, "sort": "newest", "offset": 0, "limit": 100} for query in QUERIES]
    page.goto(f"{address}/index.html")

    answers = page.evaluate(ASK, [f"{address}/pieces/search/index/", requests])

    found = {result["url"] for answer in answers for result in answer["results"]}
    assert len(found) > 50
    assert not found & {"notices/7/", "notices/31/", "plans/62/"}
