"""The numbers that Word prints before paragraphs and keeps apart from their text (numbering.xml).

ECMA-376 part 1, 17.9: a paragraph names a list and a level, the list's definition says how each level counts and what
is printed around the number. 一、, （一） and the like become text; bullets and plain `1.` stay lists.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final
from xml.etree.ElementTree import Element

from gongkai.imports.word_xml import W, Word, line_of_styles, style_id, value_of
from gongkai.records.chinese import narrowing, numeral_of, spelt

_WIDE_DIGITS: Final = {narrow: wide for wide, narrow in narrowing("０", "９").items()}
_CIRCLED: Final = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_UNKNOWN: Final = "\ufffd"
_ROMAN: Final = tuple(zip(
    (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
    ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"),
    strict=True,
))  # fmt: skip
_NESTED: Final = re.compile(r"list (?:bullet|number) (\d)")
_HEADING: Final = re.compile(r"(?:heading|标题) ?\d")


@dataclass(frozen=True, slots=True)
class Label:
    """What stands before a paragraph: `text` printed there, or the `number` of a list's item; a bullet has neither."""

    text: str = ""
    number: int = 0
    is_list: bool = False
    is_unknown: bool = False
    """A way of counting that is not known here."""

    @property
    def printed(self) -> str:
        """As it is printed before the text: after Latin letters and digits stands a blank."""
        text = self.text or (f"{self.number}." if self.number else "")
        return f"{text} " if text and text[-1].isascii() else text


@dataclass(frozen=True, slots=True)
class _Level:
    start: int = 1
    form: str = "decimal"
    text: str = ""
    restart: int | None = None
    style: str = ""
    is_legal: bool = False


@dataclass(slots=True)
class Numbering:
    """Counts along the paragraphs of a document; each is asked for once, in order."""

    word: Word
    levels: Mapping[str, Mapping[int, _Level]] = field(init=False)
    abstract: dict[str, str] = field(init=False, default_factory=dict)
    overrides: dict[tuple[str, int], int] = field(init=False, default_factory=dict)
    counts: dict[str, dict[int, int]] = field(init=False, default_factory=dict)
    used: set[tuple[str, int]] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        root = self.word.beside("numbering.xml")
        definitions = [] if root is None else root.findall(f"{W}abstractNum")
        self.levels = {one.get(f"{W}abstractNumId") or "": _levels(one) for one in definitions}
        for num in [] if root is None else root.findall(f"{W}num"):
            name = num.get(f"{W}numId") or ""
            self.abstract[name] = value_of(num, "abstractNumId")
            for override in num.findall(f"{W}lvlOverride"):
                start = value_of(override, "startOverride")
                if start.isdecimal():
                    self.overrides[name, int(override.get(f"{W}ilvl") or 0)] = int(start)

    def label(self, paragraph: Element) -> Label:
        """What Word prints before the paragraph."""
        name, at = self.place(paragraph)
        definition = self.levels.get(self.abstract.get(name, ""), {})
        level = definition.get(at)
        if level is None:
            return Label()
        counts = self._counted(name, at, definition)
        if level.form == "bullet":
            return Label(is_list=True)
        if level.text == f"%{at + 1}." and level.form == "decimal" and not self._is_heading(paragraph):
            return Label(number=counts[at], is_list=counts[at] > 0)
        shown = re.sub(r"%(\d)", lambda k: _figure(counts, definition, int(k[1]) - 1, level), level.text)
        return Label(text=shown, is_unknown=_UNKNOWN in shown)

    def place(self, paragraph: Element) -> tuple[str, int]:
        """The list and the level of a paragraph, by itself or by its style; "" for none."""
        own = paragraph.find(f"{W}pPr/{W}numPr")
        name, at = value_of(own, "numId"), value_of(own, "ilvl")
        styled = style_id(paragraph)
        if not name:
            numbers = (style.number for style in line_of_styles(self.word, styled))
            name, level = next((number for number in numbers if number[0]), ("", None))
            at = at or ("" if level is None else str(level))
        if not at:
            definition = self.levels.get(self.abstract.get(name, ""), {})
            at = next((str(k) for k, one in definition.items() if styled and one.style == styled), "0")
        return name, int(at) if at.isdecimal() else 0

    def depth(self, paragraph: Element) -> int:
        """How far in an item stands, from 0; Word's own styles (List Bullet 2) say it by their name."""
        _, level = self.place(paragraph)
        names = (style.name for style in line_of_styles(self.word, style_id(paragraph)))
        named = next((match for name in names if (match := _NESTED.fullmatch(name))), None)
        return min(8, max(level, int(named[1]) - 1 if named else 0))

    def _is_heading(self, paragraph: Element) -> bool:
        return any(_HEADING.match(style.name) for style in line_of_styles(self.word, style_id(paragraph)))

    def _counted(self, name: str, at: int, definition: Mapping[int, _Level]) -> dict[int, int]:
        """The counts of the list after its next item of level `at`."""
        counts = self.counts.setdefault(self.abstract[name], {})
        if (name, at) in self.overrides and (name, at) not in self.used:
            counts.pop(at, None)
        start = self.overrides.get((name, at), definition[at].start)
        self.used.add((name, at))
        for above in range(at):
            counts.setdefault(above, definition[above].start if above in definition else 1)
        counts[at] = counts[at] + 1 if at in counts else start
        for below in [k for k in counts if k > at]:
            restart = definition[below].restart if below in definition else None
            if restart is None or (restart > 0 and at < restart):
                del counts[below]
        return counts


