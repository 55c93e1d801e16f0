"""From the bytes of a Markdown file to its front matter's entries and its body.

YAML is composed to nodes, not loaded: every value stays the text that was typed (no dates, booleans or octal
numbers guessed), and every entry knows its line. When the whole is not YAML, each entry is tried alone, so that one
unclosed quote does not hide the other mistakes.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import yaml

from gongkai.records.chinese import half_width
from gongkai.records.values import Value
from gongkai.records.vocabulary import KEY_OF

try:
    from yaml import CSafeLoader as Loader
except ImportError:  # a PyYAML built without libyaml: seven times slower, same nodes
    from yaml import SafeLoader as Loader  # type: ignore[assignment]  # same interface

_ENTRY = re.compile(r"(?P<key>[^\s:：#\-\[{\"'|>&*!%@`][^:：#]{0,30}?)\s*(?P<colon>[:：])(?P<value>.*)")
_FENCE = re.compile(r"(?:---|－－－|———)\s*")
_COMMON = re.compile(rb"[\xa1-\xa3\xb0-\xd7][\xa1-\xfe]")
_PAIR = re.compile(rb"[\x81-\xfe][\x40-\xfe]")
_MAX_NODES = 2000
_MAX_DEPTH = 10


@dataclass(frozen=True, slots=True)
class Problem:
    """Something amiss at a line of the file; `code` is that of a finding."""

    line: int
    code: str
    message: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One front matter entry: the key as written, its value, and its line in the file."""

    key: str
    value: Value
    line: int


@dataclass(slots=True)
class Source:
    """A file read: its entries, its body, where that begins, and what was wrong with it or not in the standard form.

    `written` are the front matter's lines, the first of them line `first_line` of the file.
    """

    entries: list[Entry] = field(default_factory=list)
    written: Sequence[str] = ()
    first_line: int = 1
    body: str = ""
    body_line: int = 1
    problems: list[Problem] = field(default_factory=list)


def decode(data: bytes) -> tuple[str | None, list[Problem]]:
    """The text of a file in UTF-8, UTF-16 with its mark, or GBK; None where it is none of these.

    Line ends become newlines, and the mark goes.
    """
    text, encoding = text_and_encoding(data)
    if text is None:
        return None, [Problem(1, "encoding", "文件既不是 UTF-8 也不是 GBK 编码。请在编辑器里另存为 UTF-8 编码")]
    problems = []
    text = text[1:] if encoding.startswith("utf-16") else text
    if encoding != "utf-8":
        name = "GBK" if encoding == "gb18030" else "UTF-16"
        problems.append(Problem(1, "read-as", f"文件是 {name} 编码，已照此读入；建议另存为 UTF-8"))
    if text.startswith("\ufeff"):
        text = text.removeprefix("\ufeff")
        problems.append(Problem(1, "read-as", "文件开头有 BOM 标记，已略去"))
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        problems.append(Problem(1, "read-as", "换行是 Windows 格式（CRLF），已按普通换行读入"))
    return text, problems


def text_and_encoding(data: bytes) -> tuple[str | None, str]:
    """The text of a file, its byte order mark included, and its encoding; None where it is none of ours.

    GBK is believed only where at least 80 % of its double bytes are common characters (GB 2312 level 1 and
    punctuation): other encodings decode as GBK too, into rubbish.
    """
    for encoding in ("utf-8", "utf-16-le", "utf-16-be", "gb18030"):
        if encoding.startswith("utf-16") and not data.startswith("\ufeff".encode(encoding)):
            continue
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        is_believed = encoding != "gb18030" or _is_common_chinese(data)
        return (text, encoding) if is_believed and "\x00" not in text else (None, "")
    return None, ""


def _is_common_chinese(data: bytes) -> bool:
    pairs = _PAIR.findall(data)
    return sum(1 for pair in pairs if _COMMON.fullmatch(pair)) >= 0.8 * len(pairs)


def read_source(data: bytes) -> Source:
    """The parts of a Markdown file with front matter; never raises for what a clerk may have written."""
    source = split_source(data)
    source.entries = list(read_entries(source.written, source.first_line, source.problems))
    return source


def split_source(data: bytes) -> Source:
    """The parts of a Markdown file, its front matter's lines not yet read."""
    text, problems = decode(data)
    source = Source(problems=problems)
    if text is None:
        return source
    lines = text.split("\n")
    start = next((number for number, line in enumerate(lines) if line.strip()), 0)
    if not _FENCE.fullmatch(lines[start]):
        message = "文件开头应为一行“---”，接着是各字段，再一行“---”，然后是正文"
        problems.append(Problem(start + 1, "front-matter-missing", message))
        return source
    end = next((n for n in range(start + 1, len(lines)) if _FENCE.fullmatch(lines[n])), None)
    if end is None:
        message = "字段区没有结束：字段之后、正文之前应有一行“---”"
        problems.append(Problem(start + 1, "front-matter-unclosed", message))
        end = next((n for n in range(start + 1, len(lines)) if not lines[n].strip()), len(lines))
    source.body, source.body_line = "\n".join(lines[end + 1 :]), end + 2
    source.written, source.first_line = lines[start + 1 : end], start + 2
    return source


