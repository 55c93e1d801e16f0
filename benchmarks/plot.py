"""CPU seconds against documents, both logarithmic, as an SVG: a colour for each tool, a dash for each scenario."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from math import ceil, floor, log10

Point = tuple[float, float]

_WIDTH, _HEIGHT = 960, 560
_LEFT, _RIGHT, _TOP, _BOTTOM = 76, 660, 60, 500
_COLOURS = ("#1d5fa6", "#b3541e", "#5d6570", "#2e7d4f", "#7a3e9d")
_DASHES = ("", "8 4", "2 3", "10 3 2 3", "5 2", "1 5")


@dataclass(frozen=True)
class Line:
    """The CPU seconds of one tool in one scenario: points (documents, seconds), all above zero."""

    tool: str
    scenario: str
    points: Sequence[Point]


@dataclass(frozen=True)
class Axes:
    """The decades shown: exponents of ten of the lower left and upper right corner."""

    low: Point
    high: Point

    def place(self, point: Point) -> Point:
        """Where a point lies on the drawing."""
        across, up = (
            (log10(value) - low) / (high - low) for value, low, high in zip(point, self.low, self.high, strict=True)
        )
        return _LEFT + across * (_RIGHT - _LEFT), _BOTTOM - up * (_BOTTOM - _TOP)


def plot(lines: Sequence[Line], title: str) -> str:
    """The drawing; ValueError where there is nothing to draw."""
    axes = _axes([point for line in lines for point in line.points])
    colours = _styles([line.tool for line in lines], _COLOURS)
    dashes = _styles([line.scenario for line in lines], _DASHES)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" font-family="sans-serif" font-size="13">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
        _text(_LEFT, 24, title, 'font-size="16"'),
        *_grid(axes),
    ]
    for place, line in enumerate(lines):
        style = colours[line.tool], dashes[line.scenario]
        parts += [*_line(line, axes, *style), *_legend(place, line, *style)]
    return "\n".join([*parts, "</svg>"]) + "\n"


def _styles(names: Sequence[str], styles: Sequence[str]) -> dict[str, str]:
    """A style for each name, by its first appearance."""
    return {name: styles[place % len(styles)] for place, name in enumerate(dict.fromkeys(names))}


def _axes(points: Sequence[Point]) -> Axes:
    """Whole decades around all points, at least one each way."""
    if not points:
        raise ValueError("no figures to plot")
    across, up = zip(*points, strict=True)
    (left, right), (low, high) = _decades(across), _decades(up)
    return Axes((left, low), (right, high))


def _decades(values: Sequence[float]) -> tuple[int, int]:
    low = floor(log10(min(values)))
    return low, max(low + 1, ceil(log10(max(values))))


def _grid(axes: Axes) -> Iterator[str]:
    for exponent in range(int(axes.low[0]), int(axes.high[0]) + 1):
        x, _ = axes.place((10.0**exponent, 10.0 ** axes.low[1]))
        yield _stroke((x, _TOP), (x, _BOTTOM), "#ddd")
        yield _text(x, _BOTTOM + 20, f"{10**exponent:,}", 'text-anchor="middle"')
    for exponent in range(int(axes.low[1]), int(axes.high[1]) + 1):
        _, y = axes.place((10.0 ** axes.low[0], 10.0**exponent))
        yield _stroke((_LEFT, y), (_RIGHT, y), "#ddd")
        yield _text(_LEFT - 8, y + 4, f"{10.0**exponent:g}", 'text-anchor="end"')
    yield _text((_LEFT + _RIGHT) / 2, _BOTTOM + 44, "documents", 'text-anchor="middle"')
    yield _text(18, _TOP - 10, "CPU seconds", "")


def _line(line: Line, axes: Axes, colour: str, dash: str) -> Iterator[str]:
    places = [axes.place(point) for point in line.points]
    for start, end in pairwise(places):
        yield _stroke(start, end, colour, width=2, dash=dash)
    for (x, y), (documents, seconds) in zip(places, line.points, strict=True):
        hint = f"{line.tool}, {line.scenario}: {documents:,.0f} documents, {seconds:.3g} CPU s"
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"><title>{escape(hint)}</title></circle>'


def _legend(place: int, line: Line, colour: str, dash: str) -> Iterator[str]:
    y = _TOP + 10 + place * 22
    yield _stroke((_RIGHT + 24, y), (_RIGHT + 64, y), colour, width=2, dash=dash)
    yield _text(_RIGHT + 72, y + 4, f"{line.tool}, {line.scenario}", "")


def _stroke(start: Point, end: Point, colour: str, *, width: int = 1, dash: str = "") -> str:
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    ends = f'x1="{start[0]:.1f}" y1="{start[1]:.1f}" x2="{end[0]:.1f}" y2="{end[1]:.1f}"'
    return f'<line {ends} stroke="{colour}" stroke-width="{width}"{dashed}/>'


def _text(x: float, y: float, words: str, style: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="#222"{" " if style else ""}{style}>{escape(words)}</text>'
