"""From one file to its `Document`, with every problem of the file at once."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from typing import NamedTuple
from urllib.parse import quote

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from gongkai.records.findings import READ_AS, Finding
from gongkai.records.front_matter import Entry, Problem, Source, decode, read_entries, read_source, split_source
from gongkai.records.markdown import Target, mentions, targets, unclosed_comment
from gongkai.records.numbering import numbers_in
from gongkai.records.record import REQUIRED, Record, missing_message
from gongkai.records.validity_clause import Clause, find_clause
from gongkai.records.values import Note, ReadingContext, Value
from gongkai.records.vocabulary import KEY_OF, label, nearest

#: The codes with which validators of a record refuse a value; other refusals are pydantic's own.
_REFUSALS = ("field-value", "field-ambiguous")
_INNER_LABELS = {
    "date": "日期",
    "reason": "原因",
    "note": "说明",
    "file": "文件",
    "title": "名称",
    "code": "代码",
    "allowed_by": "批准",
    "where": "内容",
}
#: What says which document this is can have no default.
_OWN = ("title", "index", "created", "published", "waivers")


#: A folder of drafts stays one, whatever a document leaves blank.
_NOT_BLANKED = ("status", "withdrawn")


class Document(NamedTuple):
    """A record with its source: `path` is relative to docs/, with "/" (`summaries/2018.md`).

    `url` is its address relative to the site's root, percent-encoded as RFC 3986 wants (`summaries/2018/`).

    The body itself stays in the file (`body_of`), because a hundred thousand of them do not fit in memory; kept is
    where it links to, and whether there is one at all. `origin` is a digest of the file and its folder's defaults,
    `facts` one of the record alone: what is printed elsewhere of a document depends on `facts` only. `blob` is git's name of
    the file's content (SHA-1), `mentions` whatever in the body looks like an address.
    """

    path: str
    url: str
    record: Record
    sha256: str
    links: tuple[Target, ...] = ()
    is_empty: bool = False
    origin: bytes = b""
    facts: bytes = b""
    clause: Clause | None = None
    blob: bytes = b""
    mentions: tuple[Target, ...] = ()

    @property
    def column(self) -> str:
        return self.path.partition("/")[0]

    @property
    def folder(self) -> str:
        """The folder of the source, relative to docs/."""
        return self.path.rpartition("/")[0]


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a folder's documents need not repeat; `broken` are keys with a value that was refused where it stands."""

    values: Mapping[str, Value] = field(default_factory=dict)
    broken: frozenset[str] = frozenset()

    def under(self, nearer: "Defaults") -> "Defaults":
        """These with those of a folder further in, whose word counts."""
        kept = {key: value for key, value in self.values.items() if key not in nearer.broken}
        return Defaults({**kept, **nearer.values}, (self.broken - set(nearer.values)) | nearer.broken)


class Reading(NamedTuple):
    """The file at `path`, relative to docs/, read: its document, or None with refusals among `findings`.

    `lines` tells each field's line. `content` are findings on what the document says: they count as far as that goes
    public, which is not known here. `numbers` are all index numbers that stand anywhere in the file.
    """

    path: str
    document: Document | None
    findings: tuple[Finding, ...]
    lines: Mapping[str, int]
    content: tuple[Finding, ...] = ()
    numbers: tuple[str, ...] = ()

    def refusals(self) -> list[tuple[int, Finding]]:
        """Why this is no document: findings and their lines, in the order of these."""
        refused = (one for one in self.findings if one.is_refusal)
        return sorted((one.line or self.lines.get(one.field, 1), one) for one in refused)


NO_DEFAULTS = Defaults()


