"""Documents to search and questions with their answers, the same ones at every run.

A document is about one matter in one place and year, in official language. Questions come in nine `KINDS` and, apart
from these, as people ask: in their own words for the matter, with the place they live in. What answers a question of
the first eight kinds is decided by the text alone: the documents that hold it once both are normalised.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from benchmarks import stock
from benchmarks.search_stock import FIRST, GENRES, MATTERS, QUESTIONS, SECOND, SENTENCES, Matter
from gongkai.search.tokens import normalise
from tests.index_archive import Entry

SEED = "gongkai-search-1"
KINDS = ("title", "phrase", "concepts", "digits", "index", "number", "loose", "name", "question")
LAY = "lay"
COLUMNS = {"notices": "通知公告", "summaries": "工作总结", "plans": "工作计划", "guide": "办事指南"}
DEPARTMENTS = {"office": "办公室", "policy": "法规科", "service": "服务科"}
_ZONE = ZoneInfo("Asia/Shanghai")
_NEWEST = datetime(2026, 10, 20, 9, tzinfo=_ZONE)
_HAN = re.compile("[\u4e00-\u9fff]{4,}")


@dataclass(frozen=True, slots=True)
class Question:
    """What is typed, and the addresses of the documents that answer it."""

    kind: str
    text: str
    answers: frozenset[str]
    is_held_out: bool


def entries(size: int) -> Iterator[Entry]:
    return (entry(number, size) for number in range(size))


def entry(number: int, size: int) -> Entry:
    """Document `number` of an archive of `size`: 300 to 12,000 characters, half of them below 2,400."""
    random = Random(f"{SEED}/{number}")
    matter, place = (MATTERS[number % len(MATTERS)], _place(Random(f"{SEED}/place/{number // len(MATTERS) % 400}")))
    published = _NEWEST - timedelta(days=9_800 * number / size)
    genre = random.choice(GENRES)
    year = published.year
    return Entry(
        url=f"{random.choice(list(COLUMNS))}/{number}/",
        title=random.choice((f"{place}{year}年{matter.name}{genre}", f"关于{place}{matter.name}的{genre}")),
        index=f"SLKJ00012/{year}-{number + 1:06}",
        document_number=f"示{random.choice('科政办市')}字〔{year}〕{number % 199 + 1}号" if number % 3 else "",
        column=random.choice(list(COLUMNS)),
        department=random.choice(["", *DEPARTMENTS]),
        year=year,
        published=published.isoformat(),
        text="\n".join(_lines(matter, place, year, random)),
        genre=genre,
        validity=random.choices(("in-force", "amended", "repealed"), (90, 6, 4))[0],
        has_files=random.random() < 0.1,
    )


def _lines(matter: Matter, place: str, year: int, random: Random) -> Iterator[str]:
    """Paragraphs, a table's rows now and then; a third of the sentences are about the matter."""
    left = round(min(max(random.lognormvariate(7.75, 0.6), 300), 12_000))
    while left > 0:
        parts = [_sentence(matter, place, year, random) for _ in range(random.randrange(1, 6))]
        line = (
            "".join(parts)
            if random.random() < 0.9
            else " ".join((random.choice(FIRST), str(random.randrange(999)), parts[0]))
        )
        left -= len(line)
        yield line


def _sentence(matter: Matter, place: str, year: int, random: Random) -> str:
    slots: dict[str, Callable[[], str]] = {
        "word": lambda: random.choice(matter.words),
        "name": lambda: matter.name,
        "place": lambda: place,
        "year": lambda: str(year),
        "rare": lambda: random.choice(FIRST) + random.choice(SECOND),
        "person": lambda: "示　" + "".join(random.choices(stock.NAME_CHARACTERS, k=2)),
        "office": lambda: random.choice(stock.OFFICES),
        "topic": lambda: random.choice(FIRST) + random.choice(SECOND),
        "n": lambda: str(random.randrange(2, 100)),
        "big": lambda: f"{random.randrange(100, 10_000):,}",
        "pct": lambda: f"{random.randrange(1, 100)}.{random.randrange(10)}",
        "month": lambda: str(random.randrange(1, 13)),
        "day": lambda: str(random.randrange(1, 29)),
    }
    source = SENTENCES if random.random() < 0.35 else stock.SENTENCES
    return re.sub(r"\{(\w+)\}", lambda slot: slots[slot[1]](), random.choice(source))


def _place(random: Random) -> str:
    return random.choice(stock.PLACE_FIRST) + random.choice(stock.PLACE_SECOND) + random.choice(stock.PLACE_KIND)


def questions(documents: Sequence[Entry], each: int = 20, lay: int = 360) -> list[Question]:
    """`each` questions of every kind and `lay` lay ones; every other one is held out from tuning."""
    archive = _Archive(documents)
    makers: dict[str, Callable[[Random], tuple[str, frozenset[str]]]] = {
        "title": archive.title,
        "phrase": archive.phrase,
        "concepts": archive.concepts,
        "digits": archive.digits,
        "index": archive.index,
        "number": archive.number,
        "loose": archive.loose,
        "name": archive.name,
        "question": archive.question,
        LAY: archive.lay,
    }
    found = []
    for kind, make in makers.items():
        random = Random(f"{SEED}/{kind}")
        fitting = _distinct(make, random, lay if kind == LAY else each)
        found += [Question(kind, text, answers, at % 2 == 1) for at, (text, answers) in enumerate(fitting)]
    return found


