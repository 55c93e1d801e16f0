"""Chinese digits and widths: one table, read and written the same way."""

import pytest

from gongkai.records.chinese import half_width, narrowing, number_of, numeral_of, spelt


@pytest.mark.parametrize("number", range(1, 100))
def test_what_is_written_as_a_numeral_is_read_back(number: int) -> None:
    assert number_of(numeral_of(number)) == number


@pytest.mark.parametrize("numeral", ["", "一二", "十十", "十一十", "元", "两", "百", "1"])
def test_what_is_no_numeral_is_refused(numeral: str) -> None:
    with pytest.raises(ValueError, match="no Chinese digit"):
        number_of(numeral)


@pytest.mark.parametrize(
    ("number", "counted", "legal"),
    [
        (10, "十", "壹拾"),
        (15, "十五", "壹拾伍"),
        (110, "一百一十", "壹佰壹拾"),
        (3006, "三千零六", "叁仟零陆"),
        (10_000, "10000", "10000"),
    ],
)
def test_numbers_are_counted_in_either_writing(number: int, counted: str, legal: str) -> None:
    assert (numeral_of(number), numeral_of(number, is_legal=True)) == (counted, legal)


def test_a_year_is_spelt_digit_by_digit() -> None:
    assert spelt(2025) == "二〇二五"


def test_widths_change_and_chinese_punctuation_stays() -> None:
    assert half_width("ＡＢ－１２：\u3000（甲）、。〔乙〕") == "AB-12: (甲)、。〔乙〕"


def test_only_the_forms_asked_for_are_narrowed() -> None:
    assert "１２：Ａ".translate(narrowing("０", "９")) == "12：Ａ"