def read_document(data: bytes, *, path: str, zone: tzinfo, defaults: Defaults = NO_DEFAULTS) -> Reading:
    """The document in `data`, or None with the findings that say why not.

    `path` is relative to docs/; `defaults` are those of its folder.
    """
    source = read_source(data)
    findings = [_finding(problem, path) for problem in source.problems]
    entries, complaints = _by_key(source.entries, path)
    findings += [*complaints, *_unclosed(source, path)]
    record = None
    if not any(problem.code in ("encoding", "front-matter-missing") for problem in source.problems):
        unreadable = {problem.key for problem in source.problems if problem.code == "yaml-syntax"}
        unreadable |= defaults.broken - set(entries)
        values = _left_to(defaults, entries)
        record, refused = _validated(values, entries, unreadable, path=path, zone=zone)
        findings += refused
    is_good = record is not None and not any(finding.is_refusal for finding in findings)
    document = _document(data, source, record, path, defaults) if record and is_good else None
    lines = {key: entry.line for key, entry in entries.items()}
    numbers = tuple(sorted(set(numbers_in(decode(data)[0] or data.decode("utf-8", "replace")))))
    return Reading(path, document, tuple(sorted(findings)), lines, numbers=numbers)


def _unclosed(source: Source, path: str) -> Iterator[Finding]:
    line = unclosed_comment(source.body)
    if line is not None:
        message = "注释没有结束，后面的文字会当作正文公开：应有“-->”与“<!--”配对。请补上，或删去“<!--”"
        yield Finding(path, "", "comment-unclosed", message, source.body_line + line)


def _left_to(defaults: Defaults, entries: Mapping[str, Entry]) -> dict[str, Value]:
    """The defaults that a document's own entries leave standing."""
    return {
        key: value
        for key, value in defaults.values.items()
        if key not in entries or (key in _NOT_BLANKED and _is_blank(entries[key].value))
    }


def _document(data: bytes, source: Source, record: Record, path: str, defaults: Defaults) -> Document:
    return Document(
        path,
        address_of(path),
        record,
        hashlib.sha256(data).hexdigest(),
        targets(source.body, source.body_line),
        not source.body.strip(),
        origin_of(data, defaults),
        hashlib.blake2b(repr(record).encode(), digest_size=16).digest(),
        find_clause(source.body, source.body_line),
        hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).digest(),
        mentions(source.body, source.body_line),
    )


def address_of(path: str) -> str:
    """The address of the document at `path`, as `Document.url` has it."""
    stem = path.removesuffix(".md")
    return quote(stem.removesuffix("/index").removesuffix("/README")) + "/"


def origin_of(data: bytes, defaults: Defaults) -> bytes:
    """A digest of all that a document is read from."""
    state = hashlib.blake2b(data, digest_size=16)
    state.update(repr((sorted(defaults.values.items()), sorted(defaults.broken))).encode())
    return state.digest()


def body_of(data: bytes) -> str:
    """The body in the bytes of a file that `read_document` has accepted."""
    return split_source(data).body


def read_defaults(data: bytes, *, path: str, zone: tzinfo) -> tuple[Defaults, tuple[Finding, ...]]:
    """The defaults written in a folder's `.meta.yml`, and what is wrong with that file, each with its line."""
    text, problems = decode(data)
    source = Source(problems=problems)
    if text is not None:
        lines = ["" if line.rstrip() in ("---", "...") else line for line in text.split("\n")]
        source.entries = list(read_entries(lines, 1, problems))
    entries, findings = _by_key(source.entries, path)
    findings = [_finding(problem, path) for problem in source.problems] + findings
    for key in _OWN:
        if key in entries:
            message = f"每个文件的{label(key)}各不相同，不能写在 .meta.yml 里。请移到各文件的字段区"
            findings.append(Finding(path, key, "field-value", message))
    shared = {key: entry for key, entry in entries.items() if key not in _OWN}
    _, refused = _validated({}, shared, {key for key in REQUIRED if key not in shared}, path=path, zone=zone)
    refused = [finding for finding in refused if finding.code != "field-missing"]
    broken = frozenset(finding.field for finding in refused if finding.is_refusal)
    values = {key: entry.value for key, entry in shared.items() if key not in broken}
    return Defaults(values, broken), tuple(
        one if one.line or one.field not in entries else replace(one, line=entries[one.field].line)
        for one in findings + refused
    )


