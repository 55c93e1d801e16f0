from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from gongkai.checks.fixing import fixed, fixed_body
from tests.writing import ZONE, front_matter, markdown, reading

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "fixing.yml").read_text("utf-8"))


def mended(text: str | bytes) -> str:
    data = text.encode() if isinstance(text, str) else text
    return fixed(data, ZONE).decode()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_body_is_mended_where_nothing_else_can_be_meant(case: dict[str, str]) -> None:
    assert fixed_body(case["before"]) == case["after"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_mending_twice_changes_nothing(case: dict[str, str]) -> None:
    once = fixed_body(case["before"])

    assert fixed_body(once) == once


@given(st.text("甲乙,.:;!? \n|`<>[]()#*-1a\\，。", max_size=60))
def test_mending_changes_marks_and_the_blanks_after_them_only(body: str) -> None:
    wide = str.maketrans("，。：；！？", ",.:;!?")

    def bare(text: str) -> str:
        return text.translate(wide).replace(" ", "")

    once = fixed_body(body)
    assert bare(once) == bare(body)
    assert once.count("\n") == body.count("\n")


@pytest.mark.parametrize(
    ("written", "after"),
    [
        ({"生成日期": "2025年1月10日"}, "生成日期: 2025-01-10"),
        ({"文件编号": "示科字[2025]第08号"}, "文件编号: 示科字〔2025〕8号"),
        ({"信息索取号": "ＳＬＫＪ00012/2025-00001"}, "信息索取号: SLKJ00012/2025-00001"),
        ({"公开时限": "限时公开至2027年1月1日"}, "公开时限: 限时公开至2027-01-01"),
        ({"公开方式": "'主动公开 '"}, "公开方式: '主动公开 '"),
    ],
    ids=str,
)
def test_a_field_is_written_as_it_was_read(written: dict[str, str], after: str) -> None:
    assert f"\n{after}\n" in mended(markdown(**written))


def test_a_chinese_colon_becomes_one_of_yaml() -> None:
    assert "\n来源: 本局\n" in mended(markdown().replace("来源: 本局", "来源：本局"))


def test_what_is_mended_gives_no_note_any_more() -> None:
    before = markdown("甲,乙", 生成日期="2025/1/10", 文件编号="示科字(2025)8号")

    assert [finding.code for finding in reading(before).findings] == ["read-as", "read-as"]
    assert reading(mended(before)).findings == ()


def test_a_date_of_two_readings_is_nobodys_to_mend() -> None:
    before = markdown(生成日期="07/08/2018")

    assert mended(before) == before


def test_an_office_encoding_becomes_utf_8() -> None:
    assert mended(markdown("正文。").encode("gb18030")) == markdown("正文。")


def test_a_byte_order_mark_goes_and_windows_line_ends_stay() -> None:
    windows = markdown("甲,乙").replace("\n", "\r\n")

    assert mended("\ufeff" + windows) == windows.replace("甲,乙", "甲，乙")


def test_a_file_without_front_matter_is_left_alone() -> None:
    assert mended("甲,乙\n") == "甲,乙\n"


def test_a_good_file_is_left_as_it_is_byte_by_byte() -> None:
    text = front_matter() + "\n\n正文，完。  \n\n\n"

    assert mended(text) == text
