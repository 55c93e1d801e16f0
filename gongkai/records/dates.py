"""Dates and moments as clerks type them.

A text with one meaning is read; the second value returned is True where it is not in the standard form. A text with two
meanings (07/08/2018, 18-7-26) raises AmbiguousError, one with none UnreadableError.
"""

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from gongkai.records.chinese import ANY_DIGIT, TO_ASCII_DIGITS, half_width, number_of

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_ISO_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2})?")
_DATE = r"(?P<year>\d{4})\s*(?:[-/.]|年)\s*(?P<month>\d{1,2})\s*(?:[-/.]|月)\s*(?P<day>\d{1,2})\s*日?"
_PACKED = r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"
_TIME = (
    r"(?P<half>上午|下午|晚上|中午)?\s*(?P<hour>\d{1,2})\s*[:时点]\s*(?:(?P<minute>\d{1,2})\s*分?)?"
    r"(?:\s*:?\s*(?P<second>\d{1,2})(?:\.\d+)?\s*秒?)?\s*(?P<offset>Z|[+-]\d{2}:?\d{2})?"
)
#: A time stands apart from its day: 2018-7-109:55 could be the 1st or the 10th.
_MOMENTS = tuple(re.compile(rf"{day}(?:(?:(?<=日)|\s+|\s*T\s*){_TIME})?") for day in (_DATE, _PACKED))
#: Years in which a public body's document can have been made; a slip such as 1018 is none.
_YEARS = range(1949, 2101)
_CHINESE_DATE = re.compile(
    rf"([{ANY_DIGIT}]{{4}})年([元一二三四五六七八九十]{{1,3}})月([一二三四五六七八九十]{{1,3}})日"
)
_TWO_READINGS = re.compile(r"\d{1,2}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,4}\s*日?(\s.*)?")


class UnreadableError(ValueError):
    """No such date; `str()` says what was expected."""


class AmbiguousError(ValueError):
    """A date of two readings; `str()` says what was expected."""


def read_date(text: str) -> tuple[date, bool]:
    """The date in `text` and whether it was written otherwise than 2018-07-26."""
    moment, _ = read_moment(text, UTC, expected="日期（如 2018-07-26）")
    return moment.date(), not _ISO_DATE.fullmatch(text)


def read_moment(
    text: str, zone: tzinfo, *, expected: str = "日期和时间（如 2018-07-26 09:55:00）"
) -> tuple[datetime, bool]:
    """The moment in `text`, in `zone`, and whether it was written otherwise than 2018-07-26 09:55[:00]."""
    plain = _in_ascii_digits(half_width(text).strip())
    match = next((found for form in _MOMENTS if (found := form.fullmatch(plain))), None)
    if match is None:
        if _TWO_READINGS.fullmatch(plain):
            raise AmbiguousError(f"应为{expected}，年份写四位、放在最前")
        raise UnreadableError(f"应为{expected}")
    try:
        moment = _moment(match, zone)
    except (ValueError, OverflowError):
        raise UnreadableError(f"应为{expected}，没有这一天或这个时刻") from None
    return moment, not _ISO_MOMENT.fullmatch(text)


def _in_ascii_digits(text: str) -> str:
    """`text` with a date in Chinese numerals (二〇一八年七月二十六日) written in digits (2018年7月26日)."""

    def digits(match: re.Match[str]) -> str:
        year, month, day = match.groups()
        try:
            return f"{year.translate(TO_ASCII_DIGITS)}年{number_of(month)}月{number_of(day)}日"
        except ValueError:
            return match.group()

    return _CHINESE_DATE.sub(digits, text)


def _moment(match: re.Match[str], zone: tzinfo) -> datetime:
    part = match.groupdict()
    if int(part["year"]) not in _YEARS:
        raise ValueError("no such year here")
    year, month, day, minute, second = (int(part[name] or 0) for name in ("year", "month", "day", "minute", "second"))
    hour = _hour(int(part["hour"] or 0), part["half"] or "")
    offset = _offset(part["offset"]) if part["offset"] else zone
    return datetime(year, month, day, hour, minute, second, tzinfo=offset).astimezone(zone)


#: The hours that may be said after 上午 and so on, and how many hours each adds; 上午12点 and 晚上12点 mean two things.
_HALVES = {
    "": dict.fromkeys(range(24), 0),
    "上午": dict.fromkeys(range(12), 0),
    "中午": {11: 0, 12: 0, 1: 12, 13: 0},
    "下午": dict.fromkeys(range(1, 12), 12) | dict.fromkeys(range(12, 20), 0),
    "晚上": dict.fromkeys(range(5, 12), 12) | dict.fromkeys(range(17, 24), 0),
}


def _hour(written: int, half: str) -> int:
    if written not in _HALVES[half]:
        raise ValueError("no such hour of that half of the day")
    return written + _HALVES[half][written]


def _offset(text: str) -> timezone:
    if text == "Z":
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))
