from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType

import pytest

from gongkai.checks.survey import calendar, survey
from gongkai.records.reading import Document
from gongkai.site import Site
from tests.writing import NOW, ZONE, document, document_of, whole


@pytest.mark.parametrize(
    ("after", "until", "expected"),
    [
        (date(2024, 9, 30), date(2024, 10, 8), 1),  # 国庆节 to the 7th
        (date(2024, 9, 27), date(2024, 9, 30), 2),  # Sunday the 29th is worked
        (date(2025, 1, 27), date(2025, 2, 5), 1),  # 春节
        (date(2025, 3, 7), date(2025, 3, 10), 1),  # a plain weekend
        (date(2025, 3, 7), date(2025, 3, 7), 0),
    ],
)
def test_working_days_follow_the_holiday_notices(after: date, until: date, expected: int) -> None:
    assert calendar().working_days(after, until) == expected


def test_a_term_ends_on_a_working_day() -> None:
    # the 29th and 30th, the 8th to the 12th (a Saturday that is worked), three weeks but for two days
    assert calendar().due(date(2024, 9, 27), 20) == date(2024, 10, 30)


def test_what_the_calendar_does_not_reach_is_not_counted() -> None:
    assert calendar().working_days(date(2099, 1, 1), date(2099, 2, 1)) is None
    assert calendar().due(date(2099, 1, 1), 20) is None


def found(site: Site, *documents: Document, now: datetime = NOW) -> list[tuple[str, str]]:
    """(path, code) of what a survey gives, empty columns left aside."""
    told = survey(whole(*documents, site=site, now=now))
    return [(finding.path, finding.code) for finding in told if finding.code not in ("column-empty", "fields-empty")]


def notice(created: str, published: str, number: int = 1, fields: Mapping[str, str] = MappingProxyType({})) -> Document:
    given = {"信息索取号": f"SLKJ00012/2025-{number:05}", "生成日期": created, "发布时间": f"{published} 09:00:00"}
    return document_of({**given, **fields}, path=f"notices/{number}.md")


@pytest.mark.parametrize(
    ("published", "codes"), [("2026-01-30", []), ("2026-02-02", []), ("2026-02-03", ["published-late"])]
)
def test_twenty_working_days_are_in_time_and_twenty_one_are_not(site: Site, published: str, codes: list[str]) -> None:
    told = found(site, notice("2026-01-05", published), now=datetime(2026, 2, 10, tzinfo=ZONE))

    assert [code for _, code in told] == codes


def test_the_message_names_the_day_it_was_due(site: Site) -> None:
    late = notice("2026-01-05", "2026-02-06")
    now = datetime(2026, 2, 10, tzinfo=ZONE)

    told = [one for one in survey(whole(late, site=site, now=now)) if one.code == "published-late"]
    assert "应在 2026-02-02 以前" in told[0].message


@pytest.mark.parametrize(
    "fields", [{"公开方式": "依申请公开", "公开范围": "面向申请人"}, {"公开方式": "不予公开"}], ids=str
)
def test_only_what_is_disclosed_by_itself_is_due(site: Site, fields: dict[str, str]) -> None:
    assert "published-late" not in [code for _, code in found(site, notice("2025-06-02", "2025-12-01", fields=fields))]


def test_old_lateness_is_told_once_as_a_number(site: Site) -> None:
    told = found(site, *(notice("2020-01-02", "2020-12-01", number) for number in range(1, 5)))

    assert told.count((".", "published-late")) == 1
    assert [path for path, code in told if code == "published-late"] == ["."]


def test_before_the_law_nothing_was_due(site: Site) -> None:
    assert "published-late" not in [code for _, code in found(site, notice("2007-01-02", "2008-12-01"))]


def test_years_without_a_calendar_are_told_once(site: Site) -> None:
    now = datetime(2099, 12, 31, tzinfo=ZONE)
    told = found(site, *(notice("2099-01-05", "2099-10-01", number) for number in (1, 2)), now=now)

    assert [place for place in told if place[1] == "calendar-ends"] == [(".", "calendar-ends")]


def test_a_column_past_its_limit_is_stale_and_one_within_is_not(site: Site) -> None:
    seen = notice("2025-07-30", "2025-08-01")

    assert found(site, seen, now=datetime(2026, 1, 31, 8, tzinfo=ZONE)) == []
    assert found(site, seen, now=datetime(2026, 2, 1, 9, tzinfo=ZONE)) == [("notices", "column-stale")]


def test_an_empty_column_is_told(site: Site) -> None:
    told = survey(whole(notice("2026-01-05", "2026-01-06"), site=site))

    assert {one.path for one in told if one.code == "column-empty"} == {
        "summaries", "plans", "honours", "reports", "guide"
    }  # fmt: skip


def yearly(title: str, number: int, **fields: str) -> Document:
    given = {"标题": title, "信息索取号": f"SLKJ00012/2025-{number:05}"}
    return document(path=f"summaries/{number}.md", **{**given, **fields})


def test_a_missing_year_of_a_series_is_named(site: Site) -> None:
    members = [yearly("2021年总结", 1), yearly("2022年总结", 2), yearly("总结", 3, 年度="2024")]

    told = [one for one in survey(whole(*members, site=site)) if one.code == "series-gap"]
    assert [one.message for one in told] == ["栏目“工作总结”每年一份，缺 2023 年的。请补上"]


def test_a_series_knows_what_is_undated_and_what_has_two_years(site: Site) -> None:
    members = [yearly("总结", 1), yearly("2024年总结", 2, 年度="2023")]

    assert found(site, *members)[:2] == [("summaries/1.md", "series-undated"), ("summaries/2.md", "title-year")]


def test_blank_fields_are_told_by_column(site: Site) -> None:
    told = survey(whole(*(yearly("2024年总结", n, 责任部门="办公室") for n in (1, 2)), site=site))

    (blank,) = [one for one in told if one.code == "fields-empty"]
    assert "空着的有：内容概述 2 件。" in blank.message
