"""The archive as a whole: disclosed in time, no column empty or stale, no year of a series missing.

What concerns hundreds of documents alike is said once, of their column or of the archive. Working days follow the State
Council's holiday notices, make-up weekends included; they are counted once, so that a span is a subtraction.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Final, NamedTuple

from chinese_calendar import is_workday  # type: ignore[import-untyped]  # ships no types
from chinese_calendar.constants import holidays  # type: ignore[import-untyped]  # ships no types

from gongkai.catalogue.order import Decided
from gongkai.checks.protocol import ArchiveRule, Whole
from gongkai.records.disclosure import Extent
from gongkai.records.findings import Finding
from gongkai.records.record import Record
from gongkai.records.values import Disclosure
from gongkai.records.vocabulary import label
from gongkai.site import Column, Site

#: 《政府信息公开条例》 came into force.
_IN_FORCE = date(2008, 5, 1)
#: What is older is past mending, and told of as a number.
_RECENT = timedelta(days=365)
#: Fields that 国办秘函〔2009〕6号 wants in a catalogue and that may be blank all the same.
_WANTED = ("department", "source", "description")
#: Undated documents of one column that are named.
_NAMED = 3
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?=\s*年)")


def survey(whole: Whole) -> Iterator[Finding]:
    """Findings on the archive as a whole, of its folders and columns; none where only what changed is asked about."""
    if whole.is_narrow:
        return
    site, now = whole.site, whole.now
    public = [one for one in whole.decided if not one.is_hidden]
    yield from _lateness(public, site, now)
    by_column = defaultdict[str, list[Decided]](list)
    for one in public:
        by_column[one.document.column].append(one)
    for column in site.columns:
        members = by_column[column.key]
        if not members:
            message = f"栏目“{column.name}”里没有一份公开的文件。请补上，或从网站设置里去掉这个栏目"
            yield Finding(column.key, "", "column-empty", message)
            continue
        yield from _age(column, members, now)
        yield from _blanks(column, members)
        if column.key in site.series:
            yield from _series(column, members, now)


def _lateness(public: Sequence[Decided], site: Site, now: datetime) -> Iterator[Finding]:
    days, limit = calendar(), site.checks.working_days
    older = unknown = 0
    for one in public:
        record = one.document.record
        if not _is_due(record, limit):
            continue
        took = days.working_days(record.created, record.published.date())
        if took is None or (took <= limit and record.published.date() > days.last):
            unknown += 1
        elif took > limit and now - record.published > _RECENT:
            older += 1
        elif took > limit:
            due = days.due(record.created, limit)
            by = f"应在 {due} 以前，" if due else ""
            message = (
                f"从生成日期 {record.created} 起过了 {took} 个工作日才公开（{by}限 {limit} 个工作日）。"
                "请核对两个日期；确实晚了的，不要改日期"
            )
            yield Finding(one.document.path, "published", "published-late", message)
    if older:
        message = f"另有 {older} 件一年以前的文件，公开时超过了 {limit} 个工作日，不再逐件列出"
        yield Finding(".", "", "published-late", message)
    if unknown:
        message = (
            f"有 {unknown} 件文件的公开期限没有核对：放假安排只有 {days.first.year} 年到 {days.last.year} 年的。"
            "新一年的放假通知公布以后，请升级 chinesecalendar"
        )
        yield Finding(".", "", "calendar-ends", message)


def _is_due(record: Record, limit: int) -> bool:
    """Whether the term applies, and may have been missed: fewer days than working days are soon told."""
    return (
        record.disclosure is Disclosure.PROACTIVE
        and record.created >= _IN_FORCE
        and (record.published.date() - record.created).days > limit
    )


def _age(column: Column, members: Sequence[Decided], now: datetime) -> Iterator[Finding]:
    latest = max(one.document.record.published for one in members)
    age = (now - latest).days
    if age > column.freshness:
        message = (
            f"栏目“{column.name}”最近一次更新是 {latest:%Y-%m-%d}，已有 {age} 天，"
            f"超过了设定的 {column.freshness} 天。请补上新的文件"
        )
        yield Finding(column.key, "", "column-stale", message)


def _blanks(column: Column, members: Sequence[Decided]) -> Iterator[Finding]:
    shown = [one.document.record for one in members if one.decision.extent is Extent.FULL]
    counts = {key: sum(1 for record in shown if not getattr(record, key)) for key in _WANTED}
    blank = "，".join(f"{label(key)} {count} 件" for key, count in counts.items() if count)
    if blank:
        message = f"栏目“{column.name}”的 {len(shown)} 件文件里，空着的有：{blank}。网页标签和目录里会缺这几项，请补上"
        yield Finding(column.key, "", "fields-empty", message)


def _series(column: Column, members: Sequence[Decided], now: datetime) -> Iterator[Finding]:
    """Years without a document between the first and the last, and documents of no known year, or of two."""
    yield from _undated(column, members)
    for one in members:
        record, titled = one.document.record, _years_in(one.document.record.title)
        if record.year and titled and record.year not in titled:
            message = f"年度是 {record.year}，标题里却是 {titled[0]} 年。请核对，改正其中一个"
            yield Finding(one.document.path, "year", "title-year", message)
    years = {year for one in members if (year := _year_of(one.document.record)) and year <= now.year}
    gaps = [str(year) for year in range(min(years), max(years)) if year not in years] if years else []
    if gaps:
        message = f"栏目“{column.name}”每年一份，缺 {'、'.join(gaps)} 年的。请补上"
        yield Finding(column.key, "", "series-gap", message)


def _undated(column: Column, members: Sequence[Decided]) -> Iterator[Finding]:
    undated = [one.document.path for one in members if not _year_of(one.document.record)]
    for path in undated[:_NAMED]:
        message = f"栏目“{column.name}”每年一份，本文件看不出是哪一年的。请写上“年度”，或在标题里写明年份"
        yield Finding(path, "year", "series-undated", message)


def _years_in(title: str) -> list[int]:
    return [int(year) for year in _YEAR.findall(title)]


def _year_of(record: Record) -> int:
    """The year that a document is about, 0 where neither its field nor its title tells."""
    return record.year or next(iter(_years_in(record.title)), 0)


class Calendar(NamedTuple):
    """`counts[n]` is how many working days there are from `first` up to `n` days after it, that one included."""

    first: date
    counts: Sequence[int]

    @property
    def last(self) -> date:
        """The last day that is known; later ones have no notice yet."""
        return self.first + timedelta(days=len(self.counts) - 1)

    def working_days(self, after: date, until: date) -> int | None:
        """The working days after one day up to and with another; None where the calendar does not reach.

        With `until` beyond the last known day, those that are known.
        """
        start = (after - self.first).days
        end = min((until - self.first).days, len(self.counts) - 1)
        if not 0 <= start < len(self.counts):
            return None
        return self.counts[max(start, end)] - self.counts[start]

    def due(self, after: date, days: int) -> date | None:
        """The last day of a term of so many working days that begins after a day; None where it is not known."""
        start = (after - self.first).days
        if not 0 <= start < len(self.counts):
            return None
        place = bisect_left(self.counts, self.counts[start] + days)
        return self.first + timedelta(days=place) if place < len(self.counts) else None


@cache
def calendar() -> Calendar:
    """The calendar of all years with a notice."""
    years = sorted({day.year for day in holidays})
    first, last = date(years[0], 1, 1), date(years[-1], 12, 31)
    counts, count = [], 0
    for offset in range((last - first).days + 1):
        count += is_workday(first + timedelta(days=offset))
        counts.append(count)
    return Calendar(first, tuple(counts))


def _rule(code: str, family: str, name: str, why: str = "") -> ArchiveRule:
    return ArchiveRule(code, "warning", family, name, why, survey, thorough=True)


RULES: Final = (
    _rule(
        "published-late",
        "metadata",
        "超过二十个工作日才公开",
        "《政府信息公开条例》第二十六条：自形成之日起二十个工作日内公开",
    ),
    _rule("calendar-ends", "metadata", "没有这一年的放假安排"),
    _rule("fields-empty", "metadata", "栏目里有文件缺少目录要素", "《政府信息公开条例》第十二条、国办秘函〔2009〕6号"),
    _rule("title-year", "metadata", "年度与标题里的年份不同"),
    _rule("column-empty", "freshness", "空白栏目", "国办秘函〔2019〕19号：空白栏目"),
    _rule("column-stale", "freshness", "栏目没有及时更新", "国办秘函〔2019〕19号：栏目更新不及时"),
    _rule("series-gap", "freshness", "每年一份的文件缺了年份"),
    _rule("series-undated", "freshness", "看不出是哪一年的"),
)
