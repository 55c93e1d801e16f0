"""Issuing index numbers: the next of a year, never one that was ever used.

国办秘函〔2009〕6号: the organisation's code, the year of issue, a serial of five digits. A number is used once it stands
anywhere, whatever became of its document, so the next is one more than the highest and gaps stay gaps.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import repeat

from gongkai.records.index_number import IndexNumber, organisation_of, parse, plain_form

_DIGITS = 5


class NumbersUsedUpError(ValueError):
    """A year has no serial left that the form could hold."""


def next_number(own_code: str, year: int, used: Iterable[str]) -> IndexNumber:
    """The number to be issued in `year` by the body whose code is `own_code`, `used` being all that ever were.

    Raises NumbersUsedUpError beyond 999,999.
    """
    serials = (int(number.serial) for number in own_numbers(own_code, year, used))
    serial = max(serials, default=0) + 1
    if serial > 999_999:
        raise NumbersUsedUpError(f"{year} 年的序号已经用到 999999")
    return parse(f"{organisation_of(own_code)}/{year}-{serial:0{_DIGITS}}")


def free_numbers(own_code: str, year: int, used: Callable[[], Iterable[str]]) -> Iterator[str]:
    """One number after another that is free to be issued; what is used is asked for when the first is wanted.

    Where the year has none left, the words that say so stand in their place.
    """
    try:
        number = next_number(own_code, year, used())
        while True:
            yield number.text
            number = next_number(own_code, year, (number.text,))
    except NumbersUsedUpError as problem:
        yield from repeat(str(problem))


def own_numbers(own_code: str, year: int, numbers: Iterable[str]) -> Iterator[IndexNumber]:
    """Those of `numbers` that the body issued in `year`, whichever of its codes they begin with."""
    own = organisation_of(own_code)
    for text in numbers:
        try:
            number = parse(text.upper())
        except ValueError:
            continue
        if number.year == year and organisation_of(number.organisation) == own:
            yield number


def numbers_in(text: str) -> Iterator[str]:
    """Every index number of the national form that stands anywhere in `text`."""
    return (match.group() for match in _ANYWHERE.finditer(plain_form(text)))


_ANYWHERE = re.compile(r"(?<![0-9A-Z])(?:[0-9A-Z]{18}|[0-9A-Z]{9})/(?:19|20)\d{2}-\d{5,6}(?!\d)")


def matching(asked: str, numbers: Iterable[str]) -> tuple[str, ...]:
    """Which of `numbers` are meant by what someone typed: the whole, whatever its widths and case, else its end."""
    plain = "".join(plain_form(asked).split()).casefold()
    known = tuple(dict.fromkeys(numbers))
    whole = tuple(number for number in known if number.casefold() == plain)
    if whole or not plain:
        return whole
    return tuple(number for number in known if re.search(rf"[/-]0*{re.escape(plain)}$", number.casefold()))