def _levels(definition: Element) -> dict[int, _Level]:
    return {int(one.get(f"{W}ilvl") or 0): _level(one) for one in definition.findall(f"{W}lvl")}


def _level(level: Element) -> _Level:
    start, restart = value_of(level, "start"), value_of(level, "lvlRestart")
    return _Level(
        start=int(start) if start.isdecimal() else 1,
        form=value_of(level, "numFmt") or "decimal",
        text=value_of(level, "lvlText"),
        restart=int(restart) if restart.isdecimal() else None,
        style=value_of(level, "pStyle"),
        is_legal=level.find(f"{W}isLgl") is not None,
    )


def _figure(counts: Mapping[int, int], definition: Mapping[int, _Level], at: int, own: _Level) -> str:
    form = definition[at].form if at in definition else "decimal"
    return figure(counts.get(at, 1), "decimal" if own.is_legal else form)


def figure(number: int, form: str) -> str:
    """`number` as Word counts in `form` (w:numFmt); U+FFFD for a form that is not known here."""
    count = _FORMS.get(form)
    return count(number) if count else _UNKNOWN


def _letters(number: int) -> str:
    """A to Z, then AA, BB and so on."""
    return chr(ord("A") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _roman(number: int) -> str:
    written = ""
    for value, letters in _ROMAN:
        written += letters * (number // value)
        number %= value
    return written


def _among(signs: str) -> Callable[[int], str]:
    """Counts by `signs`, and on in digits where they end."""
    return lambda number: signs[number - 1] if 0 < number <= len(signs) else str(number)


_FORMS: Final[Mapping[str, Callable[[int], str]]] = {
    "none": lambda _: "",
    **dict.fromkeys(("decimal", "decimalHalfWidth"), str),
    "decimalZero": "{:02}".format,
    "decimalFullWidth": lambda number: str(number).translate(_WIDE_DIGITS),
    **dict.fromkeys(("decimalEnclosedCircle", "decimalEnclosedCircleChinese"), _among(_CIRCLED)),
    **dict.fromkeys(("chineseCounting", "chineseCountingThousand"), numeral_of),
    **dict.fromkeys(("japaneseCounting", "taiwaneseCountingThousand"), numeral_of),
    "chineseLegalSimplified": partial(numeral_of, is_legal=True),
    "ideographDigital": spelt,
    "ideographTraditional": _among("甲乙丙丁戊己庚辛壬癸"),
    "ideographZodiac": _among("子丑寅卯辰巳午未申酉戌亥"),
    "upperLetter": _letters,
    "lowerLetter": lambda number: _letters(number).lower(),
    "upperRoman": _roman,
    "lowerRoman": lambda number: _roman(number).lower(),
}
