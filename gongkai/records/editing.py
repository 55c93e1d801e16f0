"""Writing front matter: a value in YAML that reads back as it is, and one field of an existing file.

A file keeps its encoding, its line ends and every byte that is not the field's own.
"""

import re
from collections.abc import Mapping

import yaml

from gongkai.records.front_matter import Problem, Source, decode, read_entries, split_source, text_and_encoding
from gongkai.records.vocabulary import KEY_OF, label


class NotEditableError(ValueError):
    """A file without front matter to put a field into."""


def scalar(text: str) -> str:
    """`text` as this house reads it back: plain where it does, else in double quotes."""
    if not text:
        return ""
    problems: list[Problem] = []
    entries = list(read_entries([f"标题: {text}"], 1, problems))
    is_plain = [entry.value for entry in entries] == [text] and not problems
    return text if is_plain else quoted(text)


def quoted(text: str) -> str:
    """`text` in double quotes, as it stands inside brackets."""
    written: str = yaml.dump(text, allow_unicode=True, default_style='"', width=10**6)
    return written.strip()


def front_matter_text(values: Mapping[str, str], body: str) -> str:
    """A whole file: `values` by key, under their Chinese labels, and `body`."""
    lines = (f"{label(key)}: {scalar(value)}".rstrip() for key, value in values.items())
    return "\n".join(["---", *lines, "---", "", body.strip("\n"), ""])


def with_field(data: bytes, key: str, value: str) -> bytes:
    """The file `data` with `key` set to `value`, which is YAML; raises NotEditableError where there is no front matter.

    A field that is there is written anew in its place, another comes last in the front matter.
    """
    text, codec = editable_text(data)
    source = split_source(text.encode())
    if any(problem.code in _UNFIT for problem in source.problems):
        raise NotEditableError("no front matter")
    lines = LINES.findall(text)
    start = source.first_line - 1
    newline = lines[start - 1][len(lines[start - 1].rstrip("\r\n")) :]
    first, last = field_lines(source, key)
    fresh = f"{label(key)}: {value}{newline}"
    made = "".join([*lines[: start + first], fresh, *lines[start + last :]])
    data = made.encode(codec)
    return data if decode(data)[0] is not None else made.encode()  # rare characters, and GBK is not believed any more


_UNFIT = ("encoding", "front-matter-missing", "front-matter-unclosed")
LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")


def field_lines(source: Source, key: str) -> tuple[int, int]:
    """Which of the front matter's lines are the field's: from its first to before the next entry; none are after all."""
    entries = list(read_entries(source.written, 0, []))
    end = len(source.written)
    own = next((entry.line for entry in entries if KEY_OF.get(entry.key) == key), None)
    if own is None:
        return end, end
    last = min((entry.line for entry in entries if entry.line > own), default=end)
    while last > own + 1 and _is_between(source.written[last - 1]):
        last -= 1
    return own, last


def _is_between(line: str) -> bool:
    """A blank line or a comment, which belongs to what follows."""
    return not line.strip() or line.startswith("#")


def editable_text(data: bytes) -> tuple[str, str]:
    """The text of a file and the encoding that gives the same bytes again; UTF-8 where none does."""
    text, encoding = text_and_encoding(data)
    if text is None:
        raise NotEditableError("no text")
    if text.encode(encoding) == data:
        return text, encoding
    return decode(data)[0] or "", "utf-8"
