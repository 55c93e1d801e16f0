"""The documents of the benchmark: N papers of an invented bureau, the same ones at every run.

A paper depends on its number, the size of the archive and `SEED` alone, and is made when it is asked for: 100,000 of
them need no more memory than one. Paper `size` (one past the last) is the newest, for the scenario that adds one.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from benchmarks import stock

SEED = "gongkai-1"
ZONE = ZoneInfo("Asia/Shanghai")
FIRST = datetime(1999, 11, 1, 9, tzinfo=ZONE)
LAST = datetime(2026, 10, 20, 9, tzinfo=ZONE)
SHORTEST, LONGEST = 1_300, 8_400
DEPARTMENTS = ("办公室", "规划与政策法规科", "高新技术科", "成果转化科", "知识产权科")

#: Keys and names as in mkdocs.yml, and how a title in that column reads.
COLUMNS: Mapping[str, tuple[str, str]] = {
    "summaries": ("工作总结", "{place}{year}年{topic}工作总结"),
    "plans": ("工作计划", "{place}{year}年{topic}工作计划"),
    "honours": ("荣誉表彰", "关于公布{year}年度{place}{topic}先进集体的通报"),
    "notices": ("通知公告", "关于做好{year}年{place}{topic}工作的通知"),
    "guide": ("政府信息公开指南", "{place}{topic}办事指南（{year}年版）"),
}
_NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Paper:
    """One document, before any tool's way of writing it; `body` is Markdown that every tool reads alike."""

    number: int
    title: str
    column: str
    category: str
    document_number: str
    index: str
    department: str
    created: str
    published: datetime
    description: str
    body: str

    @property
    def year(self) -> int:
        return self.published.year

    @property
    def path(self) -> str:
        return f"{self.column}/{self.year}/{self.number}.md"

    @property
    def fields(self) -> Mapping[str, str]:
        """The eight rows of the field table."""
        return {
            "信息类别": self.category,
            "文件编号": self.document_number,
            "公开方式": "主动公开",
            "生成日期": self.created,
            "公开时限": "常年公开",
            "公开范围": "面向全社会",
            "信息索取号": self.index,
            "责任部门": self.department,
        }


def papers(size: int) -> Iterator[Paper]:
    """All papers of an archive of `size`, oldest first, one at a time."""
    return (paper(number, size) for number in range(size))


def paper(number: int, size: int) -> Paper:
    """Paper `number` of an archive of `size`; the dates of 0 … size are spread evenly over 27 years."""
    random = Random(f"{SEED}/{number}")
    published = FIRST + (LAST - FIRST) * (number / size)
    published = published.replace(minute=random.randrange(60), second=random.randrange(60), microsecond=0)
    column = list(COLUMNS)[number % len(COLUMNS)]
    category, title = COLUMNS[column]
    year = published.year
    created = (published - timedelta(days=random.randrange(1, 10))).date()
    return Paper(
        number=number,
        title=_fill(title.replace("{year}", str(year)), random),
        column=column,
        category=category,
        document_number=f"示科字〔{year}〕{number + 1}号" if column == "notices" else "",
        index=f"SLKJ00012/{created.year}-{number + 1:06}",
        department=random.choice(DEPARTMENTS),
        created=created.isoformat(),
        published=published,
        description=_sentence(random),
        body=_body(random),
    )


def _length(random: Random) -> int:
    """Characters of a body: mean about 2,900, half of them below 2,700."""
    return round(min(max(random.lognormvariate(7.87, 0.39), SHORTEST), LONGEST))


def _body(random: Random) -> str:
    wanted = _length(random)
    written = 0
    blocks: list[str] = []
    for section in range(len(_NUMERALS)):
        for block in _section(section, random):
            blocks.append(block)
            written += len(block) + 2
            if written >= wanted:
                return "\n\n".join(blocks) + "\n"
    blocks.extend(_closing(wanted - written, random))
    return "\n\n".join(blocks) + "\n"


def _section(section: int, random: Random) -> Iterator[str]:
    """A heading with numbered parts under it, now and then a list or a table."""
    yield f"## {_NUMERALS[section]}、{random.choice(stock.SECTIONS)}"
    yield _paragraph(random)
    for part in range(random.randrange(2, 5)):
        yield f"### {part + 1}. {random.choice(stock.TASKS)}"
        yield _paragraph(random)
        if random.random() < 0.15:
            yield "\n".join(f"- {_sentence(random)}" for _ in range(random.randrange(3, 7)))
    if random.random() < 0.2:
        yield _table(random)


def _closing(missing: int, random: Random) -> Iterator[str]:
    while missing > 0:
        block = _paragraph(random)
        missing -= len(block) + 2
        yield block


def _paragraph(random: Random) -> str:
    return "".join(_sentence(random) for _ in range(random.randrange(2, 6)))


def _table(random: Random) -> str:
    rows = [
        f"| {random.choice(stock.TASKS)} | {random.choice(stock.OFFICES)} | {random.randrange(1, 13)}月底前 |"
        for _ in range(random.randrange(3, 9))
    ]
    return "\n".join(["| 任务 | 责任单位 | 时限 |", "|---|---|---|", *rows])


def _sentence(random: Random) -> str:
    return _fill(random.choice(stock.SENTENCES), random)


def _fill(text: str, random: Random) -> str:
    return re.sub(r"\{(\w+)\}", lambda slot: SLOTS[slot[1]](random), text)


def _place(random: Random) -> str:
    return random.choice(stock.PLACE_FIRST) + random.choice(stock.PLACE_SECOND) + random.choice(stock.PLACE_KIND)


def _name(random: Random) -> str:
    return "".join(random.choice(stock.NAME_CHARACTERS) for _ in range(random.randrange(2, 4)))


SLOTS: Mapping[str, Callable[[Random], str]] = {
    "n": lambda random: str(random.randrange(2, 100)),
    "big": lambda random: str(random.randrange(100, 10_000)),
    "pct": lambda random: f"{random.randrange(1, 100)}.{random.randrange(10)}",
    "year": lambda random: str(random.randrange(1999, 2027)),
    "month": lambda random: str(random.randrange(1, 13)),
    "day": lambda random: str(random.randrange(1, 29)),
    "topic": lambda random: random.choice(stock.TOPICS),
    "office": lambda random: random.choice(stock.OFFICES),
    "place": _place,
    "name": _name,
}
