"""What the first and last lines of a paper tell of it: its title, its number, its day, whether it may be public."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from gongkai.imports.word_text import Line
from gongkai.records import dates
from gongkai.records.chinese import ANY_DIGIT
from gongkai.records.numbering import standard_document_number

_AT_TOP: Final = 12
_AT_END: Final = 14
_LONGEST_TITLE: Final = 120
_HEADING: Final = re.compile(r"(?:heading|标题) ?1")
_NO_TITLE: Final = re.compile(
    r"[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)]|\d+[.．、]|.*(?:文件|公报)$|.*[:：。；]$"
)
_LETTERHEAD: Final = re.compile(r"[^，。：；]{4,30}文件")
_DAY: Final = re.compile(
    rf"(?:[^\d]*?\s)?((?:\d{{4}}|[{ANY_DIGIT}]{{4}})年[^年月日]{{1,3}}月[^年月日]{{1,3}}日)"
)
_MARK: Final = re.compile(r"此件(主动公开|公开发布|依申请公开|不予公开|不公开)")
_MEANS: Final = {"公开发布": "主动公开", "不公开": "不予公开"}


@dataclass(frozen=True, slots=True)
class Lead:
    """`taken` says which lines, from 0, hold the title and the number."""

    title: str = ""
    document_number: str = ""
    taken: tuple[int, ...] = ()
    letterhead: str = ""


def lead_of(lines: Sequence[Line]) -> Lead:
    """The title by its style, by the first heading, or by the first lines in the middle; the number beside it."""
    top = [at for at in range(len(lines)) if lines[at].table is None][:_AT_TOP]
    title = _titled(lines, top)
    if not title:
        return Lead()
    beside = [
        at
        for at in (title[0] - 1, title[-1] + 1)
        if at in top and standard_document_number(lines[at].text.strip())
    ]
    words = "".join(" ".join(part.split()) for at in title for part in lines[at].text.split("\n"))
    number = lines[beside[0]].text.strip() if beside else _number_among(lines, top, title[0])
    letterhead = [at for at in top if at < title[0] and _is_letterhead(lines[at])][:1]
    taken = tuple(sorted([*title, *beside[:1], *letterhead]))
    return Lead(words, number, taken, "".join(lines[at].text.strip() for at in letterhead))


def _is_letterhead(line: Line) -> bool:
    return line.is_centred and _LETTERHEAD.fullmatch("".join(line.text.split())) is not None


def _number_among(lines: Sequence[Line], top: list[int], title: int) -> str:
    """The number on a line above the title that has 签发人 or a place as well; the line stays in the body."""
    words = (word for at in top if at < title for word in lines[at].text.split())
    return next((word for word in words if standard_document_number(word)), "")


def _titled(lines: Sequence[Line], top: list[int]) -> list[int]:
    """The lines of the title: of those in the title's style, the first heading, those in the middle."""
    for place, test in enumerate((_is_in_style, _is_heading, _is_in_the_middle)):
        first = next((at for at in top if test(lines[at])), None)
        if first is None or (test is _is_heading and first > top[0] + 3):
            continue
        run = [first]
        while place != 1 and run[-1] + 1 in top and test(lines[run[-1] + 1]):
            run.append(run[-1] + 1)
        if sum(len(lines[at].text) for at in run) <= _LONGEST_TITLE:
            return run
    return []


def _is_in_style(line: Line) -> bool:
    return line.style == "title"


def _is_heading(line: Line) -> bool:
    return _HEADING.fullmatch(line.style) is not None and not _NO_TITLE.match(line.text.strip())


def _is_in_the_middle(line: Line) -> bool:
    words = line.text.strip()
    is_day = _DAY.fullmatch("".join(words.split()).strip("（）()")) is not None
    return (
        line.is_centred and not is_day and not _NO_TITLE.match(words) and not standard_document_number(words)
    )


def is_no_title(line: str) -> bool:
    """Whether a first line is no title: a sentence, a numbered heading, the head of a letter."""
    return len(line) > _LONGEST_TITLE or _NO_TITLE.match(line) is not None


def day_of(lines: Sequence[Line]) -> str:
    """The one day that stands alone on a line near the end, as 落款 has it; "" for none or several.

    Where there is none near the end, attachments may follow: then the only one of the whole paper.
    """
    near = _days(lines[-_AT_END:])
    found = near or _days(lines)
    return found.pop() if len(found) == 1 else ""


def _days(lines: Sequence[Line]) -> set[str]:
    found = set()
    for line in lines:
        match = _DAY.fullmatch(" ".join(line.text.split()))
        if match is None or line.table is not None:
            continue
        try:
            found.add(dates.read_date(match[1].replace(" ", ""))[0].isoformat())
        except ValueError:
            continue
    return found


def disclosure_of(lines: Sequence[Line]) -> str:
    """What （此件主动公开） and its like say; "" for nothing."""
    marks = {match[1] for line in lines if (match := _MARK.search("".join(line.text.split())))}
    mark = marks.pop() if len(marks) == 1 else ""
    return _MEANS.get(mark, mark)
