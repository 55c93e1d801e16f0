"""Numbers that belong to one person: identity cards, mobile telephones, bank cards, hidden or not.

A cheap pattern finds runs of eleven or more digits, whatever stands between them within a line; only those are cut
into groups and verified: by check digit, date and region (GB 11643), by the numbering plan, by Luhn and issuer.
"""

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

from gongkai.checks.texts import Context, context_of

_GAP: Final = r"(?:[ \t\u00a0\u2000-\u200a\u3000]{0,4}(?:[-‐‑–—－_~·.．*/（）()\\]{0,2}|\r?\n)[ \t\u00a0\u2000-\u200a\u3000]{0,4})"
_RUN: Final = re.compile(rf"(?<!\d)\d(?:{_GAP}\d){{10,}}(?:{_GAP}[XxХ×Ⅹ](?![A-Za-z\d]))?")
_GROUP: Final = re.compile(r"\d+|[XxХ×Ⅹ]")
_TIED: Final = re.compile(r"[-‐‑–—－_.．/]")
#: How people part the digits of a mobile number; any other parting is of something else.
_PARTINGS: Final = frozenset(
    [(11,), (3, 4, 4), (3, 8), (7, 4), (3, 3, 5), (4, 3, 4), (3, 5, 3), (4, 4, 3), (5, 6), (6, 5)]
)
_CARD_PARTINGS: Final = frozenset([(6, 13), (6, 10), (8, 8), (8, 11), (4, 4, 4, 7)])
_CARD_LABEL: Final = re.compile("卡|账|帐|户名|打入|汇")
_ISSUERS: Final = re.compile(r"62\d{14,17}|4\d{15}|5[1-5]\d{14}|35\d{14}|9558\d{15}|6011\d{12}|60[13]\d{13,16}")
_PROVINCES: Final = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
_YEARS: Final = range(1900, 2050)
_WEIGHTS: Final = tuple(pow(2, 17 - place, 11) for place in range(17))
_OTHER_NUMBER: Final = re.compile(
    r"(?:(?:编|单|流水|序列|合同|项目|档案?|案|税|批准?|文|图|标准|备案|登记|许可证?|准考证|学|工|会员|索引|索取|书|刊|专利|申请"
    r"|公告|受理|查询|缴款|票据|发票|快递|运单|报告|样品|产品|设备|宗地|地块|资产|课题|商品|机构|信用|统计|凭证|表|批次|回执|报名|业务"
    r"|注册|采购|标段|招标|器械|生产|追溯|防伪|批)(?:号码?|编码|代码|编号|码)|条形?码|编号|编码|代码|批号|序号|尾号|ISBN|ISSN|№)"
    r"[^\w\n]{0,8}[A-Za-z0-9\-_/〔〕()（）\[\]]{0,16}$",
    re.IGNORECASE,
)
_SUM_HEAD: Final = re.compile(r"元|万|亿|金额|产值|收入|支出|预算|决算|总量|面积|合计|数量|税额|资金")
_SUM_AFTER: Final = re.compile(
    r"\s{0,2}(?:[元万亿吨米亩度秒分′″]|千瓦|立方|平方|公里|人民币|美元|[%％]|[.,，]\d{2}(?!\d)|[.,]\d{3}(?:[.,]|元))"
)
_SUM_BEFORE: Final = re.compile(r"(?:[¥￥$＄]|人民币|金额[^\d\n]{0,4})\s*$")
_DECIMAL: Final = re.compile(r"(?:^|[^\d.,])\d{1,3}(?:[.,]\d{3})*[.,]$")
_ADDRESS: Final = re.compile(r"(?:https?://|www\.)[^\s<>()（）“”\"，。；、|\u4e00-\u9fff]*$")
_QUERY: Final = re.compile(r"(?:tel|phone|mobile|sj|sjh|dh|idcard|sfz\w*|cardno)=$", re.IGNORECASE)
_LATIN: Final = re.compile(r"[A-Za-z]+$")
_LATIN_LABEL: Final = re.compile(
    r"tel|mob(?:ile)?|(?:tele)?phone|ph|hp|cell|call|[mtp]|wx|wechat|vx|id|no|sfz|dianhua|shouji", re.IGNORECASE
)


