"""Document numbers (发文字号): 机关代字〔年份〕序号号, as 《党政机关公文格式》 (GB/T 9704-2012, 7.2.5) writes them."""

import re

from gongkai.records.chinese import half_width

_FORM = re.compile(
    r"(?P<office>[^\d\[\]〔〕()﹝﹞【】\s]+?)\s*[\[〔(﹝【]\s*(?P<year>(?:19|20)\d{2})\s*年?\s*[\]〕)﹞】]"
    r"\s*第?\s*0*(?P<serial>[1-9]\d*)\s*号"
)


def standard_form(text: str) -> str | None:
    """`text` as 示科字〔2025〕8号, whatever its brackets, 第, leading zeros and widths; None if it is no such number."""
    match = _FORM.fullmatch(half_width(text).strip())
    return f"{match['office']}〔{match['year']}〕{match['serial']}号" if match else None
