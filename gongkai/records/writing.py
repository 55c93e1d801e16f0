"""How Chinese office software writes digits, blanks and numerals, brought to one form."""

import re

_WIDTHS = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20}
_NUMERALS = {
    "〇": 0,
    "○": 0,
    "零": 0,
    "一": 1,
    "二": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_CHINESE_DATE = re.compile(
    r"([〇○零一二三四五六七八九]{4})年([元一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日"
)


def half_width(text: str) -> str:
    """`text` with full-width ASCII forms and blanks made half-width; Chinese punctuation such as 、。〔〕 stays."""
    return text.translate(_WIDTHS)


def _below_hundred(numeral: str) -> int:
    tens, ten, ones = numeral.partition("十")
    if not ten:
        return _NUMERALS[numeral]
    return (_NUMERALS[tens] if tens else 1) * 10 + (_NUMERALS[ones] if ones else 0)


def arabic_date(text: str) -> str:
    """`text` with a date in Chinese numerals (二〇一八年七月二十六日) written in digits (2018年7月26日)."""

    def digits(match: re.Match[str]) -> str:
        year, month, day = match.groups()
        try:
            return f"{''.join(str(_NUMERALS[c]) for c in year)}年{_below_hundred(month)}月{_below_hundred(day)}日"
        except KeyError:
            return match.group()

    return _CHINESE_DATE.sub(digits, text)
