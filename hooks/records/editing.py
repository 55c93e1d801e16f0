"""Writing front matter: a value so that YAML reads it back as it is, and one field put into a file that is there.

A file keeps its encoding, its line ends and every byte that is not the field's own.
"""

from collections.abc import Mapping

import yaml

from hooks.records.front_matter import decode, read_entries, split_source
from hooks.records.vocabulary import KEY_OF, label


class NotEditableError(ValueError):
    """A file without front matter to put a field into."""


def scalar(text: str) -> str:
    """`text` as YAML reads it back: plain where that does, else in double quotes."""
    if not text:
        return ""
    try:
        node = yaml.compose(f"k: {text}\n", Loader=yaml.SafeLoader)
        is_plain = isinstance(node, yaml.MappingNode) and node.value[0][1].value == text
    except yaml.YAMLError:
        is_plain = False
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
    text, codec = _text_of(data)
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.split(newline)
    source = split_source(text.encode())
    if not source.written and not source.body:
        raise NotEditableError("no front matter")
    start, end = source.first_line - 1, source.first_line - 1 + len(source.written)
    entries = [entry for entry in read_entries(source.written, 0, []) if KEY_OF.get(entry.key) == key]
    fresh = f"{label(key)}: {value}"
    if entries:
        first = start + entries[0].line
        last = next(
            (n for n in range(first + 1, end) if lines[n].strip() and lines[n][0] not in " \t-]}"), end
        )
        lines[first:last] = [fresh]
    else:
        lines.insert(end, fresh)
    return newline.join(lines).encode(codec)


def _text_of(data: bytes) -> tuple[str, str]:
    """The text of a file and the encoding that gives the same bytes again; UTF-8 where none does."""
    for codec in ("utf-8", "utf-16", "gb18030"):
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        if text.encode(codec) == data and decode(data)[0] is not None:
            return text, codec
    text_read, _ = decode(data)
    if text_read is None:
        raise NotEditableError("no text")
    return text_read, "utf-8"
