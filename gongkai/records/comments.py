"""Comments in a body, `<!-- … -->`: what a clerk takes out with one must not come to the public, wherever it stands.

Python-Markdown cuts a body into blocks before it looks for comments, so one that spans a blank line, or stands in a
list, an alternative text or a title, would come out as text. They are taken out of the source instead; code that shows
one, between fences or backticks, stays as it is.
"""

import re

_FENCED = (
    r"^(?P<before>[ \t>]*)(?P<fence>`{3,}|~{3,})[^\n`]*\n"
    r"(?:(?P=before)[^\n]*\n|[ \t>]*\n)*?(?P=before)(?P=fence)[`~]*[ \t]*$"
)
_SPAN = r"(?<![`\\])(?P<ticks>`+)(?!`)(?:(?!\n[ \t]*\n)(?s:.))+?(?<!`)(?P=ticks)(?!`)"
_COMMENT = (
    r"(?P<comment>(?P<blank>[ \t]*)<!--(?:-?>|(?s:.*?)--!?>))"  # as browsers read it: `<!-->` is a whole one
)
PIECES = re.compile(f"{_FENCED}|{_SPAN}|{_COMMENT}", re.MULTILINE)
_CODE = re.compile(f"{_FENCED}|{_SPAN}", re.MULTILINE)


def without_comments(body: str) -> str:
    """`body` without its comments; as many lines as before, so that places in it stay what they were."""
    return PIECES.sub(_kept, body) if "<!--" in body else body


def uncommented(body: str) -> str:
    """`body` without its comments and the lines that they alone stood on, as it is to be printed."""
    return PIECES.sub(_gone, body) if "<!--" in body else body


def without_code(body: str, *, word: str = "") -> str:
    """`body` without what stands between fences or backticks; as many lines as before.

    `word` stands in the place of what was between backticks within a sentence.
    """
    if "`" not in body and "~~~" not in body:
        return body
    return _CODE.sub(lambda match: (word if match["ticks"] else "") + _blank(match), body)


def unclosed_comment(body: str) -> int | None:
    """The line of `body`, counted from 0, of a comment that has no end; None where there is none."""
    if "<!--" not in body:
        return None
    before, mark, _ = without_code(without_comments(body)).partition("<!--")
    return before.count("\n") if mark else None


def _kept(match: re.Match[str]) -> str:
    return match.group() if match["comment"] is None else "\n" * match.group().count("\n")


def _gone(match: re.Match[str]) -> str:
    """Nothing in a comment's place, but for the blank before it, which would keep a mark after it from closing."""
    if match["comment"] is None:
        return match.group()
    return "" if match.string[match.end() : match.end() + 1] in ("*", "_") else match["blank"]


def _blank(match: re.Match[str]) -> str:
    return "\n" * match.group().count("\n")
