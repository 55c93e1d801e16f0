"""The files of the index hold what their reader expects: read back here byte by byte."""

import gzip
import json
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.search import opening, runs
from gongkai.search.members import AttachedPage, order_key
from gongkai.search.opening import Names, column
from gongkai.search.packing import fnv1a, reversed_bits
from gongkai.search.postings import IN_IDENTIFIER, IN_TITLE, ONCE
from gongkai.search.segment import shard_count
from gongkai.search.tokens import tokens
from tests import index_reader
from tests.budgets import budget
from tests.index_archive import AttachedText, Entry, build_index, member_of
from tests.index_reader import Row, numbers, start_of

NAMES = Names({"plans": "工作计划", "summaries": "工作总结"}, {"office": "办公室"})
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
    below = "search/index/"
    files = build_index(entries, NAMES)
    return {path.removeprefix(below): content for path, content in files if path.startswith(below)}


def rows_of(files: dict[str, bytes]) -> dict[str, Row]:
    return index_reader.rows_of(files, start_of(files)[0]["segments"][0])


def test_the_opening_says_what_is_there() -> None:
    head, _ = start_of(built([replace(ENTRY, validity="repealed", genre="总结", has_files=True), LATER]))

    assert (head["format"], head["documents"], len(head["segments"])) == (4, 2, 1)
    assert head["facets"] == [
        {"key": "year", "values": [["2019", "2019年"], ["2018", "2018年"]]},
        {"key": "column", "values": [["plans", "工作计划"], ["summaries", "工作总结"]]},
        {"key": "department", "values": [["office", "办公室"]]},
        {"key": "genre", "values": [["总结", "总结"]]},
        {"key": "validity", "values": [["in-force", "现行有效"], ["repealed", "已废止"]]},
        {"key": "files", "values": [["yes", "有附件"]]},
    ]


def test_postings_say_how_often_or_where_and_in_which_field() -> None:
    rows = rows_of(built([ENTRY, replace(LATER, text=f"{'。' * 40}推进专利质押融资。" + "重点" * 12)]))

    assert rows["项目"].postings == [(1, 17 << 2)]
    assert rows["工作"].postings == [(0, 0 | IN_TITLE), (1, 0 | IN_TITLE)]
    assert rows["融资"].postings == [(0, 2 << 2)]
    assert rows["重点"].postings == [(0, 22 << 2)]
    assert rows["136425"].postings == [(1, ONCE << 2 | IN_IDENTIFIER)]
    assert rows["2018"].postings == [(1, 17 << 2 | IN_TITLE | IN_IDENTIFIER)]
    assert rows["胶"].postings == [(1, ONCE << 2)]


def test_in_a_large_segment_frequent_words_say_neither_where_nor_exactly_how_often(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(runs, "PLACED_DOCUMENTS", 1)
    rows = rows_of(built([ENTRY, replace(LATER, text="重点" * 12)]))

    assert rows["工作"].postings == [(0, ONCE << 2 | IN_TITLE), (1, ONCE << 2 | IN_TITLE)]
    assert rows["重点"].postings == [(0, 21 << 2)]


@pytest.mark.parametrize("key", ["#示科字-2018-12", "#2018-12", "#000014349-2019-136425", "#2019-136425"])
def test_an_identifiers_key_leads_to_its_document(key: str) -> None:
    assert [place for place, _ in rows_of(built([ENTRY, LATER]))[key].postings] == [1]


def test_a_token_lies_in_the_shard_of_its_hash() -> None:
    files = built([replace(ENTRY, text="".join(map(chr, range(0x4E00, 0x5E00))))])
    rows = rows_of(files)
    part = start_of(files)[0]["segments"][0]
    shards, characters = part["shards"], part["characters"]
    hashes = reversed_bits(np.array([fnv1a(token) for token in rows], np.uint32)).tolist()

    assert shards > 1
    assert [row.shard for row in rows.values()] == [
        value * (characters if len(token) == 1 else shards) >> 32 for token, value in zip(rows, hashes, strict=True)
    ]


def test_the_hash_is_fnv_1a_of_utf_8() -> None:
    assert [fnv1a(""), fnv1a("a"), fnv1a("foobar")] == [0x811C9DC5, 0xE40C292C, 0xBF9CF968]


def test_the_columns_hold_length_segment_pieces_and_facets() -> None:
    files = built([ENTRY, LATER])
    _, raw = start_of(files)
    size = len(files[f"{start_of(files)[0]['segments'][0]['id']}/names.bin"])

    validity, few = [1, 0], [0, 2, 0, 0]
    year, columns, department, genre, listed = [*few, 1, 2], [*few, 1, 2], [*few, 0, 1], [0, 0], [0, 0]
    assert list(raw[:2]) == [8, 9]
    assert list(numbers(raw[2:])) == [
        *[0, 0], size, *validity, *year, *columns, *department, *genre, *listed
    ]  # fmt: skip


def test_a_column_with_a_common_value_lists_the_others_only() -> None:
    assert list(numbers(column([3] * 9 + [1] + [3] * 3 + [2]))) == [3, 2, 9, 3, 1, 2]


def test_in_a_large_archive_facets_lie_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    together = index_reader.answers_of(built([ENTRY, LATER]))
    monkeypatch.setattr(opening, "APART", 1)
    files = built([ENTRY, LATER])

    assert start_of(files)[0]["apart"] in files
    assert index_reader.answers_of(files) == together


def test_names_lie_piece_by_piece_too() -> None:
    entries = [replace(ENTRY, url=f"{number}/", index=f"x/{number:03}") for number in range(40)]
    files = built(entries)
    head, raw = start_of(files)
    ((*sizes,),), _ = index_reader.pieces_of(head, raw)
    data = files[f"{head['segments'][0]['id']}/names.bin"]
    ends = [sum(sizes[: at + 1]) for at in range(len(sizes))]
    pieces = [json.loads(gzip.decompress(data[end - size : end])) for size, end in zip(sizes, ends, strict=True)]

    assert [url for piece in pieces for url in piece[0]] == [f"{number}/" for number in range(40)]


def test_no_more_tokens_lie_alone_than_the_largest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "ALONE_BYTES", 3)
    monkeypatch.setattr(runs, "MOST_ALONE", 1)
    texts = ["甲乙丙", "甲乙", "甲乙丙", "甲乙"]
    entries = [replace(ENTRY, url=f"{at}/", title="", index=f"x/{at}", text=text) for at, text in enumerate(texts)]
    rows = rows_of(built([replace(one, document_number="") for one in entries]))

    assert [token for token, row in rows.items() if row.alone >= 0] == ["甲乙"]


