from datetime import date, timedelta
from pathlib import Path
from typing import TypedDict

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from gongkai.records.validity_clause import Clause, find_clause, last_day
from tests.writing import document, markdown, reading


class Case(TypedDict, total=False):
    promise: str
    body: str
    until: date


CASES: list[Case] = yaml.safe_load((Path(__file__).parents[1] / "cases" / "validity.yml").read_text("utf-8"))
RECORD = document(生成日期="2018-07-26", 发布时间="2018-08-10 23:30:00").record
LONGEST = 60


def until(body: str) -> date | None:
    clause = find_clause(body)
    return last_day(clause, RECORD) if clause else None


@pytest.mark.parametrize("case", CASES, ids=[case["promise"] for case in CASES])
def test_a_clause_gives_its_last_day_and_nothing_else_gives_one(case: Case) -> None:
    assert until(case["body"]) == case.get("until")


def test_a_clause_is_told_as_it_is_written() -> None:
    clause = find_clause("总则。 本办法自２０１８年8月1日起施行， 有效期 5 年。附则")

    assert clause == Clause(1, "本办法自2018年8月1日起施行,有效期5年", months=60, start=date(2018, 8, 1))


def test_a_clause_with_a_last_day_tells_that_alone() -> None:
    clause = find_clause("本办法自印发之日起施行，有效期至2027年12月31日。")

    assert clause == Clause(1, "本办法自印发之日起施行,有效期至2027年12月31日", until=date(2027, 12, 31))


@pytest.mark.parametrize("event", ["印发", "发布", "公布", "公开"])
def test_a_clause_tells_what_it_counts_from(event: str) -> None:
    clause = find_clause(f"本办法自{event}之日起施行，有效期5年。")

    assert clause is not None
    assert (clause.event, clause.months, clause.start) == (event, 60, None)


def test_a_long_sentence_is_told_by_its_end() -> None:
    clause = find_clause("本办法" + "很" * 5_000 + "，自印发之日起施行，有效期5年。")

    assert clause is not None
    assert len(clause.text) == LONGEST
    assert clause.text.endswith("自印发之日起施行,有效期5年")


def test_a_clause_knows_its_line_in_the_file() -> None:
    found = reading(markdown("第一条\n\n第二条\n本办法自印发之日起施行，有效期5年。").replace("\n", "\r\n"))

    assert found.document is not None
    assert found.document.clause is not None
    assert found.document.clause.line == 15


@pytest.mark.parametrize("body", ["", "\n", "有效期", "有效期有效期有效期5", "。；;", "自起有效期年"])
def test_a_body_without_a_clause_has_none(body: str) -> None:
    assert find_clause(body) is None


def test_a_huge_body_is_read_quickly() -> None:
    assert find_clause("本办法自自自有效期截止延长" * 20_000 + "\n" + "证书有效期三年。\n" * 5_000) is None


@given(st.dates(date(1990, 1, 1), date(2060, 1, 1)), st.integers(1, 99))
def test_a_clause_of_years_never_ends_on_another_day_of_the_month_than_the_one_before(start: date, years: int) -> None:
    written = f"本办法自{start.year}年{start.month}月{start.day}日起施行，有效期{years}年。"
    is_leap_day = (start.month, start.day) == (2, 29)
    following = date(start.year + years, 3, 1) if is_leap_day else start.replace(year=start.year + years)

    assert until(written) in (following - timedelta(days=1), following - timedelta(days=2))
    assert is_leap_day or until(written) == following - timedelta(days=1)


@given(st.dates(date(1990, 1, 1), date(2060, 1, 1)), st.integers(1, 48), st.integers(1, 48))
def test_a_longer_clause_never_ends_earlier(start: date, months: int, more: int) -> None:
    shorter, longer = (Clause(1, "", months=months, start=start), Clause(1, "", months=months + more, start=start))

    assert last_day(shorter, RECORD) < last_day(longer, RECORD)
    assert start <= last_day(shorter, RECORD)


@given(st.text(st.sampled_from("本办法自印发之日起施行，有效期限为至5五年个月2018８日。；;\n 截止延长"), max_size=60))
def test_no_body_makes_the_reader_fail(body: str) -> None:
    day = until(body)

    assert day is None or isinstance(day, date)
