"""Documents that come back every year: which belong together, and what of one is the next one's skeleton."""

import pytest

from gongkai.catalogue.series import going_on, skeleton, yearly_series, years_on
from gongkai.records.reading import Document
from tests.writing import document


def titled(title: str, path: str) -> Document:
    return document(path=path, 标题=title)


def test_titles_alike_but_for_the_year_are_a_series_of_their_column() -> None:
    documents = [
        titled("2024年工作总结", "summaries/2024.md"),
        titled("2025年工作总结", "summaries/2025.md"),
        titled("2025年工作计划", "summaries/计划.md"),
        titled("2025年工作总结", "notices/1.md"),
        titled("办事指南", "guide/1.md"),
    ]

    found = [(one.documents[0].path, one.years) for one in yearly_series(documents)]

    assert found == [("notices/1.md", (2025,)), ("summaries/2025.md", (2025, 2024)), ("summaries/计划.md", (2025,))]


@pytest.mark.parametrize(("latest", "is_going_on"), [(2023, False), (2024, True), (2026, True), (2027, False)])
def test_a_series_goes_on_where_its_latest_year_is_near(latest: int, *, is_going_on: bool) -> None:
    series = yearly_series([titled(f"{latest}年工作总结", "summaries/1.md")])

    assert bool(going_on(series, 2026)) == is_going_on


@pytest.mark.parametrize(
    ("text", "moved"),
    [
        ("示例局2025年工作总结和2026年打算", "示例局2026年工作总结和2027年打算"),
        ("二〇二五年工作总结", "二〇二六年工作总结"),
        ("一九九九年、二○○九年", "二〇〇〇年、二〇一〇年"),
        ("“十四五”时期2021—2025年", "“十四五”时期2022—2026年"),
        ("共20251件，电话0000-20250000", "共20251件，电话0000-20250000"),
    ],
)
def test_years_move_on_and_other_digits_stay(text: str, moved: str) -> None:
    assert years_on(text, 1) == moved


BODY = """开头一段，2025年。

## 一、2025年主要成效

文字<!--
## 注释里的标题
-->

```
## 代码里的标题
```

### 1. 平台

| 指标 | 2025年 | 说明 |
|---|---:|---|
| 平台 | 8家 | 甲\\|乙 |
| a\\|b | 9家 | |

| 不是表格 |

## 二、2026年打算
"""


def test_a_skeleton_has_headings_and_heads_of_tables_alone() -> None:
    assert skeleton(BODY, 1) == (
        "## 一、2026年主要成效\n\n### 1. 平台\n\n"
        "| 指标 | 2026年 | 说明 |\n|---|---:|---|\n| 平台 | | |\n| a\\|b | | |\n\n"
        "## 二、2027年打算"
    )


@pytest.mark.parametrize("body", ["", "只有一段。", "| 一 | 二 |"])
def test_without_headings_there_is_no_skeleton(body: str) -> None:
    assert skeleton(body, 1) == ""