def test_a_block_of_names_says_what_results_show() -> None:
    files = built([ENTRY, LATER])
    folder = start_of(files)[0]["segments"][0]["id"]

    assert json.loads(gzip.decompress(files[f"{folder}/n0.bin"])) == [
        [LATER.url, ENTRY.url],
        [LATER.title, ENTRY.title],
        [LATER.index, ENTRY.index],
        ["", ENTRY.document_number],
        [LATER.published, ENTRY.published],
        ["", ""],
        ["plans", "summaries"],
        ["", "office"],
    ]


def test_the_text_of_attachments_is_found_and_kept_by_name() -> None:
    sheet = AttachedText("任务表.xlsx", "plans/tasks.xlsx", (AttachedPage(None, "牵头科室"),))
    files = built([replace(ENTRY, attached=(sheet,))])
    folder = start_of(files)[0]["segments"][0]["id"]
    (attached,) = json.loads(gzip.decompress(files[f"{folder}/n0.bin"]))[5]
    ((*shown, name),) = json.loads(attached)

    assert rows_of(files)["牵头"].postings == [(0, 0)]
    assert shown == ["任务表.xlsx", "plans/tasks.xlsx"]
    assert json.loads(gzip.decompress(files[f"files/{name}.bin"])) == [[None, "牵头科室"]]


def test_the_same_entries_in_any_order_give_the_same_bytes() -> None:
    assert list(built([ENTRY, LATER]).items()) == list(built([LATER, ENTRY]).items())


def test_a_changed_word_changes_the_segments_name() -> None:
    before, after = built([ENTRY, LATER]), built([ENTRY, replace(LATER, text="推进专利转化。")])

    assert set(before) & set(after) == {"start.bin", "traditional.bin"}


def test_the_newest_come_first_and_then_the_lower_index_number() -> None:
    twin = replace(ENTRY, index="000014349/2019-000001")

    members = [member_of(entry) for entry in (ENTRY, twin, LATER)]

    assert [member.index for member in sorted(members, key=order_key)] == [LATER.index, twin.index, ENTRY.index]


def test_an_empty_site_has_an_opening_and_no_segment() -> None:
    files = built([])

    assert list(files) == ["start.bin", "traditional.bin"]
    assert start_of(files)[0]["documents"] == 0


def test_a_large_token_lies_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "ALONE_BYTES", 3)
    rows = rows_of(built([ENTRY, LATER]))

    assert (rows["工作"].alone >= 0, rows["工作"].postings) == (True, [(0, 1), (1, 1)])
    assert (rows["项目"].alone, rows["项目"].size) == (-1, 2)


@pytest.mark.parametrize(("size", "count"), [(0, 1), (12_288, 1), (12_289, 2), (1 << 40, 1400)])
def test_shards_are_of_12_kilobytes_until_they_are_too_many(size: int, count: int) -> None:
    assert shard_count(size) == count


@pytest.mark.parametrize("token", ["甲乙", "ab", "丁", "1"])
@settings(max_examples=budget(8, 30))
@given(texts=st.lists(st.text(st.sampled_from("甲乙丁ab1，"), max_size=9), min_size=1, max_size=200))
def test_a_token_leads_to_exactly_the_documents_that_hold_it(token: str, texts: list[str]) -> None:
    entries = [
        replace(ENTRY, url=f"{place}/", title="", index=f"x/{place:05}", document_number="", text=text)
        for place, text in enumerate(texts)
    ]
    row = rows_of(built(entries)).get(token, Row(0, 0, [], 0))

    holders = [n for n, text in enumerate(texts) if token in tokens(text) or (token == "丁" and token in text)]
    assert [place for place, _ in row.postings] == holders
