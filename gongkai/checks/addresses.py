"""Where a person lives. An office's address looks the same, so it takes a word before it that speaks of a home or a person."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from gongkai.checks.surroundings import around, head_line

_HOME: Final = r"(?:家庭|户籍|居住|现居?住?|常住|身份证|原籍|暂住|通讯)(?:所在)?(?:地址|住址|住所)|户籍(?:所在地|地)?|住址|家住|现住|居住[在于地]|住在|户口(?:所在地|地址)"
_PERSON: Final = (
    r"姓\s*名|性\s*别|身份证|出生|[，,、]\s*[男女]\s*[，,、。（(]|[|]\s*[男女]\s*[|]|户主|贫困户|低保[户对]|五保|特困|患者|确诊|学生|家长|被处罚人|被执行人"
    r"|受害人|死者|伤者|嫌疑人|信访人|投诉人|举报人|残疾人|某某?[，,（(]|[先女](?:生|士)|村民|居民|业主|收件人|同志|租户|承租人|本人"
)
_NUMERAL: Final = r"[\dA-Za-z一二三四五六七八九十甲乙丙丁东西南北]{1,5}"
_UNIT: Final = (
    rf"(?:[小社]区|花园|家园|公寓|新村|苑|(?<!家)庭|[府里湾城园]|宿舍|大院|[路街巷弄道]\s?\d{{1,5}}\s?号?(?:院|附\d+号)?)[^\n|，。；]{{0,14}}?"
    rf"{_NUMERAL}\s?(?:栋|幢|号?楼|座|单元|号院)[^\n|，。；]{{0,12}}?{_NUMERAL}\s?(?:室|户|房|号)"
    rf"|{_NUMERAL}\s?(?:栋|幢|号?楼|座|#)\s?[-—]?\s?(?:{_NUMERAL}\s?单元)?[-—\s]?\d{{2,4}}\s?(?:室|户|房|号)"
    rf"|{_NUMERAL}\s?(?:栋|幢|号?楼|座)\s?{_NUMERAL}\s?单元\s?\d{{3,4}}|[路街]\s?\d{{1,5}}\s?弄\s?\d{{1,4}}\s?号(?:\s?\d{{2,4}}\s?室)?"
    rf"|(?:[小社]区|花园|家园|公寓|新村|苑|(?<!家)庭)\s?\d{{1,3}}\s?[-—#]\s?\d{{1,2}}\s?[-—]\s?\d{{3,4}}"
)
_VILLAGE: Final = rf"[\u4e00-\u9fff]{{1,8}}(?:村|社区|屯|寨|湾)[^\n|，。；\d]{{0,8}}{_NUMERAL}\s?(?:村民小?组|小?组|[社队])\s?(?:{_NUMERAL}\s?[号户])?"
_NUMBER: Final = (
    r"[\u4e00-\u9fff]{2,}[路街巷弄道屯村]\s?\d{1,5}\s?号"
    r"|(?<![\dA-Za-z])\d{1,3}\s?(?:栋|幢|号?楼|座)\s?\d{2,4}(?![\d室户房号单])"
)
#: The end of every place, and quick to search for.
_TAIL: Final = re.compile(
    r"[\dA-Za-z一二三四五六七八九十](?:\s?(?:[室户房号组社队]|小组|村民|单元)|[-—]\d{3,4}|[栋幢楼座]\s?\d)"
)
_HOME_WORD: Final = re.compile(f"(?:{_HOME}|住所?[：:]|[，,]\\s?住)")
_PERSON_WORD: Final = re.compile(_PERSON)
_PLACE: Final = re.compile(f"{_UNIT}|{_VILLAGE}|{_NUMBER}")
_EXACT: Final = re.compile(f"{_UNIT}|{_VILLAGE}")
_OFFICE: Final = re.compile(
    r"公司|企业|厂|合作社|服务中心|大厦|写字楼|[局委办处所院站]\s*地址|办公|窗口|单位|门店|商铺|经营场所|注册地|营业|信用代码|法定代表人|注册资本|承办|主办|中心[：:]|建设地点|项目"
)
_NEAR: Final = 40
#: What follows an address so closely belongs to it.
_APART: Final = 6


class Home(NamedTuple):
    """Where it stands in the text, and its words."""

    start: int
    words: str


def homes(text: str) -> Iterator[Home]:
    """Every home address in `text`, which is in one writing already (`plain`)."""
    seen = -1
    for tail in _TAIL.finditer(text):
        first = text.rfind("\n", 0, tail.start()) + 1
        if first == seen:
            continue
        seen = first
        last = text.find("\n", first)
        end = -_APART
        for match in _PLACE.finditer(text, first, len(text) if last < 0 else last):
            if match.start() - end >= _APART and _is_home(text, match):
                yield Home(match.start(), match[0].strip())
                end = match.end()


def _is_home(text: str, match: re.Match[str]) -> bool:
    place = around(text, match.start(), match.end())
    first = text.rfind("\n", 0, match.start()) + 1
    line = text[first : match.start()]
    before = line[-_NEAR:]
    cue = before.rpartition("|")[2] + match[0]
    if _HOME_WORD.search(cue) or _HOME_WORD.search(place.head):
        return not _OFFICE.search(place.line if "住所" in cue else before[-14:])
    if not _EXACT.fullmatch(match[0]) or _OFFICE.search(place.line):
        return False
    heads = head_line(text, first) if "|" in place.line else ""
    near = text[match.end() : match.end() + _NEAR].partition("\n")[0]
    return bool(
        _PERSON_WORD.search(heads) or _PERSON_WORD.search(line[-_NEAR * 2 :]) or _PERSON_WORD.search(near)
    )
