"""What the search answers, asked by its own thread's code in Chromium: nothing that fits is missed, however it is typed."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import TypedDict

import pytest
from playwright.sync_api import Page

from gongkai.search import index, runs
from gongkai.search.members import AttachedPage, body_of_page
from gongkai.search.opening import Names
from gongkai.search.tokens import normalise
from tests.browser.conftest import lay_search, served
from tests.index_archive import NAMES, Archive, AttachedText, Entry, build_index, entry

ASK = """async ([root, requests]) => {
  const { answered } = await import("/assets/js/search/answer.mjs");
  const { openIndex, startOf } = await import("/assets/js/search/index.mjs");
  const below = new URL(root, location.href).href;
  const index = await openIndex(below, await startOf(below));
  const all = { choices: {}, sort: "relevance", offset: 0, limit: 20 };
  const found = [];
  for (const request of requests) {
    const { answer, ordered } = await answered(index, { ...all, ...request });
    const names = await Promise.all(ordered.map((document) => index.named(document)));
    found.push({ urls: names.map(({ url }) => url), answer });
  }
  return found;
}"""


class Told(TypedDict):
    urls: list[str]
    answer: dict[str, object]


def put(files: dict[str, bytes], folder: Path) -> None:
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


def host(folder: Path) -> Path:
    lay_search(folder)
    (folder / "index.html").write_text("<!doctype html><title>x</title>", "utf-8")
    return folder


def asked(page: Page, address: str, name: str, requests: Sequence[dict[str, object]]) -> list[Told]:
    page.goto(f"{address}/index.html")
    told: list[Told] = page.evaluate(ASK, [f"{address}/{name}/search/index/", list(requests)])
    return told


def one(number: int, text: str, **others: object) -> Entry:
    given = entry(number, text, number)
    return Entry(**{**{name: getattr(given, name) for name in given.__slots__}, **others})


#: What each of these says, the questions below find in their own ways.
SAID = (
    one(0, "高新技術企業名單。聯繫人張　三。"),
    one(1, "二〇一八年新增高新技术企业１，７４８家。"),
    one(2, "研究与试验发展经费投入强度。", title="经费公报", document_number="示科字〔2018〕12号"),
    one(3, "本办法已经废止的规定。", validity="repealed", genre="办法", index="SLKJ00012/2019-136425"),
    one(4, "见附件。", has_files=True, attached=(
        AttachedText("任务表.pdf", "plans/tasks.pdf", (AttachedPage(1, "第一页"), AttachedPage(2, "牵头科室是水产站"))),
    )),
    one(5, "水质监测与渔业增殖，各自开展。水质要好。"),
    one(6, "渔业水质监测增殖站。"),
)  # fmt: skip


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = host(tmp_path_factory.mktemp("said"))
    names = Names(NAMES.columns, NAMES.departments, (("研发投入", "研究与试验发展经费"), ("高企", "高新技术企业")))
    put(dict(build_index(SAID, names)), folder / "a")
    with served(folder) as address:
        yield address


TYPED = {
    "高新技术企业名单": 0,
    "高新技術企業名單": 0,
    "张三": 0,
    "張三": 0,
    "2018年新增": 1,
    "二○一八年新增": 1,
    "1748家": 1,
    "1,748家": 1,
    "１７４８家": 1,
    "研发投入强度": 2,
    "示科字[2018]12号": 2,
    "（2018）12号": 2,
    "标题:公报": 2,
    "136425": 3,
    "2019－136425": 3,
    "牵头科室": 4,
    "渔业水质监测": 6,
    '"水质监测与渔业"': 5,
    "水质 -增殖站": 5,
}


def test_however_it_is_typed_the_document_comes_first(said: str, page: Page) -> None:
    told = asked(page, said, "a", [{"query": query} for query in TYPED])

    first = {query: answer["urls"][:1] for query, answer in zip(TYPED, told, strict=True)}
    assert first == {query: [SAID[number].url] for query, number in TYPED.items()}


def test_what_is_excluded_is_not_there(said: str, page: Page) -> None:
    (told,) = asked(page, said, "a", [{"query": "水质 -增殖站"}])

    assert SAID[6].url not in told["urls"]


def test_a_phrase_that_nobody_wrote_is_answered_with_what_fits(said: str, page: Page) -> None:
    (told,) = asked(page, said, "a", [{"query": '"水质增殖监测"'}])

    assert told["urls"]
    assert told["answer"]["leftOut"] == ["水质增殖监测"]


def test_words_that_nobody_wrote_are_answered_by_their_characters(said: str, page: Page) -> None:
    (told,) = asked(page, said, "a", [{"query": "渔场怎么办理"}])

    assert set(told["urls"]) & {SAID[5].url, SAID[6].url}


def test_what_is_repealed_is_found_when_it_is_asked_for(said: str, page: Page) -> None:
    plain, chosen = asked(
        page, said, "a", [{"query": "废止的规定"}, {"query": "废止的规定", "choices": {"validity": ["repealed"]}}]
    )

    assert SAID[3].url not in plain["urls"]
    assert chosen["urls"] == [SAID[3].url]
    facets = plain["answer"]["facets"]
    assert isinstance(facets, list)
    (validity,) = (facet["values"] for facet in facets if facet["key"] == "validity")
    assert {"value": "repealed", "name": "已废止", "count": 1, "chosen": False} in validity


def test_years_are_chosen_as_a_range(said: str, page: Page) -> None:
    (told,) = asked(page, said, "a", [{"query": "水质", "choices": {"year": ["2019-2020"]}}])

    assert told["urls"] == [SAID[5].url]


def test_equal_writings_that_acted_are_told(said: str, page: Page) -> None:
    (told,) = asked(page, said, "a", [{"query": "研发投入强度"}])

    assert told["answer"]["acted"] == [{"written": "研发投入", "also": ["研究与试验发展经费"]}]
    assert told["answer"]["leftOut"] == []


BODIES = (
    "<p>甲<b>乙</b>丙<br>丁</p><ul><li>一 &amp; 二</li><li>三&nbsp;四</li></ul>",
    "<table><tr><td>甲</td><td>&lt;乙&gt;</td></tr></table><div><p>里</p></div><p>后</p>",
    "<p>甲</p><script>x('</div>')</script><style>y</style><p title=\"a>b\">乙</p><!-- 丙 -->",
    "<p>前&#20013;&#x6587;后</p>\n<pre><code>行一\n行二</code></pre>",
    "",
)


@pytest.mark.parametrize("body", BODIES)
def test_the_browser_reads_from_a_page_what_was_indexed_of_it(said: str, page: Page, body: str) -> None:
    html = (
        f"<!doctype html><main><div><h1>题</h1><div data-document-body>{body}</div>"
        "<section><h2>附件</h2></section></div></main>"
    )
    page.goto(f"{said}/index.html")

    read = page.evaluate("""async (html) => (await import("/assets/js/search/page_text.mjs")).bodyText(html)""", html)

    assert read == body_of_page(html)


SYLLABLES = "甲乙丙丁戊己庚辛"


@pytest.fixture(scope="module")
def pieces(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[Entry]]]:
    """An archive after 50 random edits as `pieces`, and the same made whole as `whole`; with its documents."""
    random = Random(5)
    folder = host(tmp_path_factory.mktemp("pieces"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index, "RECENT", 8)
        patch.setattr(runs, "ALONE_BYTES", 60)
        archive = Archive(folder / "archive")
        archive.entries = {number: entry(number, text(random), number) for number in range(80)}
        archive.update()
        for _ in range(50):
            number = random.randrange(100)
            if random.random() < 0.2:
                archive.entries.pop(number, None)
            else:
                archive.entries[number] = entry(number, text(random), random.randrange(40))
            if random.random() < 0.4:
                archive.update()
        archive.update()
        put(archive.site(), folder / "pieces")
        put(dict(build_index(archive.entries.values(), NAMES)), folder / "whole")
    with served(folder) as address:
        yield address, list(archive.entries.values())


def text(random: Random) -> str:
    """Words that meet again and again, so that many documents hold any of them."""
    words = ("".join(random.choices(SYLLABLES, k=random.randrange(1, 5))) for _ in range(random.randrange(5, 60)))
    return "".join(word + random.choice(("", "，", "。", " ", "2018年", "1,748")) for word in words)


def queries(count: int) -> list[str]:
    random = Random(9)
    found = ["".join(random.choices(SYLLABLES, k=random.randrange(1, 7))) for _ in range(count - 20)]
    return [*found, *(f"{word} {other}" for word, other in zip(found[:10], found[10:20], strict=True)), *(
        f"第{number}号" for number in range(5)), "2018年", "1748", "〔2025〕8号", "SLKJ00012/2025-00031", "00044"]  # fmt: skip


def test_after_fifty_edits_every_answer_is_that_of_an_index_made_whole(
    pieces: tuple[str, list[Entry]], page: Page
) -> None:
    requests: list[dict[str, object]] = [{"query": query} for query in queries(200)]

    assert asked(page, pieces[0], "pieces", requests) == asked(page, pieces[0], "whole", requests)


def test_every_document_that_holds_the_query_is_among_the_results(pieces: tuple[str, list[Entry]], page: Page) -> None:
    address, entries = pieces
    texts = {document.url: normalise(f"{document.title}\n{document.text}") for document in entries}
    words = [query for query in queries(200) if " " not in query and "〔" not in query and "/" not in query]

    told = asked(page, address, "pieces", [{"query": word} for word in words])

    missed = {
        word: holding - set(one["urls"])
        for word, one in zip(words, told, strict=True)
        for holding in ({url for url, text in texts.items() if word in text},)
        if holding - set(one["urls"])
    }
    assert missed == {}
    assert sum(any(word in text for text in texts.values()) for word in words) > 100
