"""What a rule is: one object with its code, severity, family, name and source, and a function that looks.

The class of a rule says what its function is handed. Such a function knows nothing of lines in front matter, of paths
as people see them, or of waivers: the run of the checks (`run.py`) adds these.
"""

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Generic, Literal, NamedTuple, TypeVar

from gongkai.catalogue.archive import Archive
from gongkai.catalogue.order import Decided
from gongkai.catalogue.register import Claims
from gongkai.catalogue.sources import shown_path
from gongkai.checks.baseline import Before
from gongkai.checks.texts import Spot
from gongkai.records.findings import Finding, as_line
from gongkai.records.plain_text import Attached
from gongkai.records.reading import Document, Reading
from gongkai.records.record import Waiver
from gongkai.site import Site

Severity = Literal["error", "warning"]
#: Sources of rules of several families.
PRIVACY_LAW = "《个人信息保护法》第二十五条、《政府信息公开条例》第十五条"
FILES_OPEN = "国办秘函〔2019〕19号：附件打不开"
FALSE_TIME = "国办秘函〔2019〕19号：虚假发布时间单项否决"
CATALOGUE = "国办秘函〔2009〕6号"
#: What touches rights or the law is told whatever the settings say.
_ALWAYS_TOLD = ("disclosure", "permanence", "privacy", "secrecy")
S = TypeVar("S")
F = TypeVar("F", Finding, Spot)


@dataclass(frozen=True)
class Kind:
    """What findings of one code have in common: how grave they are, their family, a name for people, and the source.

    An `error` stops a build (the hard rules of the field), a `warning` does not (the soft ones). `why` names the law,
    standard or inspection rule, "" where the system itself needs it.
    """

    code: str
    severity: Severity
    family: str
    name: str
    why: str

    @property
    def is_error(self) -> bool:
        return self.severity == "error"

    @property
    def can_be_silenced(self) -> bool:
        """Whether a site's settings may keep silent about it."""
        return not self.is_error and self.family not in _ALWAYS_TOLD

    @property
    def is_waivable(self) -> bool:
        """Whether somebody may answer for it in a document; even for an error, where a machine took it for privacy."""
        return self.family == "privacy" or self.can_be_silenced


@dataclass(frozen=True)
class Rule(Kind, Generic[S, F]):
    """One rule; `look` yields its findings, and perhaps those of other codes: a function that is shared is called once.

    What is `thorough` is looked for by `gongkai check` alone, because no build is stopped by it.
    """

    look: Callable[[S], Iterable[F]]
    thorough: bool = dataclasses.field(default=False, kw_only=True)


class Read(NamedTuple):
    """One file as its reader left it, with its document or none, and the codes that there are."""

    reading: Reading
    kinds: Mapping[str, Kind]


class ReadingRule(Rule[Read, Finding]):
    """Is handed the reading of one file; findings are remembered with it."""


class Fields(NamedTuple):
    """One document's fields and place, and the names of the site's columns and departments."""

    document: Document
    site: Site


class FieldsRule(Rule[Fields, Finding]):
    """Is handed one document's fields; findings are remembered with its reading."""


class Words(NamedTuple):
    """Words that may go public: a body (`field` is ""), a printed field, a text attached.

    Comments are gone from a body. `own` are the office's own telephones and mailboxes, `banned` the words that it does
    not print, each with what to write instead.
    """

    text: str
    field: str = ""
    own: frozenset[str] = frozenset()
    banned: Mapping[str, str] = {}


class WordsRule(Rule[Words, Spot]):
    """Is handed one text; findings are remembered with the document or the file, and count as far as it goes public.

    Those that are not thorough are asked of attachments too.
    """


class Content(NamedTuple):
    """What a file says, with the names in it, and the kinds in it that nothing can read."""

    attached: Attached
    names: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


class AttachedFile(NamedTuple):
    """A file that goes public with a document; `own` are names of the office, which its properties may have."""

    file: Path
    content: Content
    own: frozenset[str]


class FileRule(Rule[AttachedFile, Spot]):
    """Is handed one file that goes public; findings are remembered with the file."""


@dataclass(frozen=True, slots=True)
class Whole:
    """The archive at the instant `now`, every document with what is public of it.

    `looked_at` are those that were asked about, all or those that changed (`is_narrow`); `anchors_of` tells which
    anchors a document's page has, None where nobody can render one.
    """

    archive: Archive
    now: datetime
    decided: Sequence[Decided]
    looked_at: Sequence[Decided]
    is_narrow: bool = False
    anchors_of: Callable[[Document], frozenset[str]] | None = None

    @property
    def docs_dir(self) -> Path:
        return self.archive.docs_dir

    @property
    def site(self) -> Site:
        return self.archive.site

    def shown(self, path: str) -> str:
        """A path relative to docs/ as people see it."""
        return shown_path(self.docs_dir / path)


class ArchiveRule(Rule[Whole, Finding]):
    """Is handed the whole archive."""


class Compared(NamedTuple):
    """The archive and what was published before.

    `place_of` tells where a field stands, as people see it; `free_numbers` gives index numbers that nobody has.
    """

    whole: Whole
    before: Before
    place_of: Callable[[str, str], str]
    free_numbers: Iterator[str]


class HistoryRule(Rule[Compared, Finding]):
    """Is handed the archive against what was published."""


class WebRule(Rule[Whole, Finding]):
    """Is handed the whole archive and asks other sites; only where somebody wants it."""


@dataclass(frozen=True, slots=True, order=True)
class Reported:
    """A finding as a clerk reads it: `path` from the present folder, `line` from 1, `field` an English key or ""."""

    path: str
    line: int
    field: str
    code: str
    message: str
    kind: Kind = dataclasses.field(compare=False, repr=False)

    @property
    def severity(self) -> Severity:
        return self.kind.severity

    @property
    def is_error(self) -> bool:
        return self.kind.is_error

    def __str__(self) -> str:
        return as_line(self.path, self.line, self.field, self.message)


class Waived(NamedTuple):
    """A finding, and the waiver that answers for it."""

    finding: Reported
    waiver: Waiver


class Outcome(NamedTuple):
    """What a run came to; `claims` is what the register tells, None where nothing was compared to a commit."""

    whole: Whole
    findings: Sequence[Reported]
    waived: Sequence[Waived]
    claims: Claims | None


class OutcomeRule(Rule[Outcome, Finding]):
    """Is handed what the other rules found."""
