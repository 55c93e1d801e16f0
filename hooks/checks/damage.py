"""What looks damaged in a text: digits and characters that a flattened or recognised page lost or doubled.

Nothing is repaired and nothing guessed: a finding says where to look and sends the clerk to the original.
Each rule is written to keep silent on sound official prose, and would rather miss damage than cry wolf;
so words that may rightly stand side by side (为了了解, 以及及时, 大学大学生) are none of its business.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

MESSAGES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "date-damaged": "日期像是缺了字或多了字",
        "number-damaged": "数字后面像是缺了量词",
        "quotes-unbalanced": "引号、书名号或括号没有配成对",
        "half-width-punctuation": "汉字旁边用了半角标点",
        "doubled-characters": "有字或标点像是重复了",
        "doubled-phrase": "有词语像是重复了",
        "sentence-run-on": "句子没有断开，或段末缺少标点，像是有脱漏",
        "character-damaged": "有无法辨认的字符（乱码）",
    }
)
"""Every code of this family, and what its finding says."""

_BEFORE: Final = 9
_AFTER: Final = 11


@dataclass(frozen=True, slots=True)
class Damage:
    line: int
    """From 1, in the text as it was given."""
    excerpt: str
    """The place and some 20 characters around it, as they stand."""
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class _Rule:
    code: str
    form: re.Pattern[str]


_HAN: Final = r"[\u3400-\u9fff]"
_YEAR: Final = r"(?<!\d)(?:19|20)\d{2}"
_SIDE: Final = r"[全我本][市省县区局委]"
_REPEATED: Final = (
    "进行 以及 关于 对于 为了 通过 按照 根据 我们 我市 我局 我省 同时 但是 因此 由于 并且 或者 以上 以下"
)
_COUNTED_AFTER: Final = "开展 召开 举办 承办 举行 组织 新增 获批 完成 争取 培育 认定 引进 签约 建立 建成 制定 出台 发放 走访 培训 受理 办结 检查"
# Each with what may rightly stand before it and after it: 目的|的, 为|了了|解.
_DOUBLED: Final = (
    r"(?<![现存正所实内潜外])在在(?!处)",
    r"(?<!目)的的(?!确|士)",
    r"(?<![共饱缓调总温平祥谐柔中])和和(?![气睦美])",
    r"(?<![参赠给赋])与与(?!会)",
    r"(?<![于但可就还若总只要不凡])是是(?!非)",
    r"(?<![针面反相应绝成])对对(?!联)",
    r"(?<![合兼吞归])并并",
    r"(?<![理自缘事根])由由",
    r"或或(?!多|少)",
    r"(?<![因从进反然故])而而",
    r"被被",
    r"把把(?!关)",
    r"(?:[，、；：。][，、；：。]+|,,|;;)",
)
_DATES: Final = (
    rf"{_YEAR}\d{{1,2}}月",  # 201712月
    rf"{_YEAR}\d{{1,4}}日(?!元)",  # 2017119日
    rf"{_YEAR}年(?:\d{{3,}}月|\d{{3,4}}日(?!元))",
    rf"{_YEAR}年月(?![均度平饼])",
    r"\d月日(?![均平常])",
    r"(?<!\d)(?:1[3-9]|[2-9]\d)月(?=\d|底|初|份|[上中下]旬)",
    r"(?<!\d)(?:0?[1-9]|1[0-2])月(?:3[2-9]|[4-9]\d|\d{3,})日(?!元)",
    r"(?<!\d)(?:\d{3}|\d{5,})年\d{1,2}月",
    rf"{_YEAR}(?={_SIDE}|底|初(?![中级始步])|以来|[上下]半年|第?[一二三四]季度)",  # 2017全市
)
_RULES: Final = (
    _Rule("date-damaged", re.compile("|".join(_DATES))),
    _Rule(
        "number-damaged",  # 开展集中调度4,
        re.compile(
            rf"(?:{'|'.join(_COUNTED_AFTER.split())}){_HAN}{{0,8}}"
            r"(?<![到至为达第于件表图款条比占约分值数率量额号])\d{1,3}(?=[，,；;。])"
        ),
    ),
    _Rule("doubled-characters", re.compile("|".join(_DOUBLED))),
    _Rule(
        "doubled-phrase",
        re.compile(
            rf"({_HAN}{{3,12}})\1|({'|'.join(_REPEATED.split())})\2|(?<!\d)(\d{{4}}年)\3"
            r"|(方面|问题|情况|内容)等\4"
        ),
    ),
    _Rule("sentence-run-on", re.compile(r"(?<=\d[%％])(?=新增|其中|同时|全年)")),
    _Rule("sentence-run-on", re.compile(rf"(?<={_HAN})(?<![第十之周其期初星])[二三四五六七八]是(?={_HAN})")),
    _Rule("character-damaged", re.compile("[\ufffd\ue000-\uf8ff\x00-\x08\x0e-\x1b\x7f]+|锟斤拷|烫烫烫")),
)
_HALF_WIDTH: Final = re.compile(
    rf"(?<=[\u3400-\u9fff“”‘’《》（）])[,:;?!()]|[,:;?!()](?=[\u3400-\u9fff“”‘’《》（）])|(?<={_HAN})\.(?={_HAN}|$)"
)
_PAIRS: Final[Mapping[str, str]] = MappingProxyType(
    dict(zip("”’》〉）)】〕」』", "“‘《〈（（【〔「『", strict=True))
)
_OPENING: Final = frozenset(_PAIRS.values())
_APOSTROPHE: Final = re.compile(r"(?<=[A-Za-z])’(?=[A-Za-z])")
_ENUMERATION: Final = re.compile(
    r"(?:^|(?<=[\s。；;，,：:、]))(?:\d{1,2}|[a-zA-Z]|[一二三四五六七八九十]{1,2})[)）]"
)
_FULL_WIDTH_DIGITS: Final = str.maketrans("０１２３４５６７８９", "0123456789")
_CONTACT: Final = re.compile("电话|地址|邮编|联系人|邮箱|网址|传真|https?:")
_SHORTEST_SENTENCE: Final = 40
_ENDS: Final = tuple("。！？；：…”’》〉）」』】.!?;:)>|")


def find_damage(text: str) -> tuple[Damage, ...]:
    """Everything that looks damaged, in the order of the text; a paragraph is a line."""
    lines = re.split(r"\r\n?|\n", text)
    return tuple(
        Damage(number, _excerpt(line, at), code, message)
        for number, line in enumerate(lines, start=1)
        for at, code, message in sorted(_found(line, lines[number:]))
    )


def _found(line: str, following: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    """(place, code, message) of each finding in one line."""
    yield from _ruled(line)
    yield from _unpaired(line, following)
    half_width = [(mark.start(), mark[0]) for mark in _HALF_WIDTH.finditer(line)]
    if half_width:
        marks = " ".join(dict.fromkeys(mark for _, mark in half_width))
        detail = f"本段有 {len(half_width)} 处：{marks}"
        yield half_width[0][0], "half-width-punctuation", _message("half-width-punctuation", detail)
    if _breaks_off(line):
        yield len(line.rstrip()), "sentence-run-on", _message("sentence-run-on", "段末没有标点")


def _ruled(line: str) -> Iterator[tuple[int, str, str]]:
    plain = line.translate(_FULL_WIDTH_DIGITS)
    has_first = "一是" in plain
    for rule in _RULES:
        for match in rule.form.finditer(plain):
            if match[0].endswith("是") and rule.code == "sentence-run-on" and not has_first:
                continue
            shown = line[match.start() : match.end()]
            yield match.start(), rule.code, _message(rule.code, shown and f"“{shown}”")


def _unpaired(line: str, following: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    unpaired = _unpaired_marks(line)
    first = len(line) - len(line.lstrip())
    for at in unpaired:
        if at == first and line[at] in "“‘" and _goes_on(line[at], following):
            continue
        yield at, "quotes-unbalanced", _message("quotes-unbalanced", f"{line[at]} 缺另一半")


def _unpaired_marks(line: str) -> list[int]:
    """Where the marks stand whose other half is not in the line; brackets of either width pair."""
    apostrophes = {match.start() for match in _APOSTROPHE.finditer(line)}
    numbering = {match.end() - 1 for match in _ENUMERATION.finditer(line)}
    exempt = apostrophes | numbering
    unpaired: list[int] = []
    awaited: list[tuple[str, int]] = []
    open_now: Counter[str] = Counter()
    for at, mark in enumerate(line):
        opening = "（" if mark == "(" else mark
        if opening in _OPENING:
            awaited.append((opening, at))
            open_now[opening] += 1
        elif mark in _PAIRS and at not in apostrophes and open_now[_PAIRS[mark]]:
            unpaired += _closed(awaited, open_now, _PAIRS[mark])
        elif mark in _PAIRS and at not in exempt:
            unpaired.append(at)
    return sorted([*unpaired, *(at for _, at in awaited)])


def _closed(awaited: list[tuple[str, int]], open_now: Counter[str], kind: str) -> Iterator[int]:
    """Take the last mark of its kind from those awaited, and report those opened after it."""
    while True:
        opened, at = awaited.pop()
        open_now[opened] -= 1
        if opened == kind:
            return
        yield at


def _goes_on(mark: str, following: Sequence[str]) -> bool:
    """A quotation of several paragraphs opens each of them and closes only the last (GB/T 15834)."""
    return next((line.lstrip()[0] == mark for line in following if line.strip()), False)


def _breaks_off(line: str) -> bool:
    """A paragraph of sentences whose last one has no end; headings, lists and addresses have none either."""
    paragraph = line.strip()
    return (
        len(paragraph) >= _SHORTEST_SENTENCE
        and not paragraph.startswith(("|", "#", "- ", "* ", "<"))
        and not paragraph.endswith(_ENDS)
        and re.search("[，,。；;]", paragraph[:-1]) is not None
        and not _CONTACT.search(paragraph[-_SHORTEST_SENTENCE:])
    )


def _message(code: str, detail: str) -> str:
    return f"{MESSAGES[code]}（{detail}）" if detail else MESSAGES[code]


def _excerpt(line: str, at: int) -> str:
    return line[max(0, at - _BEFORE) : at + _AFTER].strip()
