from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.records.dates import AmbiguousError, UnreadableError, read_date, read_moment

ZONE = ZoneInfo("Asia/Shanghai")
DAY = date(2018, 7, 26)


@pytest.mark.parametrize(
    "written",
    [
        "2018年7月26日",
        "2018/7/26",
        "2018.07.26",
        "20180726",
        "２０１８－０７－２６",
        "2018 年 7 月 26 日",
        "二〇一八年七月二十六日",
        "2018-7-26",
    ],
)
def test_a_date_of_one_meaning_is_read_and_said_to_be_unusual(written: str) -> None:
    assert read_date(written) == (DAY, True)


@given(st.dates(date(1949, 10, 1), date(2100, 1, 1)))
def test_an_iso_date_is_read_without_a_word(day: date) -> None:
    assert read_date(day.isoformat()) == (day, False)


@pytest.mark.parametrize("written", ["07/08/2018", "7-8-18", "18年7月26日", "1.2.3"])
def test_a_date_of_two_readings_is_refused(written: str) -> None:
    with pytest.raises(AmbiguousError):
        read_date(written)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "去年夏天",
        "2018-13-01",
        "2018-02-30",
        "2018年",
        "201712月",
        "2018-07-26-1",
        "二〇一八年二月三十日",
        "1018-07-26",
        "2018-07-26 上午12:30",
        "2018-07-26 上午13:00",
        "2018-07-26 晚上12:00",
        "2018-7-109:55",
    ],
)
def test_what_is_no_date_is_refused(written: str) -> None:
    with pytest.raises(UnreadableError):
        read_date(written)


@pytest.mark.parametrize(
    ("written", "unusual"),
    [
        ("2018-07-26 09:55:00", False),
        ("2018-07-26T09:55", False),
        ("2018年7月26日 9时55分", True),
        ("2018/7/26 上午9:55", True),
        ("2018-07-26 09：55：00", True),
        ("2018-07-26T01:55:00Z", True),
        ("2018-07-26T09:55:00+08:00", True),
    ],
)
def test_a_moment_is_read_in_the_sites_zone(written: str, unusual: bool) -> None:
    assert read_moment(written, ZONE) == (datetime(2018, 7, 26, 9, 55, tzinfo=ZONE), unusual)


@pytest.mark.parametrize(
    ("written", "hour"),
    [("中午1点", 13), ("中午12:00", 12), ("下午3时", 15), ("下午12:30", 12), ("晚上8点", 20), ("下午15:00", 15)],
)
def test_an_hour_is_read_by_the_half_of_the_day(written: str, hour: int) -> None:
    assert read_moment(f"2018年7月26日{written}", ZONE)[0].hour == hour


def test_a_day_alone_is_its_first_instant() -> None:
    moment, unusual = read_moment("2018-07-26", ZONE)

    assert (moment, unusual) == (datetime(2018, 7, 26, tzinfo=ZONE), True)
    assert moment.utcoffset() == timedelta(hours=8)
