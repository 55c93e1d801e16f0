"""Marks of secrecy that are still on a text, where marks stand: alone in a line or cell, in brackets, before a title.

Prose about secrecy (保密审查, 国家秘密, “属于秘密级的”) is what half of all rules on disclosure are made of and has none.
《政府信息公开条例》 art. 14 forbids disclosure of state secrets; a mark left by mistake stops a publication all the same.
"""

import re
from collections.abc import Iterator
from typing import Final

from gongkai.checks.protocol import Words, WordsRule
from gongkai.checks.texts import Spot, line_at, lines_with, normalised

_LEVEL: Final = r"(?:绝\s*密|机\s*密|秘\s*密)(?:\s*级)?"
_STAR: Final = r"[★☆✩✭⭐✦✯]"
_TERM: Final = r"(?:\d{1,2}\s*(?:年|个月)|[一二三五十]{1,3}\s*(?:年|个月)|长\s*期)"
_MAY_HAVE: Final = re.compile(
    r"[绝机秘][ \t\u3000]*密|内[ \t\u3000]*部|外[ \t\u3000]*传|不[ \t\u3000]*(?:予|宜|得|对外)?[ \t\u3000]*公[ \t\u3000]*开|阅[ \t\u3000]*后|会[ \t\u3000]*后"
    r"|CONFIDENTIAL|SECRET|INTERNAL|注[ \t\u3000]*意[ \t\u3000]*保|仅[ \t\u3000]*供|[复翻][ \t\u3000]*[印制]"
)
_STARRED: Final = re.compile(rf"(?<!国家){_LEVEL}\s*{_STAR}(?:\s*{_TERM})?")
_EXPLAINED: Final = re.compile(r"标注|标明|标志|标识|字样|样式|格式|规定|例如|如[：:“]|应当|形式")
_ALONE: Final = re.compile(
    rf"(?:文件)?(?:密\s*级\s*[:：]?\s*)?(?:{_LEVEL}|工作秘密)(?:\s*[·•・▲*＊◆●]?\s*{_TERM})?"
    r"|(?:文件)?密级[:：]内部(?:资料|文件)?"
    r"|(?:TOP\s*)?SECRET|(?:STRICTLY\s*)?CONFIDENTIAL|(?:FOR\s*)?INTERNAL\s*USE\s*ONLY",
    re.IGNORECASE,
)
_LEVEL_ROW: Final = re.compile(
    rf"密\s*级\s*(?:[:：]|\|)\s*(?:{_LEVEL}|内部)(?=\s*(?:[\s|·•★☆，。；;\d]|$))(?!\s*[|]\s*\d*\s*(?:年|保密期限))"
)
_CONTROL: Final = (
    r"(?:内部(?:资料|文件|材料|参考|刊物|情况|传阅|使用|掌握|稿件?|讨论稿)|仅供(?:内部|领导|本单位|本局|机关)\S{0,4}(?:使用|参考|传阅|参阅|掌握)"
    r"|限(?:于)?内部\S{0,4}(?:使用|传阅|发放|掌握)|(?:请)?注意保[存密管](?:管)?|(?:请)?妥善保[存管]"
    r"|(?:不得|严禁|请勿|禁止|切勿|不准|不可|勿)(?:对外|向外)?(?:外传|扩散|外泄|传播|泄露)|(?:不得|严禁|请勿|禁止|切勿)(?:翻印|复印|复制|转发|转载|公开)"
    r"|[不勿](?:予|宜|对外|得)?公开(?:发布)?|(?:阅|会|用)后(?:即焚|收回|销毁|请?退还|请?交回|请?退回))"
)
_SUBJECT: Final = r"(?:[本此该](?:文件|资料|材料|文|件|稿|表|册|通报|内容|信息|纪要|数据|内容){0,2}(?:为|系|属于?|是)?|会议材料|涉密|机密)?"
_CONTROLLED: Final = re.compile(
    rf"(?:注意|警告|声明|说明|提示|提醒)?[:：!！]?{_SUBJECT}{_CONTROL}(?:[，,、；;。！!\s]*(?:且|并)?{_SUBJECT}{_CONTROL})*[。！!]?"
)
_STAMP: Final = re.compile(r"(?:[此本](?:件|文|文件))?[不勿](?:予|宜|对外|得)?公开(?:发布)?[。！!]?")
_OPTION: Final = re.compile(
    r"(?:公开(?:属性|方式|选项|类别|形式)|(?:政府)?信息公开(?:选项|属性|类别))[:：](?:不予公开|不公开|内部(?:文件|公开)?)"
)
_BRACKETED: Final = re.compile(r"[【\[（(〔〖<《]([^】\]）)〕〗>》\n]{2,24})[】\]）)〕〗>》]")
_PREFIXED: Final = re.compile(
    rf"(?:{_LEVEL})[:：]?(?:\s+|[:：]\s*)(?=(?:关于|示例|中共|[\u4e00-\u9fff]{{2,12}}(?:关于|文件|通知|报告|纪要)))"
)
_DRESS: Final = re.compile(
    r"^[★☆※◆●■▲△｜\s>#*_~`\-+|【】\[\]（）()〔〕<>《》“”\"]+|[★☆※◆●■▲△｜\s*_~`|【】\[\]（）()〔〕<>《》“”\"#]+$|\{:?[^}\n]*\}\s*$"
)
_BLANK: Final = re.compile(r"(?<=[\u4e00-\u9fff★☆:：\d])[ \t\u3000\u00a0]+(?=[\u4e00-\u9fff★☆:：\d])")
#: 示例局文件　　　　机密: at the end of a line, where blanks set it apart.
_SET_APART: Final = re.compile(rf"(?<=[ \t\u3000]{{3}}){_LEVEL}(?:[·★☆\s]*{_TERM})?\s*$")
_LEVEL_NAME: Final = re.compile("绝密|机密|秘密")
_LISTED: Final = re.compile(r"\s*(?:[-*+]|\d{1,2}[.、．)])\s*")
_TAG: Final = re.compile(r"</?\w[^>\n]*>")
_BOUNDARY: Final = re.compile(r"(?<!\\)\||<br\s*/?>", re.IGNORECASE)
_REMEDY: Final = "标着密级、内部的文件不得公开。请停下来，报保密审查；已经解密或可以公开的，去掉标志再发；不是密级标志的，请改写这几个字，保密的错误不能豁免"


