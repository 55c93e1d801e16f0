"""Personal data that must not be published: found, told with its middle hidden, and never printed in full.

《个人信息保护法》 art. 25 forbids a body to publish the personal data it holds without the person's own consent, and
《政府信息公开条例》 art. 15 forbids disclosure that harms a third party's privacy. An office's own telephone and mailbox
are required disclosure: those are `own`, and any other place can be waived with a reason. An office's address looks
like a home's, so it takes a word before it that speaks of a home or a person.
"""

import re
from collections.abc import Iterator
from typing import Final

from gongkai.checks.person_numbers import numbers_of_persons
from gongkai.checks.protocol import PRIVACY_LAW, Severity, Words, WordsRule
from gongkai.checks.texts import Spot, context_of, head_line, line_at, lines_with, masked, normalised

_NAMES: Final = {
    "privacy-identity": "身份证号",
    "privacy-mobile": "手机号码",
    "privacy-bank-card": "银行卡号",
    "privacy-passport": "护照或通行证号",
    "privacy-address": "家庭住址",
    "privacy-email": "电子邮箱",
    "privacy-plate": "车牌号",
}
_HIDE: Final = {
    "privacy-address": "请删去，或只写到县、乡镇",
    "privacy-email": "单位公用的邮箱可以公开，个人的请删去",
    "privacy-plate": "请删去，或用 * 隐去几位",
}
_EMAIL: Final = re.compile(
    r"(?<![\w.+-])[A-Za-z0-9][\w.+-]{0,63}\s?(?:@|[\[(（【]\s?(?:at|@)\s?[\])）】]|#(?=(?:qq|163|126|sina|gmail|139|foxmail)\.))\s?"
    r"(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,10}(?![\w-])",
    re.ASCII,
)
_MAY_HAVE_EMAIL: Final = re.compile(r"@|[\[(（【]\s?at\s?[\])）】]|#(?:qq|1\d\d|sina|gmail|foxmail)\.")
_FILE_NAME: Final = re.compile(r"@[1-4]x\.|\.(?:png|jpe?g|gif|svg|webp|js|css|md|html?)$", re.IGNORECASE)
_OFFICIAL: Final = re.compile(r"[@.]gov\.cn$", re.IGNORECASE)
_PLATE: Final = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][ \u3000]?[A-HJ-NP-Z][ \u3000]?[·•・.\-－]?[ \u3000]?"
    r"(?:(?=[A-HJ-NP-Z\d]{0,2}\d{3})[A-HJ-NP-Z\d]{6}|(?=(?:[A-HJ-NP-Z]*\d){3})[A-HJ-NP-Z\d]{4}[A-HJ-NP-Z\d挂学警港澳])"
    r"(?![A-Za-z\d]|-\d|[号]?地块)"
)
_PLATE_FOLLOWS_WORD: Final = re.compile(r"[高最全创更革翻清重刷][\s]?$|[阿多彩][\s]?$")
_VEHICLE: Final = re.compile(r"[车牌驾]")
_PASSPORT: Final = re.compile(
    r"(?<![A-Za-z\d/\-])(?:[A-Z]{1,2}[ \-]?\d{7,8}|[DEGPS][A-HJ-NP-Z]?[ ]?\d{2,4}[ ]\d{2,4}(?:[ ]\d{2,4})?)(?![A-Za-z\d\-/.]\w?)"
)
_PASSPORT_START: Final = re.compile(r"[A-Z]{1,2}[ \-]?\d{2}")
_PASSPORT_WORD: Final = re.compile(r"护\s*照|通行证|台胞证|回乡证|passport", re.IGNORECASE)
_PASSPORT_FORM: Final = re.compile(r"(?:[EG]\d{8}|E[A-HJ-NP-Z]\d{7}|[DSP]E\d{7})")
_PERSON_WORD: Final = re.compile(r"证件号?码?|姓\s*名|持证人|[男女][，,、|]|身份|因公|出国|出境|出访")
_INLINE_TAG: Final = re.compile(
    r"</?(?:span|b|strong|em|i|u|font|wbr|sup|sub|a|mark|small|ins|del)\b[^>\n]*>", re.IGNORECASE
)
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
_RESIDENT_WORD: Final = re.compile(_PERSON)
_PLACE: Final = re.compile(f"{_UNIT}|{_VILLAGE}|{_NUMBER}")
_EXACT: Final = re.compile(f"{_UNIT}|{_VILLAGE}")
_OFFICE: Final = re.compile(
    r"公司|企业|厂|合作社|服务中心|大厦|写字楼|[局委办处所院站]\s*地址|办公|窗口|单位|门店|商铺|经营场所|注册地|营业|信用代码|法定代表人|注册资本|承办|主办|中心[：:]|建设地点|项目"
)
_NEAR: Final = 40
#: What follows an address so closely belongs to it.
_APART: Final = 6


