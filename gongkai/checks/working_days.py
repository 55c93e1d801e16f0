"""Working days by the State Council's holiday notices, make-up weekends included.

Counted once for all years that the calendar knows, so that a span is a subtraction.
"""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from chinese_calendar import is_workday  # type: ignore[import-untyped]  # ships no types
from chinese_calendar.constants import holidays  # type: ignore[import-untyped]  # ships no types


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
