from collections.abc import Iterator
from datetime import date
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.records.chinese import half_width
from gongkai.records.numbering import (
    NumbersUsedUpError,
    check_character,
    free_numbers,
    irregularities,
    is_organisation_code,
    matching_numbers,
    next_number,
    numbers_in,
    own_numbers,
    parse_index_number,
    standard_document_number,
)

OWN = "SLKJ00012"
CREDIT = f"11360400{OWN}X"
YEAR = 2026
FIRST = f"{OWN}/{YEAR}-00001"


def following(*used: str) -> str:
    return next_number(OWN, YEAR, used).text


def found(text: str) -> list[str]:
    return list(numbers_in(text))


# The next one


def test_the_first_number_of_a_year_is_one() -> None:
    assert following() == FIRST


@pytest.mark.parametrize(
    ("used", "following_one"),
    [
        ([f"{OWN}/2026-00001", f"{OWN}/2026-00002"], f"{OWN}/2026-00003"),
        ([f"{OWN}/2026-00009", f"{OWN}/2026-00002"], f"{OWN}/2026-00010"),
        ([f"{OWN}/2026-99999"], f"{OWN}/2026-100000"),
        ([f"{OWN}/2026-000041"], f"{OWN}/2026-00042"),
        ([f"{CREDIT}/2026-00007"], f"{OWN}/2026-00008"),
        (["ＳＬＫＪ０００１２／２０２６－００００７"], f"{OWN}/2026-00008"),
        ([f"{OWN}/2026–00007"], f"{OWN}/2026-00008"),
        ([f" {OWN}/2026-00007\r\n"], f"{OWN}/2026-00008"),
    ],
    ids=["in order", "gaps", "sixth digit", "long", "credit code", "full-width", "en dash", "blanks"],
)
def test_the_next_number_is_one_more_than_the_highest(used: list[str], following_one: str) -> None:
    assert following(*used) == following_one


@pytest.mark.parametrize(
    "other",
    [
        f"{OWN}/2025-00007",
        "000014349/2026-00007",
        "PZ00101-0100-2012-00001",
        f"{OWN}/2026-0000007",
        f"{OWN}/202601-00007",
        "",
        " ",
        "去年的号 七",
        "../2026-00007",
    ],
)
def test_what_is_no_number_of_the_body_and_the_year_is_passed_over(other: str) -> None:
    assert following(other) == FIRST


def test_a_number_in_small_letters_is_used_as_well() -> None:
    assert following(f"{OWN.lower()}/2026-00007") == f"{OWN}/2026-00008"


def test_a_body_with_a_credit_code_issues_from_the_nine_characters_in_it() -> None:
    assert next_number(CREDIT, YEAR, [f"{OWN}/2026-00003"]).text == f"{OWN}/2026-00004"


def test_a_year_that_is_full_is_told_in_words() -> None:
    with pytest.raises(NumbersUsedUpError, match="2026 年的序号已经用到 999999"):
        following(f"{OWN}/2026-999999")


def test_the_last_number_of_a_year_is_still_issued() -> None:
    assert following(f"{OWN}/2026-999998") == f"{OWN}/2026-999999"


def numbers() -> st.SearchStrategy[str]:
    serials = st.one_of(st.integers(0, 3), st.integers(0, 400_000)).flatmap(
        lambda serial: st.sampled_from([f"{serial:05}", f"{serial:06}", str(serial)])
    )
    whose = st.sampled_from([OWN, CREDIT, "000014349", OWN.lower()])
    regular = st.builds(
        lambda code, year, dash, serial: f"{code}/{year}{dash}{serial}",
        whose,
        st.sampled_from([2025, YEAR, 2027]),
        st.sampled_from(["-", "–", "－"]),
        serials,
    )
    return st.one_of(regular, st.text(max_size=30))


@given(st.lists(numbers(), max_size=30))
def test_the_next_number_is_never_among_the_used(used: list[str]) -> None:
    number = following(*used)

    assert number.casefold() not in {half_width(text).strip().replace("–", "-").casefold() for text in used}


