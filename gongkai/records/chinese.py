"""Chinese digits, numerals and full-width forms: the one table of each, and the ways between them and ASCII."""

from typing import Final

#: By value. 〇 has two more writings, ○ and 零.
DIGITS: Final = "〇一二三四五六七八九"
#: Every writing of a digit, for the inside of a regular expression's brackets.
ANY_DIGIT: Final = f"○零{DIGITS}"
#: For `str.translate`: each Chinese digit to its ASCII one. Who accepts 幺 or 两 as well adds it.
TO_ASCII_DIGITS: Final = str.maketrans(ANY_DIGIT, "000123456789")
_UNITS: Final = ("", "十", "百", "千")
_LEGAL_DIGITS: Final = "零壹贰叁肆伍陆柒捌玖"
_LEGAL_UNITS: Final = ("", "拾", "佰", "仟")


def narrowing(first: str = "！", last: str = "～") -> dict[int, int]:
    """For `str.translate`: the full-width forms of ASCII (U+FF01 to U+FF5E) from `first` to `last`, made half-width."""
    return {code: code - 0xFEE0 for code in range(ord(first), ord(last) + 1)}


_NARROW: Final = narrowing() | {0x3000: 0x20, 0xA0: 0x20}


def half_width(text: str) -> str:
    """`text` with full-width ASCII forms and blanks made half-width; Chinese punctuation such as 、。〔〕 stays."""
    return text.translate(_NARROW)


def number_of(numeral: str) -> int:
    """The number from 0 to 99 that `numeral` writes (三, 十, 二十六); raises ValueError for anything else."""
    tens, ten, ones = numeral.rpartition("十")
    if not ten:
        return _digit(ones)
    return (_digit(tens) if tens else 1) * 10 + (_digit(ones) if ones else 0)


def _digit(text: str) -> int:
    if len(text) != 1 or text not in ANY_DIGIT:
        raise ValueError(f"no Chinese digit: {text}")
    return int(text.translate(TO_ASCII_DIGITS))


def spelt(number: int) -> str:
    """`number` digit by digit, as years are written: 二〇二五."""
    return "".join(DIGITS[int(digit)] for digit in str(number))


def numeral_of(number: int, *, is_legal: bool = False) -> str:
    """`number` from 1 to 9,999 as it is counted (十五, 三千零六), in 大写 where `is_legal`; others in ASCII digits."""
    if not 0 < number < 10_000:
        return str(number)
    digits, units = (_LEGAL_DIGITS, _LEGAL_UNITS) if is_legal else (DIGITS, _UNITS)
    written, is_gap = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit:
            zero = "零" if is_gap and written else ""
            written += f"{zero}{digits[digit]}{units[place]}"
        is_gap = digit == 0
    return written.removeprefix("一") if written.startswith("一十") else written
