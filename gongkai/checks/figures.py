"""Numbers that contradict each other within a document: a count and its list, a share and its parts, a sum and its rows.

Each rule takes only what can be said in one way. Figures are printed rounded, so each stands for an interval, and only
what lies outside of all that rounding allows is told. A number with 多, 余 or 约 is none.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from gongkai.checks.markdown import paragraphs, sentences
from gongkai.checks.spots import Spot, without_numbers
from gongkai.checks.sums import wrong_sums

_NUMBER: Final = r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?:\.\d+)?|(?<![\d.,])\d+(?:\.\d+)?"
_MEASURE: Final = "个|项|家|件|条|名|人|户|位|次|场|篇|份|种|类|批|所|座|处|起|宗|部|本|期|只|台|辆|套|笔|门"
_UNIT: Final = rf"(?:[万亿]?(?:{_MEASURE}|元|吨|亩|度|公里|平方米|人次|户次|件次|千瓦时?)|[万亿])"
_VAGUE: Final = "[多余来几]"
_SHARE: Final = r"(?P<share>\d+(?:\.\d+)?)\s?[%％](?!点)"
_COUNTED: Final = re.compile(
    rf"共(?:有|计|收到|获得?|评出|确定|认定|公布|列出|安排|包括|分为?|涉及|清理|下放|取消|新增|完成|设)?\s?(?P<count>\d{{1,4}})\s?(?P<measure>{_MEASURE})(?!以上|左右)"
)
_ITEM: Final = re.compile(
    r"(?P<indent>[ \t]*)(?:[-*+]|\d{1,3}[.)．、]|[(（]\d{1,3}[)）])[ \t]*(?P<words>\S.*)?$"
)
#: 由A增至B，增长x%; 从A家增加到B家，同比增长x%
_CHANGED: Final = re.compile(
    rf"[由从](?P<before>[^，。；\d]{{0,12}})(?P<a>{_NUMBER})(?P<ua>{_UNIT}?)(?:[^，。；\d]{{0,4}})(?P<verb>增[加长]?|提高|上升|扩大|发展|下降|减少|降低?|缩减|压减|提升)[到至为](?:[^，。；\d]{{0,8}})"
    rf"(?P<b>{_NUMBER})(?P<ub>{_UNIT}?)[，,](?:[^，。；\d]{{0,6}}?)(?P<way>增长|增加|提高|上升|增幅[为达]?|下降|减少|降低|降幅[为达]?)了?(?:约)?{_SHARE}"
)
#: 共A家，其中B家……，占x%; A项中有B项，占总数的x%
_PART: Final = re.compile(
    rf"(?P<a>{_NUMBER})(?P<ua>{_UNIT})(?P<between>[^。；;%％\d]{{0,30}}?)(?:其中|[中里]有?)[^。；;，,%％\d]{{0,24}}?(?P<b>{_NUMBER})(?P<ub>{_UNIT})[^。；;%％\d]{{0,12}}?[，,（(](?:占比?|占总数|占全部|占其|占总量|占总额)(?:[的为达约]|比例为|比例)?\s?{_SHARE}"
)
#: B家，占……A家的x%
_OF: Final = re.compile(
    rf"(?P<b>{_NUMBER})(?P<ub>{_UNIT})[^。；;，,%％\d]{{0,10}}[，,（(]?(?:占|为|完成|达到?)(?P<between>[^。；;，,%％\d]{{1,16}}?)(?P<a>{_NUMBER})(?P<ua>{_UNIT})的\s?{_SHARE}"
)
#: 目标A，完成B，完成率x%
_DONE: Final = re.compile(
    rf"(?:目标|任务|计划|预算|应办|应)(?P<between>[^。；;%％\d]{{0,12}}?)(?P<a>{_NUMBER})(?P<ua>{_UNIT})[^。；;%％\d]{{0,10}}[，,][^。；;%％\d]{{0,6}}(?:完成|实现|办结|执行|支出|兑现)(?P<x>[^。；;，,%％\d]{{0,6}})(?P<b>{_NUMBER})(?P<ub>{_UNIT})[，,（(][^。；;%％\d]{{0,6}}(?:完成率|执行率|办结率|兑现率|完成比例)(?:[为达]|达到)?\s?{_SHARE}"
)
#: Each form with a word it cannot do without.
_FORMS: Final = (
    (re.compile("[由从]"), _CHANGED),
    (re.compile("占.{0,6}\\d"), _PART),
    (re.compile(r"的\s?[\d.]+\s?[%％]"), _OF),
    (re.compile("率|比例"), _DONE),
)
_SENTENCE: Final = re.compile(r"[^。；;]+")
_SCALE: Final = {"万": 10_000.0, "亿": 100_000_000.0}
_OTHER_BASE: Final = re.compile("年均|平均|百分点|可比|剔除|扣除|折|累计|超")


class _Between(NamedTuple):
    """All that a printed number may stand for."""

    low: float
    high: float


def contradictions(text: str) -> tuple[Spot, ...]:
    """Every contradiction between numbers of `text`, in the order of its lines."""
    found: list[Spot] = []
    may_share = "%" in text or "％" in text
    may_count = "共" in text
    may_sum = "|" in text and ("计" in text or "总" in text)
    if may_share or may_count or may_sum:
        read = sentences(text)
        found += _miscounted(read) if may_count else ()
        found += wrong_sums(read) if may_sum else ()
        found += _wrong_shares(read) if may_share else ()
    return tuple(sorted(found))


def _wrong_shares(text: str) -> Iterator[Spot]:
    for paragraph in paragraphs(text):
        if "%" not in paragraph.text and "％" not in paragraph.text:
            continue
        for sentence in _SENTENCE.finditer(paragraph.text):
            for form in _forms(sentence[0]):
                for match in form.finditer(paragraph.text, *sentence.span()):
                    if _is_wrong(match, is_change=form is _CHANGED):
                        yield _share_spot(paragraph.line_of(match.start()), match, is_change=form is _CHANGED)


def _forms(sentence: str) -> Iterator[re.Pattern[str]]:
    """The forms that a sentence can have, by words that they cannot do without."""
    if "%" in sentence or "％" in sentence:
        yield from (form for cue, form in _FORMS if cue.search(sentence))


def _is_wrong(match: re.Match[str], *, is_change: bool) -> bool:
    """Whether no numbers that round to those printed have the share that is printed."""
    if _OTHER_BASE.search(match[0]) or _is_vague(match, "a") or _is_vague(match, "b"):
        return False
    whole, part = _scaled(match["a"], match["ua"]), _scaled(match["b"], match["ub"])
    one_unit = match["ua"].lstrip("万亿") == match["ub"].lstrip("万亿") or (is_change and not match["ua"])
    if is_change and not match["ua"]:
        whole = _scaled(match["a"], match["ub"])
    if not one_unit or whole.low <= 0 or (not is_change and part.low > whole.high * 1.5):
        return False
    share = _printed(match["share"], slack=1.0)
    low, high = 100 * part.low / whole.high, 100 * part.high / whole.low
    if is_change:
        low, high = low - 100, high - 100
        if re.match("下降|减少|降", match["way"]):
            low, high = -high, -low
    return share.high < low or share.low > high


def _is_vague(match: re.Match[str], name: str) -> bool:
    """Whether the number is an estimate: 近400家, 400多家, 约400家."""
    before = match.string[max(0, match.start(name) - 2) : match.start(name)]
    after = match.string[match.end(name) : match.end(name) + 4].lstrip()
    is_rough = re.search(r"[近约超逾过第.\-—–~]$|不足$|\d[至到]$", before)
    return bool(is_rough or re.match(rf"{_VAGUE}|{_UNIT}?(?:以上|左右|余)", after))


def _printed(number: str, slack: float = 0.5) -> _Between:
    """What a number as printed stands for: `slack` units of its last digit to either side."""
    digits = number.replace(",", "")
    step = 10.0 ** -len(digits.partition(".")[2])
    return _Between(float(digits) - slack * step, float(digits) + slack * step)


def _scaled(number: str, unit: str) -> _Between:
    """A number with its unit: whole pieces are exact, measures are rounded."""
    is_exact = "." not in number and re.fullmatch(_MEASURE, unit) is not None
    scale = next((factor for sign, factor in _SCALE.items() if unit.startswith(sign)), 1.0)
    between = _printed(number, 0.0 if is_exact else 0.5)
    return _Between(between.low * scale, between.high * scale)


def _share_spot(line: int, match: re.Match[str], *, is_change: bool) -> Spot:
    whole, part = _scaled(match["a"], match["ua"] or match["ub"]), _scaled(match["b"], match["ub"])
    right = 100 * (part.low + part.high) / (whole.low + whole.high)
    if is_change:
        right = abs(right - 100)
    places = len(match["share"].partition(".")[2])
    message = (
        f"{match['share']}%与同一句里的两个数对不上：照 {match['a']}{match['ua']} 和 {match['b']}{match['ub']} 算是"
        f"{right:.{places}f}%。请核对原件，改正其中一个"
    )
    return Spot(line, "figure-share", message, without_numbers(match[0][-40:]))


def _miscounted(text: str) -> Iterator[Spot]:
    lines = text.split("\n")
    for number, line in enumerate(lines):
        counts = list(_COUNTED.finditer(line)) if "共" in line and line.rstrip().endswith(("：", ":")) else []
        if len(counts) != 1 or "其中" in line[counts[0].end() :] or _is_rough(line, counts[0]):
            continue
        items = _items_after(lines, number + 1, counts[0]["measure"])
        if items and items != int(counts[0]["count"]):
            message = f"“{counts[0][0]}”与下面的清单对不上：清单有{items}{counts[0]['measure']}。请核对，补上漏掉的或改正总数"
            yield Spot(number + 1, "figure-count", message, counts[0][0])


def _is_rough(line: str, count: re.Match[str]) -> bool:
    return bool(re.search(r"[近约超逾]$", line[: count.start("count")])) or line[: count.start()].endswith(
        "公"
    )


def _items_after(lines: list[str], first: int, measure: str) -> int:
    """How many items the list has that follows directly; 0 where none does, or where its items count themselves."""
    indent, count = "", 0
    blanks = 0
    for line in lines[first:]:
        item = _ITEM.match(line)
        if not line.strip():
            blanks += 1
            continue
        if item is None:
            if count and line.startswith((" ", "\t")):
                continue
            break
        if not count:
            indent = item["indent"]
        if len(item["indent"].expandtabs()) > len(indent.expandtabs()) + 1:
            continue
        if re.search(rf"\d\s?(?:{measure})|等", item["words"] or ""):
            return 0
        count += 1
    return count if count > 1 else 0
