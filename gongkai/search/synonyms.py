"""`synonyms.yml`: the bureau's own list of words that mean the same, by which the search finds what is written otherwise.

A list of groups, each two words or more. Problems are worded for the staff who keep the list; nothing is guessed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from gongkai.search.tokens import normalise, tokens

NAME = "synonyms.yml"
LONGEST = 30
MOST = 2_000


@dataclass(frozen=True, slots=True)
class Synonyms:
    """Groups of equal writings, as written, and what is wrong with the list, a line each."""

    groups: tuple[tuple[str, ...], ...] = ()
    problems: tuple[str, ...] = ()


def read_synonyms(file: Path) -> Synonyms:
    """The list in `file`; an empty one where there is no such file."""
    try:
        text = file.read_text("utf-8-sig")
    except FileNotFoundError:
        return Synonyms()
    except (OSError, UnicodeDecodeError):
        return Synonyms(problems=(f"{file.name}: 应为用 UTF-8 保存的文字文件，读不出来。请另存为 UTF-8 编码",))
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        where = f":{mark.line + 1}" if mark else ""
        return Synonyms(problems=(f"{file.name}{where}: 写法读不懂。每行应像“- [高企, 高新技术企业]”这样",))
    return _read(node, file.name) if node else Synonyms()


def _read(node: yaml.Node, name: str) -> Synonyms:
    if not isinstance(node, yaml.SequenceNode):
        return Synonyms(
            problems=(f"{name}:{_line(node)}: 应为清单，实为别的写法。请每行写一组，像“- [高企, 高新技术企业]”",)
        )
    groups: list[tuple[str, ...]] = []
    problems: list[str] = []
    for item in node.value:
        words = tuple(_words(item))
        found = list(_problems(item, words))
        problems += (f"{name}:{_line(item)}: {problem}" for problem in found)
        if not found:
            groups.append(words)
    if len(groups) > MOST:
        problems.append(f"{name}: 应不超过{MOST}组，实为{len(groups)}组。请删去不常用的")
    return Synonyms(tuple(groups), tuple(problems))


def _words(item: yaml.Node) -> Iterator[str]:
    if isinstance(item, yaml.SequenceNode):
        yield from (part.value.strip() for part in item.value if isinstance(part, yaml.ScalarNode))


def _problems(item: yaml.Node, words: Sequence[str]) -> Iterator[str]:
    if not isinstance(item, yaml.SequenceNode) or len(words) != len(item.value):
        yield "应为方括号括起来的一组词，如“[高企, 高新技术企业]”。请照样改写"
        return
    normal = [normalise(word) for word in words]
    if len(set(normal)) < 2:
        yield f"一组应有两个以上不同的词，实为“{'、'.join(words)}”。请补上另一个词，或删去这一行"
    for word, one in zip(words, normal, strict=True):
        if not tokens(word):
            yield f"应为词语，实为“{word}”。请删去或改成文字"
        elif len(one) == 1:
            yield f"词语应有两个字以上，实为“{word}”。请写完整"
        elif len(one) > LONGEST:
            yield f"词语应不超过{LONGEST}个字，实为“{word}”。请写短些"


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