def personal_data(text: str, *, own: frozenset[str] = frozenset()) -> tuple[Spot, ...]:
    """Everything in `text` that looks like personal data, in the order of its lines, once each per line.

    `own` are telephones, mailboxes and addresses of the office itself.
    """
    read = normalised(text)
    places = [(line_at(read, place), code, words) for place, code, words in _places(read)]
    if "</" in read:
        untagged = _INLINE_TAG.sub("", read)
        places += [(line_at(untagged, place), code, words) for place, code, words in _places(untagged)]
    allowed = {_bare(words) for words in own}
    kept = sorted({(line, code, words) for line, code, words in places if _bare(words) not in allowed})
    return tuple(_spot(line, code, words) for line, code, words in kept)


def _places(text: str) -> Iterator[tuple[int, str, str]]:
    """(place, code, words) of each finding."""
    yield from numbers_of_persons(text)
    if _MAY_HAVE_EMAIL.search(text):
        yield from _emails(text)
    yield from ((match.start(), "privacy-plate", match[0]) for match in _PLATE.finditer(text) if _is_plate(text, match))
    for start in _PASSPORT_START.finditer(text):
        match = _PASSPORT.match(text, start.start())
        if match and _is_passport(text, match):
            yield match.start(), "privacy-passport", match[0].replace(" ", "")
    yield from _homes(text)


def _emails(text: str) -> Iterator[tuple[int, str, str]]:
    for match in _EMAIL.finditer(text):
        if not _FILE_NAME.search(match[0]) and not _OFFICIAL.search(match[0]):
            yield match.start(), "privacy-email", match[0]


def _is_plate(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - 4) : match.start()]
    if _VEHICLE.search(context_of(text, match.start(), match.end()).line):
        return True
    return not _PLATE_FOLLOWS_WORD.search(before)


def _is_passport(text: str, match: re.Match[str]) -> bool:
    place = context_of(text, match.start(), match.end())
    if _PASSPORT_WORD.search(place.before) or _PASSPORT_WORD.search(place.head):
        return True
    words = match[0].replace(" ", "")
    if not _PASSPORT_FORM.fullmatch(words):
        return False
    return bool(_PERSON_WORD.search(place.line) or _PERSON_WORD.search(place.head))


def _spot(line: int, code: str, words: str) -> Spot:
    shown = _shown(code, words)
    remedy = _HIDE.get(code, "请删去，或用 * 隐去中间几位")
    message = f"像是{_NAMES[code]}：{shown}。{remedy}；不是个人信息的，可以在字段区写“豁免”，说明理由"
    return Spot(line, code, message, shown)


def _shown(code: str, words: str) -> str:
    """The words with so much hidden that nobody is named by them."""
    if code == "privacy-email":
        name, mark, host = re.sub(r"\s", "", words).partition("@")
        return name[0] + "****" + (mark + host if mark else "")
    if code == "privacy-address":
        return re.sub(r"[\dA-Za-z]+|[一二三四五六七八九十甲乙丙丁]+(?=[栋幢号楼座单室户组社队])", "*", words)
    return masked(re.sub(r"\s", "", words))


def _bare(words: str) -> str:
    return re.sub(r"[\s\-－—()（）+]", "", words).casefold()


def _homes(text: str) -> Iterator[tuple[int, str, str]]:
    for first, last in lines_with(_TAIL, text):
        end = -_APART
        for match in _PLACE.finditer(text, first, last):
            if match.start() - end >= _APART and _is_home(text, match):
                yield match.start(), "privacy-address", match[0].strip()
                end = match.end()


def _is_home(text: str, match: re.Match[str]) -> bool:
    place = context_of(text, match.start(), match.end())
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
        _RESIDENT_WORD.search(heads) or _RESIDENT_WORD.search(line[-_NEAR * 2 :]) or _RESIDENT_WORD.search(near)
    )


def _look(words: Words) -> tuple[Spot, ...]:
    return personal_data(words.text, own=words.own)


def _rule(code: str, severity: Severity = "error", why: str = PRIVACY_LAW) -> WordsRule:
    return WordsRule(code, severity, "privacy", f"像是{_NAMES[code]}", why, _look)


RULES: Final = (
    _rule("privacy-identity", why=f"{PRIVACY_LAW}；GB 11643"),
    *map(_rule, ("privacy-mobile", "privacy-bank-card", "privacy-passport", "privacy-address")),
    _rule("privacy-email", "warning"),
    _rule("privacy-plate", "warning"),
)
