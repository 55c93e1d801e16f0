"""A bureau with a word of its own in every place where text can hide, and the search that finds those words again.

A word is four characters of CJK Extension A that no other word has, then six Latin letters: nothing that the public
reads has either, and every pair of its characters betrays it. Most words are secrets; the others stand beside them, in
places of the same kind that are public, and show that a word there would be found.
"""

import html
import io
import json
import os
import re
import subprocess
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import chain, pairwise
from pathlib import Path
from urllib.parse import unquote

import brotli  # type: ignore[import-untyped]  # ships no types

from tests.index_archive import files_below
from tests.index_reader import answers_of
from tests.writing import markdown

Word = Callable[[str], str]
Files = dict[str, str | bytes]

NOW = "2026-01-31T09:00"
#: Before anything of the bureau is withdrawn or has come to its end.
EARLIER = "2026-01-10T09:00"

#: Kind of document → the fields that hide it altogether. A folder's defaults do it where they have a dot in front.
HIDDEN: Mapping[str, Mapping[str, str]] = {
    "draft": {"时效": "{状态: 草稿, 日期: 2026-01-01, 原因: ‹reason›}"},
    "embargoed": {"发布时间": "2033-05-06 07:08:09"},
    "withheld": {"公开方式": "不予公开"},
    "internal": {"公开范围": "面向本机关"},
    "unknown audience": {"公开范围": "面向某某同志"},
    "applicants' audience": {"公开范围": "面向申请人"},
    "internal on request": {"公开方式": "依申请公开", "公开范围": "面向本系统"},
    "withdrawn before its publication": {"撤回": "{date: 2025-01-14, reason: ‹reason›}"},
    "ended before its publication": {"公开时限": "限时公开至2025-01-14"},
    "in a withheld folder": {".公开方式": "不予公开"},
    "in an internal folder": {".公开范围": "面向本机关"},
    "in a folder of drafts": {".时效": "草稿"},
}
#: Kind of document → the fields that take away its body.
BODILESS: Mapping[str, Mapping[str, str]] = {
    "on request": {"公开方式": "依申请公开", "公开范围": "面向申请人"},
    "expired": {"公开时限": "限时公开至2026-01-20"},
    "withdrawn": {"撤回": "{date: 2026-01-20, reason: ‹reason›}"},
}
_IDENTITY = {"folder name", "file name", "title", "index number", "category", "document number", "department"}
_IDENTITY |= {"replaces", "replaced by"}
_CATALOGUE = _IDENTITY | {"source", "subject", "genre", "publisher"}
#: What is public of a document without a body.
SHOWN: Mapping[str, set[str]] = {"on request": _CATALOGUE, "expired": _CATALOGUE, "withdrawn": _IDENTITY | {"reason"}}
#: What stays home of a document that is public as a whole.
NEVER = {"reviewed by", "waiver", "comment", "front matter comment", "unused reference", "unused reference's address"}
NEVER |= {"unused reference's title"}
#: Days that nobody may know yet.
DAYS: Mapping[str, str] = {
    "embargoed: day": "2033-05-06",
    "future: day of the change": "2034-03-01",
    "future: day of the withdrawal": "2035-03-02",
    "future: day of the repeal": "2036-03-03",
}

