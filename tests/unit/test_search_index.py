"""The files of the index hold what their reader expects: read back here byte by byte."""

import gzip
import json
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hooks.search import segment
from hooks.search.entry import Entry
from hooks.search.index import build_index, member_of
from hooks.search.member import order_key
from hooks.search.packing import fnv1a
from hooks.search.postings import IN_IDENTIFIER, IN_TITLE
from hooks.search.segment import shard_count
from hooks.search.tokens import tokens
from tests import index_reader
from tests.index_reader import Row, numbers

COLUMNS = {"plans": "工作计划", "summaries": "工作总结"}
DEPARTMENTS = {"office": "办公室"}
ENTRY = Entry(
    url="summaries/2018/",
    title="某局2018年工作总结（示例）",
    index="000014349/2019-136425",
    document_number="示科字〔2018〕12号",
    column="summaries",
    department="office",
    year=2018,
    published="2018-07-26T09:55:00+08:00",
    text="特种胶项目获批。\n项目验收。",
)
LATER = replace(
    ENTRY,
    url="plans/2019/",
    title="工作计划",
    index="000014349/2019-000002",
    document_number="",
    column="plans",
    department="",
    year=2019,
    published="2019-01-02T08:00:00+08:00",
    text="推进专利质押融资。",
)


def built(entries: Sequence[Entry]) -> dict[str, bytes]:
    files = dict(build_index(entries, columns=COLUMNS, departments=DEPARTMENTS))
    return {path.removeprefix("search/index/"): content for path, content in files.items()}


def rows_of(files: dict[str, bytes]) -> dict[str, Row]:
    return index_reader.rows_of(files, json.loads(files["manifest.json"])["segments"][0])


def test_the_manifest_says_what_is_there() -> None:
    manifest = json.loads(built([ENTRY, LATER])["manifest.json"])

    assert (manifest["format"], manifest["documents"], len(manifest["segments"])) == (2, 2, 1)
    assert manifest["facets"] == [
        {"key": "year", "values": [["2019", "2019年"], ["2018", "2018年"]]},
        {"key": "column", "values": [["plans", "工作计划"], ["summaries", "工作总结"]]},
        {"key": "department", "values": [["office", "办公室"]]},
    ]


def test_postings_count_and_say_where_a_token_stands() -> None:
    rows = rows_of(built([ENTRY, LATER]))

    assert rows["项目"].postings == [(1, 2)]
    assert rows["工作"].postings == [(0, 1 | IN_TITLE), (1, 1 | IN_TITLE)]
    assert rows["136425"].postings == [(1, 1 | IN_IDENTIFIER)]
    assert rows["2018"].postings == [(1, 2 | IN_TITLE | IN_IDENTIFIER)]
    assert rows["胶"].postings == [(1, 1)]


@pytest.mark.parametrize("key", ["#示科字-2018-12", "#2018-12", "#000014349-2019-136425", "#2019-136425"])
def test_an_identifiers_key_leads_to_its_document(key: str) -> None:
    assert [place for place, _ in rows_of(built([ENTRY, LATER]))[key].postings] == [1]


def test_a_token_lies_in_the_shard_of_its_hash() -> None:
    files = built([replace(ENTRY, text="".join(map(chr, range(0x4E00, 0x5E00))))])
    rows = rows_of(files)
    shards = json.loads(files["manifest.json"])["segments"][0]["shards"]

    assert shards > 1
    assert {row.shard - fnv1a(token) % shards for token, row in rows.items()} == {0}


def test_the_hash_is_fnv_1a_of_utf_8() -> None:
    assert [fnv1a(""), fnv1a("a"), fnv1a("foobar")] == [0x811C9DC5, 0xE40C292C, 0xBF9CF968]


def test_the_columns_hold_length_day_and_facets_of_each_document() -> None:
    files = built([ENTRY, LATER])
    segment_id = json.loads(files["manifest.json"])["segments"][0]["id"]
    raw = gzip.decompress(files[f"{segment_id}/columns.bin"])

    assert list(numbers(raw[2:])) == [43465, 160, 1, 2, 1, 2, 0, 1]


def test_a_text_is_found_by_its_name_and_shows_the_document() -> None:
    files = built([ENTRY, LATER])
    segment_id = json.loads(files["manifest.json"])["segments"][0]["id"]
    name = gzip.decompress(files[f"{segment_id}/names/0.bin"])[8:16].hex()
    shown = json.loads(gzip.decompress(files[f"texts/{name[:2]}/{name[2:]}.bin"]))

    assert shown == {
        "url": ENTRY.url,
        "title": ENTRY.title,
        "index": ENTRY.index,
        "document_number": ENTRY.document_number,
        "published": ENTRY.published,
        "text": ENTRY.text,
    }


def test_the_same_entries_in_any_order_give_the_same_bytes() -> None:
    assert list(built([ENTRY, LATER]).items()) == list(built([LATER, ENTRY]).items())


def test_a_changed_word_changes_the_segments_name_and_one_text() -> None:
    before, after = built([ENTRY, LATER]), built([ENTRY, replace(LATER, text="推进专利转化。")])
    texts = {path for path in before if path.startswith("texts/")}

    assert set(before) & set(after) == {"manifest.json"} | texts & set(after)
    assert len(texts & set(after)) == 1


def test_the_newest_come_first_and_then_the_lower_index_number() -> None:
    twin = replace(ENTRY, index="000014349/2019-000001")

    members = [member_of(entry, "") for entry in (ENTRY, twin, LATER)]

    assert [member.index for member in sorted(members, key=order_key)] == [
        LATER.index,
        twin.index,
        ENTRY.index,
    ]


def test_an_empty_site_has_a_manifest_and_nothing_else() -> None:
    files = built([])

    assert list(files) == ["manifest.json"]
    assert json.loads(files["manifest.json"])["documents"] == 0


def test_a_large_token_lies_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segment, "ALONE_BYTES", 3)
    rows = rows_of(built([ENTRY, LATER]))

    assert (rows["工作"].size, rows["工作"].postings) == (0, [(0, 65), (1, 65)])
    assert rows["项目"].size == 2


@pytest.mark.parametrize(("size", "count"), [(0, 1), (24_576, 1), (24_577, 2), (100_000, 8)])
def test_shards_are_a_power_of_two_of_24_kilobytes(size: int, count: int) -> None:
    assert shard_count(size) == count


@pytest.mark.parametrize("token", ["甲乙", "ab", "丁", "1"])
@given(texts=st.lists(st.text(st.sampled_from("甲乙丁ab1，"), max_size=9), min_size=1, max_size=200))
def test_a_token_leads_to_exactly_the_documents_that_hold_it(token: str, texts: list[str]) -> None:
    entries = [
        replace(ENTRY, title="", index=f"x/{place:05}", document_number="", text=text)
        for place, text in enumerate(texts)
    ]
    row = rows_of(built(entries)).get(token, Row(0, 0, [], 0))

    holders = [
        n for n, text in enumerate(texts) if token in tokens(text) or (token == "丁" and token in text)
    ]
    assert [place for place, _ in row.postings] == holders
