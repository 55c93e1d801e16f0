"""Index numbers (信息索取号, elsewhere 索引号) and the organisation codes they begin with.

Form, 国办秘函〔2009〕6号: organisation code of 9 characters, "/", year, "-", serial of 5 digits (6 on real sites).
A number once given is kept verbatim for ever, whatever its form: `parse` refuses only what cannot be an address.
"""

import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from gongkai.records.chinese import half_width

_FORM = re.compile(r"(?P<organisation>[0-9A-Z]{9}|[0-9A-Z]{18})/(?P<year>(?:19|20)\d{2})-(?P<serial>\d{5,6})")
_UNSAFE = re.compile(r"[\s\\?#%*:|\"<>\x00-\x1f\x7f]")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


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


def parse(text: str) -> IndexNumber:
    """The number written in `text` (full-width forms and dashes made plain, nothing else changed).

    Raises ValueError when it cannot be part of an address.
    """
    plain = plain_form(text)
    segments = plain.split("/")
    if (
        _UNSAFE.search(plain)
        or len(plain) > 80
        or any(part in ("", ".", "..", "index.html") for part in segments)
    ):
        raise ValueError("应为信息索取号（如 SLKJ00012/2025-00001），不能含空格和 ? # % : \\ 等符号")
    match = _FORM.fullmatch(plain)
    if not match:
        return IndexNumber(plain)
    return IndexNumber(plain, match["organisation"], int(match["year"]), match["serial"])


def plain_form(text: str) -> str:
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


def doubts(number: IndexNumber, *, own_code: str, created: date) -> tuple[tuple[str, str], ...]:
    """What is unusual about a number, as (code of the finding, message); it is kept all the same."""
    if not number.is_regular:
        return (("index-form", f"应为“组织机构代码/年份-序号”的形式，实为“{number}”；已有的旧号照原样保留"),)
    found = []
    if not is_organisation_code(number.organisation):
        found.append(("index-check", f"组织机构代码“{number.organisation}”的校验位不符；请核对是否抄错"))
    elif organisation_of(number.organisation) != organisation_of(own_code):
        found.append(
            (
                "index-organisation",
                f"“{number.organisation}”不是本单位代码（{own_code}）；迁移来的旧号照原样保留",
            )
        )
    if number.year != created.year:
        found.append(
            ("index-year", f"号中年份是 {number.year}，生成日期是 {created.year} 年；旧号照原样保留")
        )
    return tuple(found)