#: A body with a place of each kind.
BODY = """‹paragraph›

## ‹heading›

- ‹honour in a list›

| 名称 | ‹table head› |
|---|---|
| 示例 | ‹table cell› |

[‹link text›](https://example.org/‹link address› "‹link title›")
![‹alternative text›](‹picture name›.png "‹picture title›")

```text
‹code block›
```

`‹code›`[^1]

[^1]: ‹footnote›

!!! note "‹box title›"
    ‹box›

<div title="‹raw HTML attribute›">‹raw HTML›</div>

<!-- ‹comment› -->

[‹unused reference›]: https://example.org/‹unused reference's address› "‹unused reference's title›"
"""
#: A body with comments, and nothing else that is not public.
COMMENTED = """正文<!-- ‹in a paragraph› -->。

## 标题<!-- ‹in a heading› -->

- 项<!-- ‹in a list› -->

> 引文<!-- ‹in a quotation› -->

| 甲<!-- ‹in a table's head› --> | 乙 |
|---|---|
| 1 | 2<!-- ‹in a table› --> |

[见<!-- ‹in a link› -->](future.md) 和**粗<!-- ‹in bold› -->**[^1]

[^1]: 注<!-- ‹in a footnote› -->

!!! note "题"
    文<!-- ‹in a box› -->

<div>
文<!-- ‹in raw HTML› -->
</div>

<?php ‹in an instruction› ?>

<!--
‹at the head of a block›

## ‹in a block's second paragraph›

[甲]: https://example.org/‹in a block's reference›
-->
"""


@dataclass(frozen=True, slots=True)
class Planted:
    """Files by path relative to docs/, and the words in them by place, as `kind of document: place in it`."""

    files: Files = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)

    def word(self, kind: str, place: str) -> str:
        """The word at a place; a new one where it has none yet."""
        return self.words.setdefault(f"{kind}: {place}", _coined(len(self.words)))

    @property
    def public(self) -> frozenset[str]:
        """The places that the public sees."""
        return frozenset(place for place in self.words if is_public(place))

    @property
    def secrets(self) -> frozenset[str]:
        return frozenset(self.words) - self.public | frozenset(DAYS)


