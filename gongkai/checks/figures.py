"""Numbers that contradict each other within a document: a count and its list, a share and its parts, a sum and its rows.

Each rule takes only what can be said in one way. Figures are printed rounded, so each stands for an interval, and only
what lies outside of all that rounding allows is told. A number with 多, 余 or 约 is none. Of tables only plain ones
speak: with 其中 or 小计, or numbered at two levels, rows hold one another, and nothing is said.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from gongkai.checks.protocol import Words, WordsRule
from gongkai.checks.texts import Spot, paragraphs, sentences, without_numbers
from gongkai.records.markdown import cells

_NUMBER: Final = r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?:\.\d+)?|(?<![\d.,])\d+(?:\.\d+)?"
_MEASURE: Final = "个|项|家|件|条|名|人|户|位|次|场|篇|份|种|类|批|所|座|处|起|宗|部|本|期|只|台|辆|套|笔|门"
_UNIT: Final = rf"(?:[万亿]?(?:{_MEASURE}|元|吨|亩|度|公里|平方米|人次|户次|件次|千瓦时?)|[万亿])"
_VAGUE: Final = "[多余来几]"
_SHARE: Final = r"(?P<share>\d+(?:\.\d+)?)\s?[%％](?!点)"
_COUNTED: Final = re.compile(
    rf"共(?:有|计|收到|获得?|评出|确定|认定|公布|列出|安排|包括|分为?|涉及|清理|下放|取消|新增|完成|设)?\s?(?P<count>\d{{1,4}})\s?(?P<measure>{_MEASURE})(?!以上|左右)"
)
_ITEM: Final = re.compile(r"(?P<indent>[ \t]*)(?:[-*+]|\d{1,3}[.)．、]|[(（]\d{1,3}[)）])[ \t]*(?P<words>\S.*)?$")
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
_TOTAL: Final = re.compile(r"(?:合\s*计|总\s*计|共\s*计|总\s*和|总\s*数)(?:[（(][^）)]*[）)])?")
_HELD: Final = re.compile(r"其中|小\s*计|——|--|[#＃]|分项")
_CELL_NUMBER: Final = re.compile(r"([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)\s?([\u4e00-\u9fff]{0,3})")
_NOTHING: Final = frozenset(["", "-", "—", "——", "/", "\\", "无", "…"])
_NO_SUM: Final = re.compile(
    r"率|比|均|增长|增幅|降幅|同期|上年|去年|排名|名次|年|序号|编号|代码|单价|标准|价|得分|评分|%|％|月份|日期|时间|电话|指数|强度|累计|计划|目标|预算|备注|结余"
)
_LEVELS: Final = (
    re.compile(r"[一二三四五六七八九十]+、"),
    re.compile(r"[（(][一二三四五六七八九十]+[）)]"),
    re.compile(r"\d+[.．、]"),
    re.compile(r"[（(]\d+[）)]"),
)

_Table = Sequence[Sequence[str]]


class _Between(NamedTuple):
    """All that a printed number may stand for."""

    low: float
    high: float


def contradictions(text: str) -> tuple[Spot, ...]:
    """Every contradiction between numbers of `text`, in the order of its lines."""
    found: list[Spot] = []
    if "共" in text:
        found += _miscounted(sentences(text))
    if "|" in text and ("计" in text or "总" in text):
        found += _wrong_sums(sentences(text))
    if "%" in text or "％" in text:
        found += _wrong_shares(sentences(text))
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
            message = (
                f"“{counts[0][0]}”与下面的清单对不上：清单有{items}{counts[0]['measure']}。请核对，补上漏掉的或改正总数"
            )
            yield Spot(number + 1, "figure-count", message, counts[0][0])


def _is_rough(line: str, count: re.Match[str]) -> bool:
    return bool(re.search(r"[近约超逾]$", line[: count.start("count")])) or line[: count.start()].endswith("公")


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


def _wrong_sums(text: str) -> Iterator[Spot]:
    for line, rows in _tables(text):
        if len(rows) >= 4 and len({len(row) for row in rows}) == 1:
            yield from _columns(line, rows)
            yield from _rows(line, rows)


def _tables(text: str) -> Iterator[tuple[list[int], list[list[str]]]]:
    """(line of each row, cells of each row) of each table; the rule under the head is gone already."""
    numbers: list[int] = []
    rows: list[list[str]] = []
    for number, line in enumerate([*text.split("\n"), "", ""], start=1):
        if "|" in line:
            numbers.append(number)
            rows.append([cell.strip() for cell in cells(line)])
        elif rows and not (len(rows) == 1 and not line.strip()):
            if len(rows) > 1:
                yield numbers, rows
            numbers, rows = [], []


def _columns(lines: list[int], rows: _Table) -> Iterator[Spot]:
    """Columns whose total, in the last row or the first, is not the sum of the other rows."""
    totals = [place for place, row in enumerate(rows) if _label(row) is not None]
    if len(totals) != 1 or totals[0] not in (1, len(rows) - 1):
        return
    total = totals[0]
    others = [row for place, row in enumerate(rows) if place not in (0, total)]
    if len(others) < 2 or any(_HELD.search(cell) for row in others for cell in row[:2]) or _is_nested(others):
        return
    for column in range(1, len(rows[0])):
        if _NO_SUM.search(rows[0][column]):
            continue
        said, sum_ = _cell_number(rows[total][column]), _sum(row[column] for row in others)
        if said is not None and sum_ is not None and abs(said - sum_) > _slack(rows, column):
            yield _sum_spot(lines[total], rows[0][column], said, sum_)


def _rows(lines: list[int], rows: _Table) -> Iterator[Spot]:
    """Rows whose total is not the sum of the other cells, in a table whose other rows mostly have it right."""
    heads = [place for place, head in enumerate(rows[0]) if place and _TOTAL.fullmatch(head)]
    if len(heads) != 1 or heads[0] not in (1, len(rows[0]) - 1):
        return
    parts = [place for place, head in enumerate(rows[0]) if place and place != heads[0] and not _NO_SUM.search(head)]
    if len(parts) < 2 or any(_HELD.search(rows[0][place]) for place in parts):
        return
    compared = []
    for line, row in zip(lines[1:], rows[1:], strict=True):
        said, sum_ = _cell_number(row[heads[0]]), _sum(row[place] for place in parts)
        if said is not None and sum_ is not None:
            compared.append((line, row[0], said, sum_))
    slack = max((_slack(rows, place) for place in (*parts, heads[0])), default=Decimal(0)) * len(parts)
    wrong = [(line, name, said, sum_) for line, name, said, sum_ in compared if abs(said - sum_) > slack]
    if len(wrong) * 2 < len(compared):
        yield from (_sum_spot(line, name, said, sum_) for line, name, said, sum_ in wrong)


def _label(row: Sequence[str]) -> str | None:
    return next((cell for cell in row[:2] if _TOTAL.fullmatch(cell)), None)


def _is_nested(rows: Sequence[Sequence[str]]) -> bool:
    """Whether rows are numbered at more than one level, so that some hold others."""
    levels = {place for row in rows for place, level in enumerate(_LEVELS) if level.match(row[0])}
    plain = any(not any(level.match(row[0]) for level in _LEVELS) for row in rows)
    numbered = any(row[0].isdecimal() for row in rows)
    return len(levels) > 1 or (bool(levels) and plain and not numbered)


def _cell_number(cell: str) -> Decimal | None:
    match = _CELL_NUMBER.fullmatch(cell)
    return Decimal(match[1].replace(",", "")) if match else None


def _sum(cells: Iterator[str]) -> Decimal | None:
    """The sum of cells, None where one is no number, all are empty, or their units differ."""
    numbers: list[Decimal] = []
    units = set()
    for cell in cells:
        match = _CELL_NUMBER.fullmatch(cell)
        if match:
            numbers.append(Decimal(match[1].replace(",", "")))
            units.add(match[2])
        elif cell not in _NOTHING:
            return None
    return sum(numbers, Decimal(0)) if len(numbers) > 1 and len(units) == 1 else None


def _slack(rows: _Table, column: int) -> Decimal:
    """How far rounding alone may put a sum off: half a unit of the last digit for each number; whole ones are exact."""
    digits = [match[1].partition(".")[2] for row in rows[1:] if (match := _CELL_NUMBER.fullmatch(row[column]))]
    places = max(map(len, digits), default=0)
    return Decimal(len(digits)) * Decimal(10) ** -places / 2 if places else Decimal(0)


def _sum_spot(line: int, name: str, said: Decimal, sum_: Decimal) -> Spot:
    shown = f"“{name}”" if name else "这一列"
    message = f"表里{shown}的合计是 {said}，各项相加是 {sum_}，对不上。请核对原件，改正其中一个"
    return Spot(line, "figure-sum", message, f"{name} {said}".strip())


def _look(words: Words) -> tuple[Spot, ...]:
    return () if words.field else contradictions(words.text)


RULES: Final = tuple(
    WordsRule(code, "warning", "text", name, "", _look, thorough=True)
    for code, name in (
        ("figure-count", "件数与清单对不上"),
        ("figure-share", "百分比与数字对不上"),
        ("figure-sum", "合计与各项对不上"),
    )
)
