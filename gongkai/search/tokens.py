"""How text is cut for searching.

Chinese is not cut into words: a cutter that decides differently on the day of indexing and on the day of the question
loses documents. A run of Han characters becomes its overlapping pairs, anything else its whole letter or number runs.
`overrides/parts/search/tokens.mjs` is the same in the reader's browser; `tests/cases/search_tokens.json` compares them.
"""

import re
import unicodedata
from operator import add

from gongkai.records.chinese import ANY_DIGIT, TO_ASCII_DIGITS, narrowing
from gongkai.search.traditional import SIMPLIFIED, TRADITIONAL

HAN = r"\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
LETTERS = r"a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u1fff\u2c00-\u2dff\u3040-\u30ff\ua000-\ud7ff"
BLANKS = r" \t\u00ad\u200b-\u200d\u2060\ufeff"
LONGEST_TOKEN = 32

# The blank stands first so that the scan may leap from blank to blank; names are printed `张　三`.
_BLANK_IN_HAN = re.compile(f"[{BLANKS}](?<=[{HAN}][{BLANKS}])[{BLANKS}]*(?=[{HAN}])")
_WORDS = (
    r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?(?![0-9])"  # 1,748
    r"|(?<![0-9]\.)[0-9]+\.(?![0-9]{4}年)[0-9]+(?![0-9]|\.[0-9])"  # 12.5, yet neither 2018.7.26 nor 1.2018年
    r"|[0-9]+"
    f"|[{LETTERS}]+"
)
#: Whole runs of letters or digits, as `split` finds them between Han characters.
WORD = re.compile(_WORDS)
RUN = re.compile(f"([{HAN}]+)|({_WORDS})")
# What official Chinese is made of: NFKC changes only the wide forms here, each by itself, and replacing
# the few that occur takes a fifth of its time.
_WIDE_TO_NARROW = {chr(wide): chr(narrow) for wide, narrow in narrowing().items()} | {"\u3000": " "}
_WIDE = re.compile("[\u3000\uff01-\uff5e]")
_BEYOND_PLAIN = re.compile("[^\x00-\x7f\u00b7\u2014\u2018-\u201d\u3000-\u3017\u4e00-\u9fff\uff01-\uff5e]")
_SIMPLER = dict(zip(TRADITIONAL, SIMPLIFIED, strict=True))
_TRADITIONAL = re.compile(f"[{TRADITIONAL}]")
# 二〇一八, also with 零, with the sign ○ or with the letter o; 一九九八 is a year only where 年 follows.
_NUMERALS = f"{ANY_DIGIT}o0"
_SPELT_YEAR = re.compile(
    f"(?<![{_NUMERALS}])(?:二[〇零○o0][{_NUMERALS}]{{2}}(?![{_NUMERALS}])|一九[{_NUMERALS}]{{2}}(?=年))"
)
_DIGITS = TO_ASCII_DIGITS | {ord("o"): ord("0")}
_NOT_IN_KEYS = re.compile("[第号]|年(?=第?[0-9])")
_KEY_RUN = re.compile(f"[0-9]+|[{HAN}{LETTERS}]+")
_YEAR = re.compile("(?:19|20)[0-9]{2}")


def normalise(text: str) -> str:
    """The text in one width and case, simplified, years in digits, without blanks between Han characters."""
    if _BEYOND_PLAIN.search(text):
        text = unicodedata.normalize("NFKC", text)
    else:
        for character in set(_WIDE.findall(text)):
            text = text.replace(character, _WIDE_TO_NARROW[character])
    text = _BLANK_IN_HAN.sub("", text.lower())
    for character in set(_TRADITIONAL.findall(text)):
        text = text.replace(character, _SIMPLER[character])
    return _SPELT_YEAR.sub(_in_digits, text)


def _in_digits(year: re.Match[str]) -> str:
    return year[0].translate(_DIGITS)


def tokens(text: str) -> list[str]:
    """Cut a text into tokens, in their order and with repetitions."""
    return split(normalise(text))


def split(normal: str) -> list[str]:
    """Cut a normalised text into tokens."""
    found: list[str] = []
    for han, word in RUN.findall(normal):
        if word:
            found.append(word.replace(",", "")[:LONGEST_TOKEN])
        elif len(han) == 1:
            found.append(han)
        else:
            found.extend(map(add, han, han[1:]))
    return found


def identifier_key(identifier: str) -> str:
    """What is left of an identifier however it is typed: `九科字[2018]012号` → `九科字-2018-12`."""
    runs = _KEY_RUN.findall(_NOT_IN_KEYS.sub(" ", normalise(identifier)))
    if len(runs) > 1 and _YEAR.fullmatch(runs[-2]):
        runs[-1] = runs[-1].lstrip("0") or "0"
    return "-".join(runs)


def identifier_keys(index: str, document_number: str) -> set[str]:
    """Every key by which one document's two identifiers may be asked for, without the empty one."""
    tail = index.rpartition("/")[2]
    serial = tail.rpartition("-")[2]
    keys = {identifier_key(index), identifier_key(tail), identifier_key(document_number)}
    if len(serial) >= 4:
        keys.add(identifier_key(serial))
    keys.add("-".join(identifier_key(document_number).split("-")[1:]))
    return keys - {""}