@given(st.lists(numbers(), max_size=30), st.integers(1, 20))
def test_numbers_issued_one_after_another_are_all_different_and_new(used: list[str], count: int) -> None:
    issued = list(islice(free_numbers(OWN, YEAR, lambda: used), count))

    assert len({*issued}) == count
    assert {*issued}.isdisjoint(used)
    assert all(parse_index_number(number).is_regular for number in issued)


@given(st.lists(numbers(), max_size=30))
def test_the_order_in_which_numbers_were_used_does_not_matter(used: list[str]) -> None:
    assert following(*used) == following(*reversed(used))


def test_what_is_used_is_asked_for_only_when_a_number_is_wanted() -> None:
    asked: list[str] = []

    def used() -> Iterator[str]:
        asked.append("asked")
        yield f"{OWN}/2026-00004"

    free = free_numbers(OWN, YEAR, used)
    before = list(asked)

    assert list(islice(free, 3)) == [f"{OWN}/2026-00005", f"{OWN}/2026-00006", f"{OWN}/2026-00007"]
    assert (before, asked) == ([], ["asked"])


def test_numbers_run_out_in_words_only_after_the_last_was_given() -> None:
    free = free_numbers(OWN, YEAR, lambda: [f"{OWN}/2026-999998"])

    assert list(islice(free, 3)) == [f"{OWN}/2026-999999", *["2026 年的序号已经用到 999999"] * 2]


# Whose they are


def test_own_numbers_are_the_bodys_of_the_year_by_either_code() -> None:
    given = [FIRST, f"{CREDIT}/2026-00002", f"{OWN}/2025-00003", "000014349/2026-00004", "旧号", "a b"]

    assert [number.text for number in own_numbers(OWN, YEAR, given)] == given[:2]
    assert [number.text for number in own_numbers(CREDIT, YEAR, given)] == given[:2]


# In a text


@pytest.mark.parametrize(
    "text",
    [
        FIRST,
        f"信息索取号: {FIRST}",
        f"信息索取号：{FIRST}\r\n",
        f"见《办法》（{FIRST}）。",
        f"a.example/id/{FIRST}/",
        f"x{FIRST}",
        f'"{FIRST}"',
        f"\ufeff{FIRST}",
        "ＳＬＫＪ０００１２／２０２６－００００１",
        f"{OWN}/2026–00001",
    ],
)
def test_a_number_is_found_wherever_it_stands(text: str) -> None:
    assert found(text) == [FIRST]


@pytest.mark.parametrize(
    "text",
    [
        "",
        f"{OWN}/2026-0001",
        f"{OWN}/2026-0000001",
        f"{OWN}/1826-00001",
        f"AB{FIRST}",
        f"{OWN} /2026-00001",
        "示科字〔2026〕8号",
        "0792-00001",
        f"{OWN}/2026\n-00001",
    ],
)
def test_what_only_resembles_a_number_is_none(text: str) -> None:
    assert found(text) == []


def test_every_number_of_a_text_is_found_in_its_order() -> None:
    second = f"{CREDIT}/2019-136425"

    assert found(f"{FIRST}、{second}，{FIRST}") == [FIRST, second, FIRST]


def test_a_long_text_without_numbers_is_read_quickly() -> None:
    assert found("0" * 200_000 + "/2026-" * 20_000) == []


# What someone typed

KNOWN = (f"{OWN}/2025-00003", f"{OWN}/2026-00003", f"{OWN}/2026-00013", "PZ00101-0100-2012-00001")


@pytest.mark.parametrize(
    "asked",
    [
        f"{OWN}/2026-00003",
        f"{OWN.lower()}/2026-00003",
        f"  {OWN}/2026-00003\n",
        "ＳＬＫＪ０００１２／２０２６－００００３",
        f"{OWN} / 2026 - 00003",
        "2026-00003",
        "２０２６－００００３",
        f"{OWN}/2026–00003",
        "2026—00003",
    ],
)
def test_a_number_is_meant_by_the_whole_or_by_its_end(asked: str) -> None:
    assert matching_numbers(asked, KNOWN) == (f"{OWN}/2026-00003",)


