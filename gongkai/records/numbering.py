"""The two numbers of a document: 信息索取号, by which it is found for ever, and 发文字号, which its office gave it.

Index numbers (信息索取号, elsewhere 索引号; 国办秘函〔2009〕6号): organisation code of 9 characters, "/", year, "-", serial
of 5 digits (6 on real sites). A number once given is kept verbatim for ever, whatever its form: `parse_index_number`
refuses only what cannot be an address. A number is used once it stands anywhere, whatever became of its document, so
the next is one more than the highest and gaps stay gaps.

Document numbers (发文字号): 机关代字〔年份〕序号号, as 《党政机关公文格式》 (GB/T 9704-2012, 7.2.5) writes them.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import repeat
from urllib.parse import quote

from gongkai.records.chinese import half_width

_INDEX_NUMBER = re.compile(r"(?P<organisation>[0-9A-Z]{9}|[0-9A-Z]{18})/(?P<year>(?:19|20)\d{2})-(?P<serial>\d{5,6})")
_UNSAFE = re.compile(r"[\s\\?#%*:|\"<>\x00-\x1f\x7f]")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ANYWHERE = re.compile(r"(?<![0-9A-Z])(?:[0-9A-Z]{18}|[0-9A-Z]{9})/(?:19|20)\d{2}-\d{5,6}(?!\d)")
_DOCUMENT_NUMBER = re.compile(
    r"(?P<office>[^\d\[\]〔〕()﹝﹞【】\s]+?)\s*[\[〔(﹝【]\s*(?P<year>(?:19|20)\d{2})\s*年?\s*[\]〕)﹞】]"
    r"\s*第?\s*0*(?P<serial>[1-9]\d*)\s*号"
)


@dataclass(frozen=True, slots=True, order=True)
class IndexNumber:
    """`text` verbatim; its parts when it has the national form, else empty (a legacy number)."""

    text: str
    organisation: str = ""
    year: int = 0
    serial: str = ""

    @property
    def is_regular(self) -> bool:
        return bool(self.organisation)

    @property
    def address(self) -> str:
        """Its page, relative to the site's root: `id/000014349/2019-136425/`."""
        return f"id/{quote(self.text)}/"

    def __str__(self) -> str:
        return self.text


def parse_index_number(text: str) -> IndexNumber:
    """The number written in `text` (full-width forms and dashes made plain, nothing else changed).

    Raises ValueError when it cannot be part of an address.
    """
    plain = plain_number(text)
    segments = plain.split("/")
    if _UNSAFE.search(plain) or len(plain) > 80 or any(part in ("", ".", "..", "index.html") for part in segments):
        raise ValueError("应为信息索取号（如 SLKJ00012/2025-00001），不能含空格和 ? # % : \\ 等符号")
    match = _INDEX_NUMBER.fullmatch(plain)
    if not match:
        return IndexNumber(plain)
    return IndexNumber(plain, match["organisation"], int(match["year"]), match["serial"])


def plain_number(text: str) -> str:
    """`text` with full-width forms and dashes made plain."""
    return half_width(text).strip().translate(_DASHES)


def check_character(code: str) -> str:
    """The ninth character that GB 11714 gives the eight in `code` (0-9, A-Z)."""
    total = sum(int(character, 36) * weight for character, weight in zip(code, _WEIGHTS, strict=True))
    return {10: "X", 11: "0"}.get(11 - total % 11) or str(11 - total % 11)


def is_organisation_code(code: str) -> bool:
    """Whether `code` is a valid organisation code (GB 11714) or unified social credit code (GB 32100)."""
    if len(code) == 18:
        from stdnum.cn import uscc  # noqa: PLC0415 - only where a credit code is met

        return uscc.is_valid(code) and is_organisation_code(code[8:17])
    return re.fullmatch(r"[0-9A-Z]{8}[0-9X]", code) is not None and check_character(code[:8]) == code[8]


def organisation_of(code: str) -> str:
    """The nine characters that name an organisation in either kind of code."""
    return code[8:17] if len(code) == 18 else code


def irregularities(number: IndexNumber, *, own_code: str, created: date) -> tuple[tuple[str, str], ...]:
    """What is irregular about a number, as (code of the finding, message); none of it is an error."""
    if not number.is_regular:
        return (("index-form", f"应为“组织机构代码/年份-序号”的形式，实为“{number}”；已有的旧号照原样保留"),)
    found = []
    if not is_organisation_code(number.organisation):
        found.append(("index-check", f"组织机构代码“{number.organisation}”的校验位不符；请核对是否抄错"))
    elif organisation_of(number.organisation) != organisation_of(own_code):
        found.append(
            ("index-organisation", f"“{number.organisation}”不是本单位代码（{own_code}）；迁移来的旧号照原样保留")
        )
    if number.year != created.year:
        found.append(("index-year", f"号中年份是 {number.year}，生成日期是 {created.year} 年；旧号照原样保留"))
    return tuple(found)


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
    return parse_index_number(f"{organisation_of(own_code)}/{year}-{serial:05}")


def free_numbers(own_code: str, year: int, used: Callable[[], Iterable[str]]) -> Iterator[str]:
    """Numbers that may be issued in `year`, one after another; `used` is called when the first is taken.

    Once the year's serials are used up, the message that says so is yielded instead, again and again.
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
            number = parse_index_number(text.upper())
        except ValueError:
            continue
        if number.year == year and organisation_of(number.organisation) == own:
            yield number


def numbers_in(text: str) -> Iterator[str]:
    """Every index number of the national form that stands anywhere in `text`."""
    return (match.group() for match in _ANYWHERE.finditer(plain_number(text)))


def matching_numbers(asked: str, numbers: Iterable[str]) -> tuple[str, ...]:
    """Those of `numbers` that equal what someone typed, whatever its widths and case; if none, those that end with it."""
    plain = "".join(plain_number(asked).split()).casefold()
    known = tuple(dict.fromkeys(numbers))
    whole = tuple(number for number in known if number.casefold() == plain)
    if whole or not plain:
        return whole
    return tuple(number for number in known if re.search(rf"[/-]0*{re.escape(plain)}$", number.casefold()))


def standard_document_number(text: str) -> str | None:
    """`text`, a document number, as 示科字〔2025〕8号, whatever its brackets, 第, leading zeros and widths; None if it is no such number."""
    match = _DOCUMENT_NUMBER.fullmatch(half_width(text).strip())
    return f"{match['office']}〔{match['year']}〕{match['serial']}号" if match else None
