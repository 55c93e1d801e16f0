"""A flattened page gives back its title, its fields and the structure of its body."""

from pathlib import Path
from typing import TypedDict

import pytest
import yaml

from gongkai.imports.outline import to_markdown
from gongkai.imports.text_page import NotFlattenedError, read_flattened
from gongkai.records.vocabulary import TABLE

CASES = Path(__file__).parents[1] / "cases" / "import_outline.yml"
PAGE = """\
示例市科学技术局2017年工作总结（示例）

发布时间:2018-07-26 09:55:00 来源:本网字体: [ ]

  • 信息类别:
  • 文件编号:
  • 公开方式: 主动公开
  • 生成日期: 2018-07-26
  • 公开时限: 常年公开
  • 公开范围: 面向全社会
  • 信息索取号: SLKJ00012/2019-136425
  • 责任部门:

  2017年，我局完成了各项任务。
"""


class Case(TypedDict):
    name: str
    text: str
    markdown: str


def outline_cases() -> list[Case]:
    cases: list[Case] = yaml.safe_load(CASES.read_text(encoding="utf-8"))
    return cases


@pytest.mark.parametrize("case", outline_cases(), ids=lambda case: str(case["name"]))
def test_lines_become_the_markdown_of_the_case(case: Case) -> None:
    assert to_markdown(case["text"]) == case["markdown"]


def test_title_publication_and_source_are_the_page_s_own_words() -> None:
    fields = read_flattened(PAGE).fields

    assert (fields["title"], fields["published"], fields["source"]) == (
        "示例市科学技术局2017年工作总结（示例）",
        "2018-07-26 09:55:00",
        "本网",
    )


def test_all_eight_fields_are_there_and_the_empty_ones_stay_empty() -> None:
    fields = read_flattened(PAGE).fields

    assert {key: fields[key] for key in TABLE} == {
        "category": "",
        "document_number": "",
        "disclosure": "主动公开",
        "created": "2018-07-26",
        "term": "常年公开",
        "audience": "面向全社会",
        "index": "SLKJ00012/2019-136425",
        "department": "",
    }


def test_rows_in_any_order_without_bullets_and_under_either_name_of_the_number_are_read() -> None:
    text = "题\n来源：本网\n发布时间：\n字体 [大 中 小]\n索引号：甲/2019-1\n公开方式：主动公开\n正文。"

    page = read_flattened(text)

    assert (page.fields["index"], page.fields["disclosure"], page.fields["term"]) == ("甲/2019-1", "主动公开", "")
    assert (page.fields["published"], page.fields["source"], page.body) == ("", "本网", "正文。\n")


def test_windows_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    assert read_flattened("\ufeff" + PAGE.replace("\n", "\r\n")) == read_flattened(PAGE)


def test_the_source_body_keeps_the_line_numbers_of_the_page() -> None:
    source = read_flattened(PAGE).source

    assert source[13] == "  2017年，我局完成了各项任务。"
    assert "".join(source).strip() == "2017年，我局完成了各项任务。"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (" \n\n", "第 1 行：应为标题，但没有找到"),
        (PAGE.replace("•", "").replace(":", ""), "字段表（如“信息索取号：……”一行），但没有找到"),
        (PAGE.replace("发布时间", "时间"), "第 3 行：应为“发布时间：……”“来源：……”或“字体”"),
        (PAGE.replace("发布时间:2018-07-26 09:55:00 ", ""), "第 3 行：应为“发布时间：……”，实为“来源:本网"),
        (PAGE.replace("字体: [ ]", "字体: [ ] 打印本页"), "第 3 行：应为“字体”之后只有 [大 中 小]"),
        (PAGE.replace("来源:本网", "来源:本网 来源:外网"), "第 3 行：应为只有一处“来源”"),
        (PAGE.replace("文件编号", "生成日期"), "第 8 行：应为“生成日期”在字段表中只出现一次"),
        (PAGE.replace("文件编号", "文件编好"), "第 6 行：应为字段表的八个字段之一"),
    ],
)
def test_a_page_of_another_shape_is_refused_with_the_line_and_what_was_expected(text: str, message: str) -> None:
    with pytest.raises(NotFlattenedError) as refusal:
        read_flattened(text)

    assert message in str(refusal.value)