def _distinct(
    make: Callable[[Random], tuple[str, frozenset[str]]], random: Random, wanted: int
) -> list[tuple[str, frozenset[str]]]:
    """So many distinct questions with answers, of which there are at most 40; fewer where luck fails."""
    found: dict[str, frozenset[str]] = {}
    for _ in range(40 * wanted):
        text, answers = make(random)
        if 0 < len(answers) <= 40:
            found[text] = answers
        if len(found) == wanted:
            break
    return list(found.items())


class _Archive:
    """Documents, and which of them hold what is asked for; those no longer in force are found by number alone."""

    def __init__(self, documents: Sequence[Entry]) -> None:
        self._all = documents
        self._documents = [one for one in documents if one.validity != "repealed"]
        self._texts = [normalise(f"{one.title}\n{one.text}") for one in self._documents]

    def title(self, random: Random) -> tuple[str, frozenset[str]]:
        title = normalise(random.choice(self._documents).title)
        size = random.randrange(4, 9)
        start = random.randrange(max(1, len(title) - size))
        part = title[start : start + size]
        return part, frozenset(one.url for one in self._documents if part in normalise(one.title))

    def phrase(self, random: Random) -> tuple[str, frozenset[str]]:
        part = self._part(random, random.randrange(4, 9))
        return part, self._holding(part)

    def concepts(self, random: Random) -> tuple[str, frozenset[str]]:
        first, second = (random.choice(FIRST) + random.choice(SECOND), random.choice(random.choice(MATTERS).words))
        return f"{first}{random.choice(('', ' '))}{second}", self._holding(first) & self._holding(second)

    def digits(self, random: Random) -> tuple[str, frozenset[str]]:
        text = random.choice(self._documents).text
        found = re.findall(r"[0-9,.]{3,}[\u4e00-\u9fff]{2}", text)
        part = random.choice(found) if found else ""
        return part, self._holding(normalise(part)) if part else frozenset()

    def index(self, random: Random) -> tuple[str, frozenset[str]]:
        one = random.choice(self._all)
        return random.choice((one.index, one.index.partition("/")[2])), frozenset((one.url,))

    def number(self, random: Random) -> tuple[str, frozenset[str]]:
        number = random.choice(self._all).document_number
        return number, self._numbered(number)

    def loose(self, random: Random) -> tuple[str, frozenset[str]]:
        number = random.choice(self._all).document_number
        loosely = (
            number.translate(str.maketrans("〔〕", "[]")),
            number.translate(str.maketrans("〔〕", "（）")),
            number.replace("〔", "").replace("〕", " ").replace("号", ""),
            number.replace("〕", "年第").replace("〔", ""),
        )
        return random.choice(loosely), self._numbered(number)

    def name(self, random: Random) -> tuple[str, frozenset[str]]:
        found = re.findall("联系人(示[\u4e00-\u9fff]{2})", random.choice(self._texts))
        return (found[0], self._holding(found[0])) if found else ("", frozenset())

    def question(self, random: Random) -> tuple[str, frozenset[str]]:
        one = random.choice(self._documents)
        matter, place = self._about(one)
        word = random.choice(matter.words)
        asked = random.choice(
            ("请问{p}{m}中的{w}有什么规定？", "{p}{m}的{w}由谁负责？", "{p}{m}怎么办理，{w}有哪些要求")
        )
        return asked.format(p=place, m=matter.name, w=word), self._said_of(matter, place)

    def lay(self, random: Random) -> tuple[str, frozenset[str]]:
        matter, place = self._about(random.choice(self._documents))
        text = random.choice(QUESTIONS).format(place=place, called=random.choice(matter.called))
        return text, self._said_of(matter, place)

    def _about(self, one: Entry) -> tuple[Matter, str]:
        number = int(one.url.split("/")[1])
        return MATTERS[number % len(MATTERS)], _place(Random(f"{SEED}/place/{number // len(MATTERS) % 400}"))

    def _said_of(self, matter: Matter, place: str) -> frozenset[str]:
        return frozenset(one.url for one in self._documents if matter.name in one.title and place in one.title)

    def _part(self, random: Random, size: int) -> str:
        runs = [run for run in _HAN.findall(random.choice(self._texts)) if len(run) >= size]
        run = random.choice(runs) if runs else ""
        start = random.randrange(max(1, len(run) - size + 1))
        return run[start : start + size]

    def _holding(self, part: str) -> frozenset[str]:
        held = zip(self._documents, self._texts, strict=True)
        return frozenset(one.url for one, text in held if part and part in text)

    def _numbered(self, number: str) -> frozenset[str]:
        return frozenset(one.url for one in self._all if number and one.document_number == number)
