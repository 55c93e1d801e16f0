"""Tables whose row or column of totals is not the sum of the others.

Only plain tables speak: with 其中 or 小计, or numbered at two levels, rows hold one another, and nothing is said.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from gongkai.checks.spots import Spot
from gongkai.records.markdown import cells

_TOTAL: Final = re.compile(r"(?:合\s*计|总\s*计|共\s*计|总\s*和|总\s*数)(?:[（(][^）)]*[）)])?")
_HELD: Final = re.compile(r"其中|小\s*计|——|--|[#＃]|分项")
_NUMBER: Final = re.compile(r"([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)\s?([\u4e00-\u9fff]{0,3})")
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


def wrong_sums(text: str) -> Iterator[Spot]:
    """The totals of tables in `text` that are no sums."""
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
        said, sum_ = _number(rows[total][column]), _sum(row[column] for row in others)
        if said is not None and sum_ is not None and abs(said - sum_) > _slack(rows, column):
            yield _spot(lines[total], rows[0][column], said, sum_)


def _rows(lines: list[int], rows: _Table) -> Iterator[Spot]:
    """Rows whose total is not the sum of the other cells, in a table whose other rows mostly have it right."""
    heads = [place for place, head in enumerate(rows[0]) if place and _TOTAL.fullmatch(head)]
    if len(heads) != 1 or heads[0] not in (1, len(rows[0]) - 1):
        return
    parts = [
        place
        for place, head in enumerate(rows[0])
        if place and place != heads[0] and not _NO_SUM.search(head)
    ]
    if len(parts) < 2 or any(_HELD.search(rows[0][place]) for place in parts):
        return
    judged = []
    for line, row in zip(lines[1:], rows[1:], strict=True):
        said, sum_ = _number(row[heads[0]]), _sum(row[place] for place in parts)
        if said is not None and sum_ is not None:
            judged.append((line, row[0], said, sum_))
    slack = max((_slack(rows, place) for place in (*parts, heads[0])), default=Decimal(0)) * len(parts)
    wrong = [(line, name, said, sum_) for line, name, said, sum_ in judged if abs(said - sum_) > slack]
    if len(wrong) * 2 < len(judged):
        yield from (_spot(line, name, said, sum_) for line, name, said, sum_ in wrong)


def _label(row: Sequence[str]) -> str | None:
    return next((cell for cell in row[:2] if _TOTAL.fullmatch(cell)), None)


def _is_nested(rows: Sequence[Sequence[str]]) -> bool:
    """Whether rows are numbered at more than one level, so that some hold others."""
    levels = {place for row in rows for place, level in enumerate(_LEVELS) if level.match(row[0])}
    plain = any(not any(level.match(row[0]) for level in _LEVELS) for row in rows)
    numbered = any(row[0].isdecimal() for row in rows)
    return len(levels) > 1 or (bool(levels) and plain and not numbered)


def _number(cell: str) -> Decimal | None:
    match = _NUMBER.fullmatch(cell)
    return Decimal(match[1].replace(",", "")) if match else None


def _sum(cells: Iterator[str]) -> Decimal | None:
    """The sum of cells, None where one is no number, all are empty, or their units differ."""
    numbers: list[Decimal] = []
    units = set()
    for cell in cells:
        match = _NUMBER.fullmatch(cell)
        if match:
            numbers.append(Decimal(match[1].replace(",", "")))
            units.add(match[2])
        elif cell not in _NOTHING:
            return None
    return sum(numbers, Decimal(0)) if len(numbers) > 1 and len(units) == 1 else None


def _slack(rows: _Table, column: int) -> Decimal:
    """How far rounding alone may put a sum off: half a unit of the last digit for each number; whole ones are exact."""
    digits = [match[1].partition(".")[2] for row in rows[1:] if (match := _NUMBER.fullmatch(row[column]))]
    places = max(map(len, digits), default=0)
    return Decimal(len(digits)) * Decimal(10) ** -places / 2 if places else Decimal(0)


def _spot(line: int, name: str, said: Decimal, sum_: Decimal) -> Spot:
    shown = f"“{name}”" if name else "这一列"
    message = f"表里{shown}的合计是 {said}，各项相加是 {sum_}，对不上。请核对原件，改正其中一个"
    return Spot(line, "figure-sum", message, f"{name} {said}".strip())