def _finding(problem: Problem, path: str) -> Finding:
    return Finding(path, problem.key, problem.code, problem.message, problem.line)


def _by_key(entries: Sequence[Entry], path: str) -> tuple[dict[str, Entry], list[Finding]]:
    """Entries under their English keys; unknown and doubled names become findings."""
    found: dict[str, Entry] = {}
    findings = []
    for entry in entries:
        key = KEY_OF.get(entry.key)
        if key is None:
            near = nearest(entry.key, list(KEY_OF))
            hint = f"是不是“{near}”？" if near else "可用的字段见工作人员手册。"
            message = f"没有“{entry.key}”这个字段。{hint}"
            findings.append(Finding(path, entry.key, "field-unknown", message, entry.line))
        elif key in found:
            message = f"“{label(key)}”写了两次（第 {found[key].line} 行已有）。请只留一处"
            findings.append(Finding(path, key, "field-duplicate", message, entry.line))
        else:
            found[key] = entry
    return found, findings


def _validated(
    defaults: Mapping[str, Value], entries: Mapping[str, Entry], unreadable: set[str], *, path: str, zone: tzinfo
) -> tuple[Record | None, list[Finding]]:
    context = ReadingContext(zone)
    written = {key: entry.value for key, entry in entries.items()}
    values = {key: value for key, value in {**defaults, **written}.items() if not _is_blank(value)}
    record, problems = None, list[ErrorDetails]()
    try:
        record = Record.model_validate(values, context=context)
    except ValidationError as refused:
        problems = refused.errors(include_url=False)
    findings = [
        _refusal(problem, path)
        for problem in problems
        if not (problem["type"] == "missing" and problem["loc"][0] in unreadable)
    ]
    findings += [Finding(path, note.key, READ_AS, note.message) for note in context.notes if note.key in entries]
    return record, findings


def read_notes(data: bytes, zone: tzinfo, defaults: Defaults = NO_DEFAULTS) -> tuple[Note, ...]:
    """The values of a file's own fields that were accepted though not in the standard form."""
    entries, _ = _by_key(read_source(data).entries, "")
    written = {key: entry.value for key, entry in entries.items()}
    values = {key: value for key, value in {**defaults.values, **written}.items() if not _is_blank(value)}
    context = ReadingContext(zone)
    with suppress(ValidationError):
        Record.model_validate(values, context=context)
    return tuple(note for note in context.notes if note.key in entries)


def _is_blank(value: Value) -> bool:
    return not value.strip() if isinstance(value, str) else not value


def _refusal(problem: ErrorDetails, path: str) -> Finding:
    key = str(problem["loc"][0]) if problem["loc"] else ""
    if problem["type"] == "missing" and len(problem["loc"]) == 1 and key in REQUIRED:
        return Finding(path, key, "field-missing", missing_message(key))
    if problem["type"] in _REFUSALS:
        return Finding(path, key, problem["type"], problem["msg"])
    return Finding(path, key, "field-value", _structure_message(problem))


def _structure_message(problem: ErrorDetails) -> str:
    """A refusal by pydantic itself: only the inner shape of lists and mappings comes here."""
    inside: tuple[int | str, ...] = problem["loc"][1:]
    *places, name = inside or ("",)
    item = "".join(f"第 {place + 1} 条" for place in places if isinstance(place, int))
    inner = f"第 {name + 1} 条" if isinstance(name, int) else _INNER_LABELS.get(name, name)
    if problem["type"] == "missing":
        return f"{item}缺少“{inner}”。请照手册补上"
    if problem["type"] == "extra_forbidden":
        return f"{item}没有“{inner}”这一项。请照手册改正"
    return f"{item}写法不对，实为“{problem['input']}”。请照手册改正"