def read_entries(lines: Sequence[str], first: int, problems: list[Problem]) -> Iterator[Entry]:
    """The entries written in `lines`, the first of which is line `first` of its file; adds to `problems`."""
    plain = [plain_entry(line, first + offset, problems) for offset, line in enumerate(lines)]
    try:
        yield from _entries_in("\n".join(plain), first, problems)
    except yaml.YAMLError:
        for offset, chunk in _chunks(plain):
            yield from _entry_alone(chunk, first + offset, problems)


def plain_entry(line: str, number: int, problems: list[Problem]) -> str:
    """A `键：值` line as `键: 值`; other lines as they are. Says so where that changed anything."""
    match = _ENTRY.fullmatch(line.rstrip())
    if match is None:
        return line.replace("\u3000", " ") if not line.strip() else line
    key, colon, value = half_width(match["key"]).strip(), match["colon"], match["value"]
    if colon == ":" and (not value or value[0] in " \t") and "\u3000" not in value[:2]:
        return line
    if colon == ":" and key not in KEY_OF:
        return line
    problems.append(
        Problem(number, "read-as", f"“{key}{colon}”已读作“{key}: ”（英文冒号加一个空格）", KEY_OF.get(key, ""))
    )
    return f"{key}: {value.strip()}"


def _chunks(lines: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """Each top-level entry with its continuation lines, and its offset."""
    starts = [n for n, line in enumerate(lines) if line.strip() and line[0] not in " \t-#]}"]
    if lines and (not starts or starts[0] > 0):
        starts.insert(0, 0)
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        if any(line.strip() for line in lines[start:end]):
            yield start, list(lines[start:end])


def _entry_alone(chunk: list[str], line: int, problems: list[Problem]) -> Iterator[Entry]:
    try:
        yield from _entries_in("\n".join(chunk), line, problems)
    except yaml.YAMLError:
        match = _ENTRY.fullmatch(chunk[0].rstrip())
        key = KEY_OF.get(match["key"].strip(), "") if match else ""
        problems.append(Problem(line, "yaml-syntax", _syntax_message(chunk[0]), key))
        if match:
            yield Entry(match["key"].strip(), "", line)


def _syntax_message(line: str) -> str:
    value = line.partition(":")[2].strip()
    if line[0] in "\t 　":
        return f"行首有空格或制表符，实为“{line.strip()}”。字段名要从行首写起，请删去前面的空白"
    for mark in "\"'":
        if value.startswith(mark) and (len(value) == 1 or not value.endswith(mark)):
            return f"引号没有配对：应有一对英文引号，实为“{value}”。请在末尾补上 {mark}，或把开头的 {mark} 去掉"
    if ":" not in line and "：" not in line:
        return f"应为“字段: 值”，实为“{line.strip()}”。请补上字段名和英文冒号"
    return f"写法有误，实为“{line.strip()}”。值里有冒号、方括号、引号等符号时，请把整个值用英文双引号括起来"


def _entries_in(text: str, first: int, problems: list[Problem]) -> Iterator[Entry]:
    """The entries of a YAML mapping; raises YAMLError where `text` is none."""
    try:
        node = yaml.compose(text, Loader=Loader)
    except RecursionError:
        raise yaml.YAMLError("nested without end") from None
    if node is None:
        return
    if not isinstance(node, yaml.MappingNode):
        raise yaml.YAMLError("not a mapping")
    lines = text.split("\n")
    found = []
    budget = [_MAX_NODES]
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise yaml.YAMLError("a key that is no word")
        line = key.start_mark.line
        found.append(Entry(half_width(str(key.value)).strip(), _value_of(value, budget), first + line))
        if _is_cut_by_comment(value, lines):
            message = "“ #”以后的文字会被当作注释丢掉。要保留就把整个值用英文双引号括起来"
            problems.append(Problem(first + line, "yaml-syntax", message, KEY_OF.get(str(key.value), "")))
    yield from found


def _is_cut_by_comment(node: yaml.Node, lines: Sequence[str]) -> bool:
    if not isinstance(node, yaml.ScalarNode) or node.style or not node.value:  # libyaml says "", PyYAML None
        return False
    rest = lines[node.end_mark.line][node.end_mark.column :] if node.end_mark.line < len(lines) else ""
    return rest.lstrip().startswith("#")


def _value_of(node: yaml.Node, budget: list[int], depth: int = 0) -> Value:
    """A node as text, list or mapping; raises YAMLError for more of them than a clerk writes (aliases multiply)."""
    budget[0] -= 1
    if budget[0] < 0 or depth > _MAX_DEPTH:
        raise yaml.YAMLError("too many nodes")
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): _value_of(value, budget, depth + 1) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_value_of(item, budget, depth + 1) for item in node.value]
    is_null = node.tag == "tag:yaml.org,2002:null"
    return "" if is_null else str(node.value)