class Number(NamedTuple):
    """A number found: where it starts, what it is, and its digits alone."""

    start: int
    code: str
    digits: str


class _Group(NamedTuple):
    start: int
    end: int
    digits: str


def numbers_of_persons(text: str) -> Iterator[Number]:
    """Every such number in `text`, which is in one writing already (`normalised`)."""
    for run in _RUN.finditer(text):
        groups = [_Group(run.start() + m.start(), run.start() + m.end(), m[0]) for m in _GROUP.finditer(run[0])]
        yield from _in_run(text, groups)


def _in_run(text: str, groups: list[_Group]) -> Iterator[Number]:
    first = 0
    while first < len(groups):
        number, last = next(_at(text, groups, first), (None, first))
        if number:
            yield number
        first = last + 1


def _at(text: str, groups: list[_Group], first: int) -> Iterator[tuple[Number, int]]:
    """The number that starts with a group, and its last group; the longest first."""
    windows = []
    digits = ""
    for last in range(first, len(groups)):
        digits += groups[last].digits
        if len(digits) > 19:
            break
        if len(digits) >= 11:
            windows.append((last, digits))
    for last, digits in reversed(windows):
        window = groups[first : last + 1]
        code = _kind(text, window, digits, is_alone=_is_alone(groups, first, last))
        if code and not _is_tied(text, window):
            yield Number(window[0].start, code, digits), last


def _is_alone(groups: list[_Group], first: int, last: int) -> bool:
    """Whether hardly anything else stands in the run, or nothing that looks like the window's own groups."""
    others = len(groups) - (last - first + 1)
    following = groups[last + 1].digits if last + 1 < len(groups) else ""
    return others < 2 or (last - first == 2 and others < 6 and len(following) != 4)


def _kind(text: str, window: list[_Group], digits: str, *, is_alone: bool) -> str:
    """The code of what the groups of a window are together, "" where they are nothing of a person's.

    In a long row of numbers, as of a statistical table, groups that make a mobile number do so by chance.
    """
    parting = tuple(len(group.digits) for group in window)
    singles = set(parting) == {1}
    if is_identity(digits):
        return "" if _is_part(context_of(text, window[0].start, window[-1].end)) else "privacy-identity"
    if (
        len(digits) == 15
        and not digits.startswith("0086")
        and (len(parting) == 1 or singles or parting in ((6, 6, 3), (6, 9)))
    ):
        found = "privacy-identity" if is_old_identity(digits) else ""
    elif len(digits) >= 16 and (singles or len(parting) == 1 or _is_card_like(parting)):
        found = "privacy-bank-card" if is_bank_card(digits) and _is_card(text, window) else ""
    elif not is_alone and not singles and len(parting) > 1:
        return ""
    else:
        found = "privacy-mobile" if _is_mobile(text, window, digits, parting) else ""
    return found if found and _is_unlabelled(text, window) else ""


def _is_card_like(parting: tuple[int, ...]) -> bool:
    """Whether groups are of one length, but for a shorter last one, or as cards print them."""
    is_even = len(set(parting[:-1])) == 1 and parting[-1] <= parting[0] and parting[0] >= 3
    return is_even or parting in _CARD_PARTINGS


def _is_card(text: str, window: list[_Group]) -> bool:
    """Whether groups are of one card: four numbers in a row are often of a table, unless they say what they are."""
    if len(window) == 1 or len(window[0].digits) == 1 or window[0].digits.startswith("62"):
        return True
    place = context_of(text, window[0].start, window[-1].end)
    return bool(_CARD_LABEL.search(place.before) or _CARD_LABEL.search(place.head))


