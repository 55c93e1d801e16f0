from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.records import index_number
from gongkai.records.index_number import check_character, is_organisation_code, parse

CREATED = date(2019, 5, 1)


@pytest.mark.parametrize("code", ["000014349", "SLKJ00012", "114403006955506492", "11441700007280420Y"])
def test_a_published_code_is_valid(code: str) -> None:
    assert is_organisation_code(code)


@pytest.mark.parametrize(
    "code", ["000014348", "SLKJ0001X", "114403006955506493", "00001434", "", "００００１４３４９"]
)
def test_a_code_with_one_character_wrong_is_not(code: str) -> None:
    assert not is_organisation_code(code)


@given(st.text(alphabet="0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=8, max_size=8), st.integers(0, 7))
def test_a_changed_character_is_noticed(code: str, place: int) -> None:
    other = "0" if code[place] != "0" else "1"
    changed = code[:place] + other + code[place + 1 :]

    assert (
        check_character(code) != check_character(changed) or (int(code[place], 36) - int(other, 36)) % 11 == 0
    )


def test_the_seeds_form_of_number_is_read_into_its_parts() -> None:
    number = parse("000014349/2019-136425")

    assert (number.organisation, number.year, number.serial) == ("000014349", 2019, "136425")
    assert number.address == "id/000014349/2019-136425/"


@pytest.mark.parametrize(
    "text", ["003110926/201510-00216", "E00070/2017-00419", "PZ00101-0100-2012-00001", "AA5102004-2004-001"]
)
def test_a_legacy_number_is_kept_verbatim_with_a_warning(text: str) -> None:
    number = parse(text)

    assert number.text == text
    assert [code for code, _ in index_number.doubts(number, own_code="SLKJ00012", created=CREATED)] == [
        "index-form"
    ]


@pytest.mark.parametrize(
    "text", ["", "a b", "a/../b", "/a", "a/", "a//b", "a?b", "a\\b", "a\nb", "a:b", "x" * 81]
)
def test_what_cannot_be_an_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="应为信息索取号"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("SLKJ00012/2019-00001", []),
        ("SLKJ00013/2019-00001", ["index-check"]),
        ("000014349/2019-136425", ["index-organisation"]),
        ("000014349/2018-136425", ["index-organisation", "index-year"]),
    ],
)
def test_doubts_about_a_number_are_named(text: str, codes: list[str]) -> None:
    doubts = index_number.doubts(parse(text), own_code="SLKJ00012", created=CREATED)

    assert [code for code, _ in doubts] == codes