@pytest.mark.parametrize("asked", ["3", "00003", "０００３"])
def test_a_serial_that_two_years_have_means_both(asked: str) -> None:
    assert matching_numbers(asked, KNOWN) == (f"{OWN}/2025-00003", f"{OWN}/2026-00003")


@pytest.mark.parametrize("asked", ["", "  \u3000", "0", ".", ".*", "6-00003", "2026", "[", "2026-00003/", "旧号"])
def test_what_no_number_ends_with_means_none(asked: str) -> None:
    assert matching_numbers(asked, KNOWN) == ()


def test_a_whole_number_means_itself_though_another_ends_alike() -> None:
    assert matching_numbers("2012-00001", ("2012-00001", "PZ/2012-00001")) == ("2012-00001",)


def test_a_number_known_twice_is_meant_once() -> None:
    assert matching_numbers("2026-00003", (*KNOWN, *KNOWN)) == (f"{OWN}/2026-00003",)


CREATED = date(2019, 5, 1)


@pytest.mark.parametrize("code", ["000014349", "SLKJ00012", "114403006955506492", "11441700007280420Y"])
def test_a_published_code_is_valid(code: str) -> None:
    assert is_organisation_code(code)


@pytest.mark.parametrize("code", ["000014348", "SLKJ0001X", "114403006955506493", "00001434", "", "００００１４３４９"])
def test_a_code_with_one_character_wrong_is_not(code: str) -> None:
    assert not is_organisation_code(code)


@given(st.text(alphabet="0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=8, max_size=8), st.integers(0, 7))
def test_a_changed_character_is_noticed(code: str, place: int) -> None:
    other = "0" if code[place] != "0" else "1"
    changed = code[:place] + other + code[place + 1 :]

    assert check_character(code) != check_character(changed) or (int(code[place], 36) - int(other, 36)) % 11 == 0


def test_the_seeds_form_of_number_is_read_into_its_parts() -> None:
    number = parse_index_number("000014349/2019-136425")

    assert (number.organisation, number.year, number.serial) == ("000014349", 2019, "136425")
    assert number.address == "id/000014349/2019-136425/"


@pytest.mark.parametrize(
    "text", ["003110926/201510-00216", "E00070/2017-00419", "PZ00101-0100-2012-00001", "AA5102004-2004-001"]
)
def test_a_legacy_number_is_kept_verbatim_with_a_warning(text: str) -> None:
    number = parse_index_number(text)

    assert number.text == text
    assert [code for code, _ in irregularities(number, own_code="SLKJ00012", created=CREATED)] == ["index-form"]


@pytest.mark.parametrize("text", ["", "a b", "a/../b", "/a", "a/", "a//b", "a?b", "a\\b", "a\nb", "a:b", "x" * 81])
def test_what_cannot_be_an_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="应为信息索取号"):
        parse_index_number(text)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("SLKJ00012/2019-00001", []),
        ("SLKJ00013/2019-00001", ["index-check"]),
        ("000014349/2019-136425", ["index-organisation"]),
        ("000014349/2018-136425", ["index-organisation", "index-year"]),
    ],
)
def test_what_is_irregular_about_a_number_is_named(text: str, codes: list[str]) -> None:
    found = irregularities(parse_index_number(text), own_code="SLKJ00012", created=CREATED)

    assert [code for code, _ in found] == codes


@pytest.mark.parametrize(
    "written",
    [
        "九科字〔2018〕12号",
        "九科字[2018]12号",
        "九科字(2018)12号",
        "九科字﹝2018﹞12号",
        "九科字（２０１８）第012号",
        " 九科字【2018年】12号",
    ],
)
def test_one_number_has_one_standard_document_number(written: str) -> None:
    assert standard_document_number(written) == "九科字〔2018〕12号"


@pytest.mark.parametrize(
    "written", ["九科字2018 12", "12号", "九科字〔18〕12号", "九科字〔2018〕号", "", "九科字〔2018〕0号"]
)
def test_what_is_no_such_number_has_none(written: str) -> None:
    assert standard_document_number(written) is None