def _coined(number: int) -> str:
    han = "".join(chr(0x3400 + 4 * number + place) for place in range(4))
    return f"{han}zqx" + "".join(chr(ord("a") + number // 26**place % 26) for place in (2, 1, 0))


def kind_of(place: str) -> str:
    return place.partition(": ")[0]


def is_public(place: str) -> bool:
    kind, _, name = place.partition(": ")
    return name not in NEVER if kind == "public" else name in SHOWN.get(kind, set())


def bureau() -> Planted:
    """The whole bureau, at `NOW`."""
    planted = Planted()
    for kind, hiding in {**HIDDEN, **BODILESS}.items():
        planted.files.update(saturated(partial(planted.word, kind), hiding))
    planted.files.update(saturated(partial(planted.word, "public"), {"时效": "{状态: 已修改, 原因: ‹reason›}"}))
    planted.files.update(_with_a_future(planted))
    planted.files.update(_with_comments(planted))
    planted.files.update(_beside(planted))
    planted.files.update(_handbook(planted))
    planted.files.update(_register(planted))
    return planted


def before_hiding(planted: Planted) -> Files:
    """The bureau's documents as if nothing hid them yet; those that time alone changes are as they are."""
    files: Files = {}
    for kind, hiding in {**HIDDEN, **BODILESS}.items():
        given = hiding if kind in ("expired", "withdrawn") else {}
        files.update(saturated(partial(planted.word, kind), given))
    return files


def saturated(word: Word, hiding: Mapping[str, str]) -> Files:
    """A document with a word in each of its fields and each kind of text, the files beside it, its folder's defaults."""
    folder = f"honours/{word('folder name')}"
    own = {key: filled(value, word) for key, value in hiding.items() if key[0] != "."}
    defaults = {key[1:]: value for key, value in hiding.items() if key[0] == "."}
    given = {**_fields(word), **own, **dict.fromkeys(defaults)}
    text = markdown(filled(BODY, word), **given).replace("---\n", f"---\n# {word('front matter comment')}\n", 1)
    files: Files = {f"{folder}/{word('file name')}.md": text, **_files_of(word, folder)}
    if defaults:
        lines = [f"# {word('comment in the defaults')}", *(f"{key}: {value}" for key, value in defaults.items())]
        files[f"{folder}/.meta.yml"] = "\n".join(lines)
    return files


def filled(text: str, word: Word) -> str:
    """`text` with words in place of the names of places that it has between ‹ and ›."""
    return re.sub("‹(.+?)›", lambda match: word(match[1]), text)


def _fields(word: Word) -> dict[str, str | None]:
    files = f"[{{file: {word('attachment name')}.docx, title: {word('attachment title')}}}, {word('second name')}.zip]"
    return {
        "标题": word("title"),
        "信息索取号": f"{word('index number')}/1",
        "信息类别": word("category"),
        "文件编号": word("document number"),
        "责任部门": word("department"),
        "来源": word("source"),
        "更正": f"[{{date: 2025-06-01, note: {word('change note')}}}]",
        "取代": f"{word('replaces')}/2",
        "被取代": f"{word('replaced by')}/3",
        "审核": word("reviewed by"),
        "豁免": f"[{{代码: link-external, 原因: {word('waiver')}, 批准: {word('waiver')}, 内容: {word('waiver')}}}]",
        "附件": files,
        "内容概述": word("description"),
        "关键词": f"科技、{word('keyword')}",
        "主题分类": word("subject"),
        "体裁分类": word("genre"),
        "发布机构": word("publisher"),
    }


def _files_of(word: Word, folder: str) -> Files:
    inner = zipped({"xl/sharedStrings.xml": f"<si><t>{word('text in a table in an archive')}</t></si>"})
    return {
        f"{folder}/{word('attachment name')}.docx": zipped({"word/document.xml": word("text of the attachment")}),
        f"{folder}/{word('second name')}.zip": zipped({f"{word('name in an archive')}.xlsx": inner}),
        f"{folder}/{word('picture name')}.png": word("picture").encode("utf-16-le"),
    }


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """A compressed archive."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def _with_a_future(planted: Planted) -> Files:
    """Public documents that are to change, and that name what is hidden."""
    word = partial(planted.word, "future")
    withdrawal = f"{{date: {DAYS['future: day of the withdrawal']}, reason: {word('reason of the withdrawal')}}}"
    repeal = f"{{状态: 废止, 日期: {DAYS['future: day of the repeal']}, 原因: {word('reason of the repeal')}}}"
    links = "[旧稿](.old/draft.txt) ![样张](../handbook/样张.png) [副本](副本.docx) [登记](../.register/2025.jsonl)"
    numbers = {kind: planted.words[f"{kind}: index number"] for kind in HIDDEN}
    wide = numbers["internal"].translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
    return {
        "plans/future.md": markdown(
            links,
            信息索取号="future/1",
            更正=f"[{{date: {DAYS['future: day of the change']}, note: {word('change note')}}}]",
            撤回=withdrawal,
            时效=repeal,
            取代=f"[{numbers['draft']}/1, {numbers['withheld'].upper()}/1, {wide}／１]",
            被取代=f"{numbers['embargoed']}/1",
        ),
        "plans/.meta.yml": f"# {word('comment in the defaults')}\n审核: {word('reviewed by')}\n",
        "plans/.old/draft.txt": word("dot folder's file"),
    }


def _with_comments(planted: Planted) -> Files:
    """A public document with comments wherever Markdown has them, each of one line or a block by itself."""
    body = filled(COMMENTED, partial(planted.word, "comments"))
    return {"plans/comments.md": markdown(body, 信息索取号="comments/1")}


def _beside(planted: Planted) -> Files:
    """Files that no public document names."""
    word = partial(planted.word, "beside")
    source = markdown(word("hidden source's body"), 标题=word("hidden source's title"), 信息索取号="dot/1")
    return {
        f"plans/{word('unlisted name')}.docx": zipped({"word/document.xml": word("unlisted content")}),
        f"plans/.{word('dot name')}": word("dot content"),
        f"plans/.{word('hidden source')}.md": source,
        f"plans/.{word('dot folder')}/a.md": markdown(word("dot folder's body"), 信息索取号="dot/2"),
        f"plans/{word('copy name')}.md~": markdown(word("editor's copy")),
        f"plans/{word('old name')}.md.bak": markdown(word("old version")),
        "reports/2024.yml": f"受理数: {word('report table')}\n",
        f"{word('name at the root')}.txt": word("content at the root"),
        "plans/.gitignore": word("ignored"),
    }


def _handbook(planted: Planted) -> Files:
    word = partial(planted.word, "handbook")
    return {
        "handbook/index.md": f"# {word('title')}\n\n{word('body')}\n\n<!-- {word('comment')} -->\n",
        f"handbook/{word('page name')}.md": f"# 页\n\n{word('another body')}\n",
        "handbook/样张.png": word("picture"),
        f"handbook/{word('unlisted name')}.pdf": word("unlisted content"),
    }


def _register(planted: Planted) -> Files:
    """What was registered of the public document: where it stood before, and another that was given its number."""
    word, public = partial(planted.word, "register"), partial(planted.word, "public")
    path = f"honours/{public('folder name')}/{public('file name')}.md"
    former = f"honours/{public('former file name')}.md"
    other = f"honours/{word('path of another')}.md"
    lines = (
        _line(public, 1, event="published", path=former, title=word("former title"), reason=word("reason")),
        _line(public, 2, event="moved", path=path, was=former, title=word("another title")),
        _line(public, 3, event="published", path=other, title=word("title of another")),
    )
    return {
        ".register/2025.jsonl": "".join(lines),
        f".register/{word('note name')}.txt": word("note"),
        ".register/说明.md": word("text"),
    }


def _line(public: Word, hour: int, **given: str) -> str:
    entry = {
        "number": f"{public('index number')}/1",
        "recorded": f"2025-01-15T1{hour}:00:00+08:00",
        "created": "2025-01-10",
        "published": "2025-01-15T09:30:00+08:00",
        "sha256": "0" * 64,
        "state": "公开",
        **given,
    }
    return json.dumps(entry, ensure_ascii=False) + "\n"


def write(files: Mapping[str, str | bytes], docs: Path) -> Path:
    """`files` in the folder `docs`; nothing that is there before leaves."""
    for name, content in files.items():
        path = docs / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return docs


def grow(planted: Planted, folder: Path) -> Path:
    """The bureau's docs folder, in a repository whose log has words too, with a link to what is hidden."""
    docs = write(planted.files, folder / "docs")
    withheld = partial(planted.word, "withheld")
    (docs / "plans/副本.docx").symlink_to(f"../honours/{withheld('folder name')}/{withheld('attachment name')}.docx")
    word = partial(planted.word, "git")
    name, message, branch = word("author"), word("message"), word("branch")
    git = partial(_git, folder, name)
    git("init", "-q", "-b", branch)
    (docs / "plans/comments.md").write_text(markdown(word("earlier version"), 信息索取号="comments/1"), "utf-8")
    git("add", "docs")
    git("commit", "-q", "-m", message)
    write({"plans/comments.md": planted.files["plans/comments.md"]}, docs)
    git("commit", "-q", "-a", "-m", message)
    return docs


def _git(folder: Path, name: str, *arguments: str) -> None:
    who = {f"GIT_{role}_{key}": name for role in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")}
    days = {"GIT_AUTHOR_DATE": "2025-01-12T09:00+08:00", "GIT_COMMITTER_DATE": "2025-01-12T09:00+08:00"}
    subprocess.run(
        ("git", *arguments), cwd=folder, env={**os.environ, **who, **days, "GIT_CONFIG_GLOBAL": os.devnull}, check=True
    )


# Finding

_PAIR = re.compile("(?=([\u3400-\u4dbf]{2}))")
_FOUR = re.compile("(?=([\u3400-\u4dbf]{4}))")
_PLAIN = re.compile(r"zqx[a-z]{3}|20[3-9]\d-\d\d-\d\d", re.IGNORECASE)
_MEMBER = b"\x1f\x8b\x08"
_ARCHIVE = b"PK\x03\x04"
_DEEPEST = 4
#: What stands for a file's name where a word is found in the search alone.
_TOKEN = "a token of the search"


def places_in(site: Path, planted: Planted) -> frozenset[str]:
    """The places whose words are in a name, in a byte or in a search token of a site."""
    return frozenset(files_by_place(site, planted))


def files_by_place(folder: Path, planted: Planted, *, has_index: bool = True) -> dict[str, set[str]]:
    """Where in a folder the word of each place is found; `has_index` where it is a site."""
    owner = {trace: place for place, word in {**planted.words, **DAYS}.items() for trace in traces_in_text(word)}
    found: dict[str, set[str]] = {}
    tokens = indexed_tokens(folder) if has_index else ()
    for name, traces in (*_traces_by_file(folder), (_TOKEN, traces_in_text("\n".join(tokens)))):
        for place in {owner[trace] for trace in traces & owner.keys()}:
            found.setdefault(place, set()).add(name)
    return found


def _traces_by_file(folder: Path) -> Iterator[tuple[str, frozenset[str]]]:
    for name, data in files_below(folder).items():
        yield name, traces_in_text(name) | traces_in(data, is_brotli=name.endswith(".br"))


def indexed_tokens(site: Path) -> Iterable[str]:
    """Every token that the search index answers to."""
    return answers_of(files_below(site / "search/index")).postings


@cache
def traces_in(data: bytes, *, is_brotli: bool = False) -> frozenset[str]:
    """What of words is in a file's bytes, whatever they are packed in; kept, because sites share the theme's files."""
    pieces = chain(unpacked(data), unpacked(brotli.decompress(data)) if is_brotli else ())
    return frozenset(trace for piece in pieces for trace in _traces_in_bytes(piece))


def unpacked(data: bytes, depth: int = 0) -> Iterator[bytes]:
    """`data`, and whatever is packed in it anywhere: gzip members, and the files of an archive with their names."""
    yield data
    if depth == _DEEPEST:
        return
    for match in re.finditer(re.escape(_MEMBER), data):
        with suppress(zlib.error):
            yield from unpacked(zlib.decompressobj(31).decompress(data[match.start() :]), depth + 1)
    if data.startswith(_ARCHIVE):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield name.encode()
                yield from unpacked(archive.read(name), depth + 1)


def _traces_in_bytes(data: bytes) -> Iterator[str]:
    yield from traces_in_text(data.decode("utf-8", "ignore"))
    for code in ("utf-16-le", "utf-16-be"):
        for start in (0, 1):
            text = data[start:].decode(code, "ignore")
            # Any four bytes of plain text are two characters here: only a whole word is a trace.
            whole = (run for run in _FOUR.findall(text) if ord(run[0]) % 4 == 0 and _is_run(run))
            yield from (run[:2] for run in whole)


def traces_in_text(text: str) -> frozenset[str]:
    """The pairs of a word's characters, the Latin words and the days that a text has in any of its forms."""
    traces = set[str]()
    for form in forms(text):
        traces |= {pair for pair in _PAIR.findall(form) if _is_run(pair)}
        traces |= {found.casefold() for found in _PLAIN.findall(form)}
    return frozenset(traces)


def _is_run(characters: str) -> bool:
    return all(ord(after) == ord(before) + 1 for before, after in pairwise(characters))


def forms(text: str) -> set[str]:
    """`text` and what it is without entities, percent signs, JSON's escapes and differences of width, twice over."""
    known = {text}
    for _ in range(2):
        known |= {plain(form) for form in known for plain in (html.unescape, unquote, _without_escapes, _narrow)}
    return known


def _without_escapes(text: str) -> str:
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)), text) if "\\u" in text else text


def _narrow(text: str) -> str:
    return unicodedata.normalize("NFKC", text)
