"""Personal data that must not be published: found, told with its middle hidden, and never printed in full.

《个人信息保护法》 art. 25 forbids a body to publish the personal data it holds without the person's own consent, and
《政府信息公开条例》 art. 15 forbids disclosure that harms a third party's privacy. An office's own telephone and mailbox
are required disclosure: those are `own`, and any other place can be waived with a reason.
"""

import re
from collections.abc import Iterator
from typing import Final

from gongkai.checks.addresses import homes
from gongkai.checks.numbers import numbers_of_persons
from gongkai.checks.plain import plain
from gongkai.checks.spots import Spot, line_at, masked
from gongkai.checks.surroundings import around

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


def personal_data(text: str, *, own: frozenset[str] = frozenset()) -> tuple[Spot, ...]:
    """Everything in `text` that looks like personal data, in the order of its lines, once each per line.

    `own` are telephones, mailboxes and addresses of the office itself.
    """
    read = plain(text)
    places = [(line_at(read, place), code, words) for place, code, words in _found(read)]
    if "</" in read:
        untagged = _INLINE_TAG.sub("", read)
        places += [(line_at(untagged, place), code, words) for place, code, words in _found(untagged)]
    allowed = {_bare(words) for words in own}
    kept = sorted({(line, code, words) for line, code, words in places if _bare(words) not in allowed})
    return tuple(_spot(line, code, words) for line, code, words in kept)


def _found(text: str) -> Iterator[tuple[int, str, str]]:
    """(place, code, words) of each finding."""
    yield from numbers_of_persons(text)
    if _MAY_HAVE_EMAIL.search(text):
        yield from _emails(text)
    yield from (
        (match.start(), "privacy-plate", match[0])
        for match in _PLATE.finditer(text)
        if _is_plate(text, match)
    )
    for start in _PASSPORT_START.finditer(text):
        match = _PASSPORT.match(text, start.start())
        if match and _is_passport(text, match):
            yield match.start(), "privacy-passport", match[0].replace(" ", "")
    yield from ((home.start, "privacy-address", home.words) for home in homes(text))


def _emails(text: str) -> Iterator[tuple[int, str, str]]:
    for match in _EMAIL.finditer(text):
        if not _FILE_NAME.search(match[0]) and not _OFFICIAL.search(match[0]):
            yield match.start(), "privacy-email", match[0]


def _is_plate(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - 4) : match.start()]
    if _VEHICLE.search(around(text, match.start(), match.end()).line):
        return True
    return not _PLATE_FOLLOWS_WORD.search(before)


def _is_passport(text: str, match: re.Match[str]) -> bool:
    place = around(text, match.start(), match.end())
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
