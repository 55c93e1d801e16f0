"""The structure of a Markdown text: headings, tables and cells, with the lines they stand on."""

from gongkai.records.markdown import Heading, cells, headings, prose, tables

TEXT = """# 一 #
文
  ### 二、*重点*
#无空格
    ## 代码
| 甲 | 乙 |
|:---|---:|
| 一 | a\\|b |

| 不是表格 |

|甲|
|--|"""


def test_headings_come_with_their_lines_and_levels() -> None:
    assert list(headings(TEXT)) == [Heading(1, 1, "一"), Heading(3, 3, "二、*重点*")]


def test_tables_come_with_their_lines_and_a_lone_row_is_none() -> None:
    assert [(one.line, one.head, one.rows) for one in tables(TEXT)] == [
        (6, "| 甲 | 乙 |", ("| 一 | a\\|b |",)),
        (12, "|甲|", ()),
    ]


def test_a_bar_behind_a_backslash_parts_no_cells() -> None:
    assert cells("| 一 | a\\|b |") == [" 一 ", " a\\|b "]


def test_comments_and_code_are_no_prose_and_lines_keep_their_numbers() -> None:
    assert prose("甲\n<!-- 乙\n丙 -->\n```\n## 丁\n```\n`戊`己", word="x") == "甲\n\n\n\n\n\nx己"