def secret_marks(text: str) -> tuple[Spot, ...]:
    """Every mark of secrecy or of internal use in `text`, in the order of its lines."""
    read = normalised(text)
    if not _MAY_HAVE.search(read):
        return ()
    found = list(_marks(read))
    levels = {level for _, words in found for level in _LEVEL_NAME.findall(_tight(words)) if _is_bare_level(words)}
    kept = sorted({(line, _tight(words)) for line, words in found if len(levels) < 3 or not _is_bare_level(words)})
    return tuple(Spot(line, "secret-mark", f"有密级或内部标志：“{words}”。{_REMEDY}", words) for line, words in kept)


def _marks(text: str) -> Iterator[tuple[int, str]]:
    """(line, words) of each mark; a line's longest only."""
    for first, last in lines_with(_MAY_HAVE, text):
        yield from ((line_at(text, first), words) for words in _in_line(text[first:last]))


def _in_line(line: str) -> Iterator[str]:
    tight = _BLANK.sub("", line)
    starred = [match for match in _STARRED.finditer(tight) if not _is_quoted(tight, match)]
    if starred:
        yield from (match[0] for match in starred)
        return
    level = _LEVEL_ROW.search(line) or _LEVEL_ROW.search(tight) or _SET_APART.search(line)
    if level:
        yield level[0]
        return
    pieces = _BOUNDARY.split(tight)
    is_cell = (len(pieces) > 1 and "|" in tight) or _LISTED.match(line) is not None
    for piece in pieces:
        words = _undressed(_TAG.sub("", piece))
        if (
            _ALONE.fullmatch(words)
            or (_CONTROLLED.fullmatch(words) and not (is_cell and _STAMP.fullmatch(words)))
            or (_OPTION.fullmatch(words) and not is_cell)
        ):
            yield words
        else:
            yield from _at_an_end(piece)


def _at_an_end(piece: str) -> Iterator[str]:
    """A mark in brackets that opens or closes a line, or one before a title."""
    bare = _undressed(piece, keep_brackets=True)
    for match in _BRACKETED.finditer(bare):
        words = match[1].strip()
        at_end = match.start() == 0 or not bare[match.end() :].strip("。 *_#")
        if at_end and (_ALONE.fullmatch(words) or _CONTROLLED.fullmatch(words)) and not _is_an_item(bare, match):
            yield words
    prefix = _PREFIXED.match(bare)
    if prefix:
        yield prefix[0].strip()


def _is_an_item(bare: str, match: re.Match[str]) -> bool:
    """Whether the brackets only gloss a word of a sentence: …（秘密）, with a full stop after it."""
    return match.start() > 0 and bare.endswith("。") and not match[1].startswith(("此件", "本件", "不"))


def _is_quoted(line: str, match: re.Match[str]) -> bool:
    """Whether a starred level is quoted by a sentence that tells how to mark."""
    before = line[: match.start()]
    opened = (
        before.count("“") > before.count("”") or before.count('"') % 2 == 1 or before.count("《") > before.count("》")
    )
    return opened and _EXPLAINED.search(line) is not None


def _is_bare_level(words: str) -> bool:
    return not re.search(_STAR, words) and _ALONE.fullmatch(_tight(words)) is not None


def _undressed(piece: str, *, keep_brackets: bool = False) -> str:
    if keep_brackets:
        return piece.strip().strip("#>*_~`- \t|").strip()
    while (bare := _DRESS.sub("", piece)) != piece:
        piece = bare
    return piece


def _tight(words: str) -> str:
    return re.sub(r"[ \t\u3000\u00a0]+", "", words)


def _look(words: Words) -> tuple[Spot, ...]:
    return secret_marks(words.text)


_LAW: Final = "《保守国家秘密法》、《政府信息公开条例》第十四条"
RULES: Final = (WordsRule("secret-mark", "error", "secrecy", "有密级或内部标志", _LAW, _look),)
