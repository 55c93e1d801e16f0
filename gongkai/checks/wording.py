"""Words that a bureau does not print: its own list, each with what to write instead."""

import re
from collections.abc import Mapping
from functools import lru_cache

from gongkai.checks.markdown import sentences
from gongkai.checks.spots import Spot, line_at


def wrong_words(text: str, banned: Mapping[str, str]) -> tuple[Spot, ...]:
    """Every word of `banned` in the sentences of `text`; its value is what to write instead, "" where nothing may.

    A word inside its own replacement is right: with 身份证 → 居民身份证, 居民身份证 has no finding.
    """
    if not any(word in text for word in banned):
        return ()
    read = sentences(text)
    form = _form(tuple(sorted(banned.items(), key=lambda pair: (-len(pair[0]), pair))))
    return tuple(
        Spot(
            line_at(read, match.start("word")), "word-banned", _message(match["word"], banned), match["word"]
        )
        for match in form.finditer(read)
        if match["word"]
    )


@lru_cache(maxsize=8)
def _form(pairs: tuple[tuple[str, str], ...]) -> re.Pattern[str]:
    """Matches right words first, so that what they hold is not seen, then wrong ones as `word`."""
    right = sorted({new for old, new in pairs if old and old in new}, key=lambda new: (-len(new), new))
    wrong = "|".join(re.escape(old) for old, _ in pairs if old)
    return re.compile("|".join([*map(re.escape, right), f"(?P<word>{wrong})"]))


def _message(word: str, banned: Mapping[str, str]) -> str:
    instead = banned[word]
    return f"“{word}”应写作“{instead}”。请改正" if instead else f"“{word}”不能使用。请改用别的说法"
