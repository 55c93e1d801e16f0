"""Text is cut as the shared cases say; tests/browser/test_search_client.py holds the browser to them."""

import json
import unicodedata
from pathlib import Path
from typing import TypedDict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.search.tokens import identifier_key, identifier_keys, normalise, tokens
from tests.weighing import characters


class Cut(TypedDict):
    text: str
    tokens: list[str]


class Key(TypedDict):
    key: str
    identifiers: list[str]


CASES = json.loads((Path(__file__).parents[1] / "cases" / "search_tokens.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES["tokens"], ids=lambda case: case["text"][:12])
def test_text_is_cut_as_the_cases_say(case: Cut) -> None:
    assert tokens(case["text"]) == case["tokens"]


@pytest.mark.parametrize("case", CASES["keys"], ids=lambda case: case["key"])
def test_an_identifier_has_one_key_however_it_is_typed(case: Key) -> None:
    assert {identifier_key(typed) for typed in case["identifiers"]} == {case["key"]}


def test_a_document_is_asked_for_by_whole_numbers_and_by_their_ends() -> None:
    keys = identifier_keys("000014349/2019-136425", "九科字〔2018〕12号")

    assert keys == {"000014349-2019-136425", "2019-136425", "136425", "九科字-2018-12", "2018-12"}


def test_a_document_without_numbers_has_no_keys() -> None:
    assert identifier_keys("", "") == set()


def test_each_han_character_is_listed_once_and_nothing_else() -> None:
    assert sorted(characters(normalise("张三，Zhang 三 3"))) == ["三", "张"]


@given(st.text(st.sampled_from("张三企业　 ，。：１Ａa1（）…—“”·\n\u00a0㎡")))
def test_the_short_way_to_one_width_gives_what_unicode_gives(text: str) -> None:
    plain = normalise(text).replace(" ", "")

    assert plain == unicodedata.normalize("NFKC", text).lower().replace(" ", "")


@given(st.text())
def test_no_text_yields_an_empty_or_overlong_token(text: str) -> None:
    assert all(1 <= len(token) <= 32 for token in tokens(text))