def _is_mobile(text: str, window: list[_Group], digits: str, parting: tuple[int, ...]) -> bool:
    if len(parting) == 2 and text[window[0].end : window[1].start] in (".", "．"):
        return False
    if len(digits) > 11:
        number = re.sub(r"^(?:0086|86|0)(?=1)", "", digits)
        shorter = (len(number),) if len(parting) == 1 else parting[1:]
        return len(number) == 11 and (shorter in _PARTINGS or set(parting[1:]) == {1}) and is_mobile(number)
    return (parting in _PARTINGS or set(parting) == {1}) and is_mobile(digits)


def is_identity(digits: str) -> bool:
    """Whether 18 characters are an identity number: check character, date and province (GB 11643).

    Counties are not asked: people keep the code of one that was renamed, merged or made after their birth.
    """
    if len(digits) != 18 or not _PROVINCES.fullmatch(digits[:2]) or not _is_date(digits[6:10], digits[10:14]):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits[:17], _WEIGHTS, strict=True))
    last = "X" if digits[17] in "XxХ×Ⅹ" else digits[17]
    return "10X98765432"[total % 11] == last


def is_old_identity(digits: str) -> bool:
    """Whether 15 digits are one of the old numbers: no check digit, so the county must be known."""
    return _is_date("19" + digits[6:8], digits[8:12]) and _is_county(digits[:6])


@lru_cache(maxsize=4096)
def _is_county(code: str) -> bool:
    from stdnum import numdb  # noqa: PLC0415 - its table is read only where a number asks for it

    return any("county" in properties for _, properties in numdb.get("cn/loc").info(code))


def _is_date(year: str, day: str) -> bool:
    if not (year + day).isdecimal() or int(year) not in _YEARS:
        return False
    try:
        date(int(year), int(day[:2]), int(day[2:]))
    except ValueError:
        return False
    return True


@lru_cache(maxsize=4096)
def is_mobile(digits: str) -> bool:
    """Whether eleven digits are a mobile number by the numbering plan."""
    if not re.fullmatch(r"1[3-9]\d{9}", digits):
        return False
    import phonenumbers  # noqa: PLC0415 - loaded only where a number asks for it

    number = phonenumbers.parse(digits, "CN")
    return phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE


def is_bank_card(digits: str) -> bool:
    """Whether 16 to 19 digits are of an issuer that is common here and pass Luhn's check."""
    if not _ISSUERS.fullmatch(digits) or len(set(digits)) < 3:
        return False
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0


def _is_tied(text: str, window: list[_Group]) -> bool:
    """Whether a window of several groups is only part of a number whose groups are tied by hyphens or dots."""
    if len(window) == 1:
        return False
    start, end = window[0].start, window[-1].end
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    return bool(
        (len(before) == 2 and _TIED.match(before[1]) and before[0].isalnum() and before[0].isascii())
        or (len(after) == 2 and _TIED.match(after[0]) and after[1].isdecimal())
    )


def _is_part(place: Context) -> bool:
    """Whether letters or a decimal point tie the number to something longer."""
    latin = _LATIN.search(place.before)
    if latin and not _LATIN_LABEL.fullmatch(latin[0]):
        return True
    return bool(re.match(r"[A-Za-z]", place.after)) or bool(
        _DECIMAL.search(place.before) and not re.fullmatch(r"\s*[1-9]\d?\.", place.before)
    )


def _is_unlabelled(text: str, window: list[_Group]) -> bool:
    """Whether nothing around says that the number is of another kind: a label, a unit, an address."""
    place = context_of(text, window[0].start, window[-1].end)
    url = _ADDRESS.search(place.line[: place.line.find(window[0].digits)] if len(window) == 1 else "")
    return not (
        _is_part(place)
        or _OTHER_NUMBER.search(place.before)
        or (place.head and _OTHER_NUMBER.search(place.head))
        or (place.head and _SUM_HEAD.search(place.head))
        or _SUM_AFTER.match(place.after)
        or _SUM_BEFORE.search(place.before)
        or (url and not _QUERY.search(url[0]))
    )
