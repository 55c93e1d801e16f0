"""What looks damaged in a text: digits and characters that a flattened or recognised page lost or doubled.

Nothing is repaired and nothing guessed: a finding says where to look and sends the clerk to the original.
Each rule is written to keep silent on sound official prose, and would rather miss damage than cry wolf;
so words that may rightly stand side by side (为了了解, 以及及时, 大学大学生) are none of its business. Words that a bureau
does not print are its own list, each with what to write instead.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from types import MappingProxyType
from typing import Final

from gongkai.checks.protocol import Words, WordsRule
from gongkai.checks.texts import Paragraph, Spot, line_at, paragraphs, sentences, without_numbers
from gongkai.records.chinese import narrowing

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
#: So far around a place a number may reach that stands in its excerpt.
_REACH: Final = 60


@dataclass(frozen=True, slots=True)
class _Rule:
    """`form` can only begin where `start` matches: a pattern that begins with a look behind is slow to search for."""

    code: str
    form: re.Pattern[str]
    start: re.Pattern[str] | None = None

    def found(self, line: str) -> Iterator[re.Match[str]]:
        """Where the form stands in a line, one after another."""
        if self.start is None:
            yield from self.form.finditer(line)
            return
        end = 0
        for start in self.start.finditer(line):
            if start.start() >= end and (match := self.form.match(line, start.start())):
                yield match
                end = max(match.end(), start.start() + 1)


_HAN: Final = r"[\u3400-\u9fff]"
_YEAR: Final = r"(?<!\d)(?:19|20)\d{2}"
_SIDE: Final = r"[全我本][市省县区局委]"
_REPEATED: Final = "进行 以及 关于 对于 为了 通过 按照 根据 我们 我市 我局 我省 同时 但是 因此 由于 并且 或者 以上 以下"
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
    r"\d{1,2}月日(?![均平常])",
    r"(?<!\d)(?:1[3-9]|[2-9]\d)月(?=\d|底|初|份|[上中下]旬)",
    r"(?<!\d)(?:0?[1-9]|1[0-2])月(?:3[2-9]|[4-9]\d|\d{3,})日(?!元)",
    r"(?<!\d)(?:\d{3}|\d{5,})年\d{1,2}月",
    rf"{_YEAR}(?={_SIDE}|底|初(?![中级始步])|以来|[上下]半年|第?[一二三四]季度)",  # 2017全市
)
_DIGIT: Final = re.compile(r"\d+")
_MAY_DOUBLE: Final = re.compile("[在的和与是对并由或而被把，、；：。,;](?=[在的和与是对并由或而被把，、；：。,;])")
_REPEATED_TWICE: Final = re.compile(
    f"[{''.join(sorted({word[0] for word in _REPEATED.split()}))}](?=[{''.join(sorted({word[1] for word in _REPEATED.split()}))}])"
)
_RULES: Final = (
    _Rule("date-damaged", re.compile("|".join(_DATES)), _DIGIT),
    _Rule(
        "number-damaged",  # 开展集中调度4,
        re.compile(
            rf"(?:{'|'.join(_COUNTED_AFTER.split())}){_HAN}{{0,8}}"
            r"(?<![到至为达第于件表图款条比占约分值数率量额号])\d{1,3}(?=[，,；;。])"
        ),
    ),
    _Rule("doubled-characters", re.compile("|".join(_DOUBLED)), _MAY_DOUBLE),
    _Rule("doubled-phrase", re.compile(rf"({_HAN}{{3,12}})\1")),
    _Rule("doubled-phrase", re.compile(rf"({'|'.join(_REPEATED.split())})\1"), _REPEATED_TWICE),
    _Rule("doubled-phrase", re.compile(r"(?<!\d)(\d{4}年)\1"), re.compile(r"\d{4}年(?=\d{4}年)")),
    _Rule("doubled-phrase", re.compile(r"(方面|问题|情况|内容)等\1"), re.compile("[方问情内][面题况容]等")),
    _Rule("sentence-run-on", re.compile(r"(?<=\d[%％])(?=新增|其中|同时|全年)"), re.compile("[新其同全][增中时年]")),
    _Rule(
        "sentence-run-on",
        re.compile(rf"(?<={_HAN})(?<![第十之周其期初星])[二三四五六七八]是(?={_HAN})"),
        re.compile("[二三四五六七八]是"),
    ),
    _Rule("character-damaged", re.compile("[\ufffd\ue000-\uf8ff\x00-\x08\x0e-\x1b\x7f]+|锟斤拷|烫烫烫")),
)
_HALF_WIDTH: Final = _Rule(
    "half-width-punctuation",
    re.compile(
        rf"(?<=[\u3400-\u9fff“”‘’《》（）])[,:;?!()]|[,:;?!()](?=[\u3400-\u9fff“”‘’《》（）])|(?<={_HAN})\.(?={_HAN}|$)",
        re.MULTILINE,
    ),
    re.compile("[,:;?!().]"),
)
_PAIRS: Final[Mapping[str, str]] = MappingProxyType(dict(zip("”’》〉）)】〕」』", "“‘《〈（（【〔「『", strict=True)))
_OPENING: Final = frozenset(_PAIRS.values())
_MARK: Final = re.compile(f"[{re.escape(''.join((*_PAIRS, *_OPENING, '(')))}]")
_MARK_OR_LINE: Final = re.compile(f"[\n{re.escape(''.join((*_PAIRS, *_OPENING, '(')))}]")
_APOSTROPHE: Final = re.compile(r"(?<=[A-Za-z])’(?=[A-Za-z])")
_ENUMERATION: Final = re.compile(r"(?:^|(?<=[\s。；;，,：:、]))(?:\d{1,2}|[a-zA-Z]|[一二三四五六七八九十]{1,2})[)）]")
_FULL_WIDTH_DIGITS: Final = narrowing("０", "９")
_FULL_WIDTH: Final = re.compile("[０-９]")
_CONTACT: Final = re.compile("电话|地址|邮编|联系人|邮箱|网址|传真|https?:")
_SHORTEST_SENTENCE: Final = 40
_ENDS: Final = tuple("。！？；：…”’》〉）」』】.!?;:)>|")


def find_damage(text: str) -> tuple[Spot, ...]:
    """Everything that looks damaged, in the order of the text; a paragraph is a line, an excerpt is as it stands."""
    lines = re.split(r"\r\n?|\n", text)
    return tuple(
        Spot(number, code, message, _excerpt(line, at))
        for number, line in enumerate(lines, start=1)
        for at, code, message in sorted(_damage_in(line, lines[number:]))
    )


def text_damage(text: str) -> tuple[Spot, ...]:
    """The same of a Markdown text: its marks, codes and addresses are no language, and its lines may be wrapped."""
    read = paragraphs(sentences(text))
    texts = [paragraph.text for paragraph in read]
    return tuple(
        _spot(read[place], at, code, message)
        for place in _suspects(texts)
        for at, code, message in sorted(_damage_in(texts[place], texts[place + 1 :], is_list=read[place].is_item))
    )


def _suspects(texts: Sequence[str]) -> list[int]:
    """Which paragraphs may have a finding: all are looked through at once, because most have none."""
    whole = "\n".join(texts)
    digits = whole.translate(_FULL_WIDTH_DIGITS) if _FULL_WIDTH.search(whole) else whole
    places = [match.start() for rule in _RULES for match in rule.found(digits)]
    places += [match.start() for match in _HALF_WIDTH.found(whole)]
    ends = list(accumulate(len(text) + 1 for text in texts))
    found = {bisect_right(ends, place) for place in places}
    found |= {place for place, left in enumerate(_left_of_pairs(whole)) if left}
    found |= {place for place, text in enumerate(texts) if _breaks_off(text)}
    return sorted(found)


def _left_of_pairs(whole: str) -> list[str]:
    """What marks of each line are left when those that pair are taken away, from the inside out."""
    marks = "".join(_MARK_OR_LINE.findall(whole)).replace("(", "（").replace(")", "）")
    before = ""
    while marks != before:
        before = marks
        for closing, opening in _PAIRS.items():
            marks = marks.replace(opening + closing, "")
    return marks.split("\n")


def _spot(paragraph: Paragraph, at: int, code: str, message: str) -> Spot:
    first = max(0, at - _REACH)
    excerpt = _excerpt(without_numbers(paragraph.text[first : at + _REACH]), at - first)
    shown = f"{without_numbers(message)}：“{excerpt}”。请对照原件核实"
    return Spot(paragraph.line_of(at), code, shown, excerpt)


def _damage_in(line: str, following: Sequence[str], *, is_list: bool = False) -> Iterator[tuple[int, str, str]]:
    """(place, code, message) of each finding in one line."""
    yield from _ruled(line)
    yield from _unpaired(line, following)
    half_width = list(_HALF_WIDTH.found(line))
    if half_width:
        marks = " ".join(dict.fromkeys(match[0] for match in half_width))
        detail = f"本段有 {len(half_width)} 处：{marks}"
        yield half_width[0].start(), _HALF_WIDTH.code, _message(_HALF_WIDTH.code, detail)
    if not is_list and _breaks_off(line):
        yield len(line.rstrip()), "sentence-run-on", _message("sentence-run-on", "段末没有标点")


def _ruled(line: str) -> Iterator[tuple[int, str, str]]:
    plain = line.translate(_FULL_WIDTH_DIGITS) if _FULL_WIDTH.search(line) else line
    has_first = "一是" in plain
    for rule in _RULES:
        for match in rule.found(plain):
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
    marks = [(match.start(), match[0]) for match in _MARK.finditer(line)]
    if not marks:
        return []
    apostrophes = {match.start() for match in _APOSTROPHE.finditer(line)}
    numbering = {match.end() - 1 for match in _ENUMERATION.finditer(line)}
    exempt = apostrophes | numbering
    unpaired: list[int] = []
    awaited: list[tuple[str, int]] = []
    open_now: Counter[str] = Counter()
    for at, mark in marks:
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


def wrong_words(text: str, banned: Mapping[str, str]) -> tuple[Spot, ...]:
    """Every word of `banned` in the sentences of `text`; its value is what to write instead, "" where nothing may.

    A word inside its own replacement is right: with 身份证 → 居民身份证, 居民身份证 has no finding.
    """
    if not any(word in text for word in banned):
        return ()
    read = sentences(text)
    form = _wording(tuple(sorted(banned.items(), key=lambda pair: (-len(pair[0]), pair))))
    return tuple(
        Spot(line_at(read, match.start("word")), "word-banned", _instead(match["word"], banned), match["word"])
        for match in form.finditer(read)
        if match["word"]
    )


@lru_cache(maxsize=8)
def _wording(pairs: tuple[tuple[str, str], ...]) -> re.Pattern[str]:
    """Matches right words first, so that what they hold is not seen, then wrong ones as `word`."""
    right = sorted({new for old, new in pairs if old and old in new}, key=lambda new: (-len(new), new))
    wrong = "|".join(re.escape(old) for old, _ in pairs if old)
    return re.compile("|".join([*map(re.escape, right), f"(?P<word>{wrong})"]))


def _instead(word: str, banned: Mapping[str, str]) -> str:
    instead = banned[word]
    return f"“{word}”应写作“{instead}”。请改正" if instead else f"“{word}”不能使用。请改用别的说法"


def _look_for_damage(words: Words) -> tuple[Spot, ...]:
    return () if words.field else text_damage(words.text)


def _look_for_words(words: Words) -> tuple[Spot, ...]:
    return wrong_words(words.text, words.banned)


_WRONG_WORDS: Final = "国办秘函〔2019〕19号：错别字"
_PUNCTUATION: Final = "GB/T 15834 标点符号用法"
_MARKS_OF: Final = ("quotes-unbalanced", "half-width-punctuation", "sentence-run-on")
RULES: Final = (
    *(
        WordsRule(
            code,
            "warning",
            "text",
            name,
            _PUNCTUATION if code in _MARKS_OF else _WRONG_WORDS,
            _look_for_damage,
            thorough=True,
        )
        for code, name in MESSAGES.items()
    ),
    WordsRule("word-banned", "warning", "text", "用了不该用的词", _WRONG_WORDS, _look_for_words, thorough=True),
)
