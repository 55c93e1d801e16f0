"""No trace (invariant 4): not a word of what is not public is in any byte of a site, and each guard is needed for that.

`tests/site/planting.py` has the bureau, with a word of its own in each place where text can hide, and the search for
those words. A guard is a piece of our code that keeps something in; without it, the same search finds what it kept.
"""

import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest
from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig

from gongkai.catalogue import archive, attachments, order, register, sources
from gongkai.catalogue.attachments import is_markdown, public_files
from gongkai.catalogue.order import Decided, PublicDocument
from gongkai.catalogue.register import Claims, Entry
from gongkai.catalogue.sources import Inventory
from gongkai.checks import rules, run
from gongkai.engine import edition, frame, plan
from gongkai.engine.build import Request, build_site, quiet_mkdocs
from gongkai.engine.edition import BuildFailedError
from gongkai.engine.rendering import Renderer, renderer
from gongkai.outputs import OutputFile, data
from gongkai.pages import body
from gongkai.records import disclosure
from gongkai.records.disclosure import Decision, Extent, decide, public_part
from gongkai.records.record import Record
from gongkai.records.values import IN_FORCE, PUBLIC_AUDIENCES, Disclosure, Status, Term
from tests.site.planting import (
    BODILESS,
    DAYS,
    EARLIER,
    HIDDEN,
    NOW,
    Planted,
    before_hiding,
    bureau,
    files_by_place,
    grow,
    kind_of,
    places_in,
    unpacked,
    write,
    zipped,
)
from tests.writing import markdown

ROOT = Path(__file__).parents[2]
BOTH = ("gz", "br")
Patch = pytest.MonkeyPatch
Removal = Callable[[Patch], None]
Build = Callable[[Path, Path, Patch], Path]


@dataclass(frozen=True)
class Estate:
    """The bureau's docs folder, and the words that lie in it."""

    planted: Planted
    docs: Path


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Estate:
    planted = bureau()
    return Estate(planted, grow(planted, tmp_path_factory.mktemp("bureau")))


@pytest.fixture(scope="module")
def site(estate: Estate, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the bureau publishes, with both compressed forms beside each file."""
    return built(estate.docs, tmp_path_factory.mktemp("public"), compressions=BOTH)


#: MkDocs' part depends on the settings alone and takes longer than all the rest: made once for all guards.
_frame_files = cache(frame.frame_files)


@pytest.fixture
def opened(monkeypatch: Patch) -> Iterator[Patch]:
    """For taking guards away: nothing set up with a guard is used without it, nor the other way round."""
    monkeypatch.setattr(plan, "frame_files", _frame_files)
    renderer.cache_clear()
    yield monkeypatch
    renderer.cache_clear()


def built(docs: Path, folder: Path, *, now: str = NOW, compressions: tuple[str, ...] = ()) -> Path:
    request = Request(
        ROOT / "mkdocs.yml", docs_dir=docs, site_dir=folder / "site", now=now, jobs=1, compressions=compressions
    )
    with quiet_mkdocs():
        return build_site(request).site_dir


def built_for_guards(docs: Path, folder: Path, patch: Patch) -> Path:
    return built(docs, folder)


def built_by_mkdocs(docs: Path, folder: Path, patch: Patch) -> Path:
    """The site as `mkdocs build` makes it."""
    patch.setenv("GONGKAI_NOW", NOW)
    config = load_config(str(ROOT / "mkdocs.yml"), docs_dir=str(docs), site_dir=str(folder / "site"))
    config.plugins.on_startup(command="build", dirty=False)
    with quiet_mkdocs():
        mkdocs_build(config)
    return folder / "site"


# What is planted, and that none of it shows


def test_every_word_is_planted_and_there_are_many(estate: Estate) -> None:
    planted = estate.planted
    in_sources = {place for place in planted.secrets if kind_of(place) != "git"}

    assert len(planted.secrets) > 700
    assert len({kind_of(place) for place in planted.secrets}) > 20
    assert len(set(planted.words.values())) == len(planted.words)
    assert in_sources - planted_in(estate) == set()


def planted_in(estate: Estate) -> frozenset[str]:
    """The places whose words the search for words finds in the sources."""
    return frozenset(files_by_place(estate.docs, estate.planted, has_index=False))


def test_no_secret_is_in_any_byte_of_the_site(estate: Estate, site: Path) -> None:
    found = files_by_place(site, estate.planted)

    assert {place: files for place, files in found.items() if place in estate.planted.secrets} == {}


def test_what_is_public_beside_the_secrets_is_found(estate: Estate, site: Path) -> None:
    found = files_by_place(site, estate.planted)

    assert estate.planted.public - found.keys() == set()
    assert len(estate.planted.public) > 70
    assert "a token of the search" in found["public: paragraph"]
    assert {path.rpartition(".")[2] for path in found["public: title"]} >= {"bin", "csv", "gz", "br", "xml"}


def test_mkdocs_own_build_shows_no_secret_either(estate: Estate, tmp_path: Path, monkeypatch: Patch) -> None:
    found = places_in(built_by_mkdocs(estate.docs, tmp_path, monkeypatch), estate.planted)

    assert found == estate.planted.public


@pytest.mark.parametrize("compressions", [(), BOTH], ids=["plain", "compressed"])
def test_what_turns_hidden_leaves_nothing_behind(compressions: tuple[str, ...], tmp_path: Path, opened: Patch) -> None:
    planted = bureau()
    docs = write(before_hiding(planted), tmp_path / "docs")
    shown = places_in(built(docs, tmp_path, now=EARLIER, compressions=BOTH), planted)
    write(planted.files, docs)

    found = places_in(built(docs, tmp_path, compressions=compressions), planted)

    assert {f"{kind}: text of the attachment" for kind in (*HIDDEN, *BODILESS)} <= shown
    assert {f"{kind}: raw HTML" for kind in (*HIDDEN, *BODILESS)} <= shown
    assert found == planted.public


def test_the_search_for_words_looks_into_whatever_wraps_them(estate: Estate, tmp_path: Path) -> None:
    packed = zipped({"a.bin": zipped({"b.bin": b"\x00" + estate.planted.words["public: title"].encode()})})
    write({"a.docx": packed}, tmp_path)

    assert files_by_place(tmp_path, estate.planted, has_index=False) == {"public: title": {"a.docx"}}
    assert len(list(unpacked(packed))) == 5


# Each guard, taken away


class _WithBody(PublicDocument):
    """A public document whose body is believed to be public whatever was decided."""

    @property
    def has_body(self) -> bool:
        return True


def _with_body(public: PublicDocument) -> PublicDocument:
    return _WithBody(public.document, public.decision)


def draft(patch: Patch) -> None:
    original = disclosure._why_hidden

    def why_hidden(record: Record, now: datetime) -> str:
        is_draft = record.status.state is Status.DRAFT
        return original(record.model_copy(update={"status": IN_FORCE}) if is_draft else record, now)

    patch.setattr(disclosure, "_why_hidden", why_hidden)


def embargo(patch: Patch) -> None:
    original = disclosure._why_hidden
    patch.setattr(disclosure, "_why_hidden", lambda record, now: original(record, max(now, record.published)))


def withheld(patch: Patch) -> None:
    _overlooking(
        patch, "_why_withheld", lambda record: record.disclosure is Disclosure.WITHHELD, disclosure=Disclosure.PROACTIVE
    )


def audience(patch: Patch) -> None:
    _overlooking(patch, "_why_withheld", lambda record: True, audience=PUBLIC_AUDIENCES[0])


def contradiction(patch: Patch) -> None:
    patch.setattr(disclosure, "_why_contradictory", lambda record: "")


def _overlooking(patch: Patch, name: str, is_meant: Callable[[Record], bool], **instead: object) -> None:
    """Let a branch of the decision see other values of some fields than the record has."""
    original = getattr(disclosure, name)
    patch.setattr(
        disclosure, name, lambda record: original(record.model_copy(update=instead) if is_meant(record) else record)
    )


def withdrawal(patch: Patch) -> None:
    _deciding(patch, lambda record: record.withdrawn is not None, withdrawn=None)


def on_request(patch: Patch) -> None:
    _deciding(
        patch,
        lambda record: record.disclosure is Disclosure.ON_REQUEST,
        disclosure=Disclosure.PROACTIVE,
        audience=PUBLIC_AUDIENCES[0],
    )


def term(patch: Patch) -> None:
    _deciding(patch, lambda record: record.term.last_day is not None, term=Term("常年公开"))


def _deciding(patch: Patch, is_meant: Callable[[Record], bool], **instead: object) -> None:
    """Decide on documents that are not hidden as if some of their fields were others."""

    def decided(record: Record, now: datetime) -> Decision:
        found = decide(record, now)
        is_open = found.extent is not Extent.NOTHING and is_meant(record)
        return decide(record.model_copy(update=instead), now) if is_open else found

    patch.setattr(order, "decide", decided)


def redaction(*fields: str) -> Removal:
    """Leave `fields` in a record's public part as they are."""

    def remove(patch: Patch) -> None:
        def part(record: Record, decision: Decision) -> Record:
            kept = {name: getattr(record, name) for name in fields}
            return public_part(record, decision).model_copy(update=kept)

        patch.setattr(order, "public_part", part)

    return remove


def internal_columns(patch: Patch) -> None:
    patch.setattr(data, "KEYS", (*data.KEYS, "reviewed_by"))


def waiver_column(patch: Patch) -> None:
    patch.setattr(data, "KEYS", (*data.KEYS, "waivers"))


def hidden_references(patch: Patch) -> None:
    patch.setattr(order, "_without", lambda record, hidden: record)


def hidden_filter(patch: Patch) -> None:
    patch.setattr(Decided, "is_hidden", False)


def public_part_of_nothing(patch: Patch) -> None:
    """Let what is hidden pass for its own public part, but for attachments, without which no page is made."""

    def part(record: Record, decision: Decision) -> Record:
        is_hidden = decision.extent is Extent.NOTHING
        return record.model_copy(update={"attachments": ()}) if is_hidden else public_part(record, decision)

    patch.setattr(order, "public_part", part)


def body_of_page(patch: Patch) -> None:
    original = Renderer.document
    patch.setattr(Renderer, "document", lambda self, job: original(self, replace(job, public=_with_body(job.public))))


def files_of_bodies(patch: Patch) -> None:
    original = edition._files
    patch.setattr(edition, "_files", lambda documents, found: original(map(_with_body, documents), found))


def has_body(patch: Patch) -> None:
    patch.setattr(PublicDocument, "has_body", True)


def only_listed_files(patch: Patch) -> None:
    patch.setattr(edition, "_files", lambda documents, found: frozenset(found.others))


def links_to_files(patch: Patch) -> None:
    def files(documents: Iterable[PublicDocument], found: Inventory) -> frozenset[str]:
        wanted = {path for public in documents if public.has_body for path in public_files(public.document)}
        return frozenset(wanted.intersection(found.others))

    patch.setattr(edition, "_files", files)


def comments(patch: Patch) -> None:
    patch.setattr(body, "cut_comments", lambda text: text)


def declarations(patch: Patch) -> None:
    patch.setattr(body, "leave_out_comments", lambda markdown: None)


def dot_files_in_the_inventory(patch: Patch) -> None:
    def take(
        entry: "os.DirEntry[str]", path: str, files: dict[str, object], folders: list[str], strange: object
    ) -> None:
        if entry.is_dir(follow_symlinks=False):
            folders.append(f"{path}/")
        else:
            files[path] = sources._signature(entry)

    patch.setattr(sources, "_take", take)


def dot_files_as_attachments(patch: Patch) -> None:
    patch.setattr(attachments, "inside", lambda name, folder: os.path.normpath(f"{folder}/{name}"))


def files_of_the_house(patch: Patch) -> None:
    others = property(lambda self: sorted(path for path in self.files if not is_markdown(path)))
    patch.setattr(Inventory, "others", others)


def claims_of_others(patch: Patch) -> None:
    def claims(entries: Iterable[Entry]) -> Claims:
        lines = tuple(entries)
        paths = tuple(entry.path for entry in lines)  # the bureau's register tells of one number
        return {key: replace(claim, paths=paths) for key, claim in register.claims(lines).items()}

    patch.setattr(archive, "claims", claims)


def empty_frame(patch: Patch) -> None:
    """Let MkDocs see the documents' own folder while it makes the frame."""

    def frame_files(config_file: str, docs_dir: str, *, site_url: str, has_handbook: bool) -> tuple[OutputFile, ...]:
        opening: Callable[[Path, Path], MkDocsConfig] = vars(frame)["open_config"]
        with Patch.context() as inner:
            inner.setattr(frame, "open_config", lambda file, _: opening(file, Path(docs_dir)))
            return frame.frame_files(config_file, docs_dir, site_url=site_url, has_handbook=has_handbook)

    patch.setattr(plan, "frame_files", frame_files)


def framing_only(patch: Patch) -> None:
    patch.setattr(frame, "framing_only", lambda files, config: files)


def handbook_is_a_draft(patch: Patch) -> None:
    for module, name in ((frame, "open_config"), (sys.modules[__name__], "load_config")):
        opening = getattr(module, name)
        patch.setattr(module, name, lambda *given, opening=opening, **also: _showing(opening(*given, **also)))


def _showing(config: MkDocsConfig) -> MkDocsConfig:
    config.draft_docs = None
    return config


def links_are_checked(patch: Patch) -> None:
    _let_pass(patch, "link-hidden")


def attachments_are_checked(patch: Patch) -> None:
    _let_pass(patch, "attachment-unfit")


def _let_pass(patch: Patch, code: str) -> None:
    """Take all rules that share the function of one."""
    look = vars(rules.CODES[code])["look"]
    kept = tuple(rule for rule in rules.RULES if vars(rule)["look"] is not look)
    patch.setattr(rules, "RULES", kept)
    patch.setattr(rules, "_functions", vars(rules._functions)["__wrapped__"])


def attachments_are_read(patch: Patch) -> None:
    patch.setattr(run, "_in_files", lambda whole, pool: ())


def sources_are_no_files(patch: Patch) -> None:
    patch.setattr(Inventory, "others", property(lambda self: sorted(self.files)))


def documents_of_the_house(patch: Patch) -> None:
    documents = property(lambda self: sorted(path for path in self.files if is_markdown(path)))
    patch.setattr(Inventory, "documents", documents)


@dataclass(frozen=True)
class Guard:
    """A guard, how it is taken away, and where words stand that then get out: of these kinds and of no other.

    Where there are guards `behind`, they keep the same in: this one alone may go, and its words are out when all are.
    """

    remove: Removal
    places: frozenset[str]
    behind: tuple[Removal, ...] = ()
    build: Build = built_for_guards


def of(kinds: Iterable[str], *places: str) -> frozenset[str]:
    return frozenset(f"{kind}: {place}" for kind in kinds for place in places)


def whole(*kinds: str) -> frozenset[str]:
    """Something of all that documents of these kinds have: fields, names, body, files."""
    return row(*kinds) | of(kinds, "description", "keyword", "change note", *_BODY, *_PICTURE, *_ATTACHED)


def row(*kinds: str) -> frozenset[str]:
    """What a catalogue has of documents of these kinds."""
    return of(kinds, "title", "index number", "file name", "folder name", "document number", "department")


_BODY = (
    "paragraph",
    "heading",
    "honour in a list",
    "table cell",
    "link address",
    "link title",
    "footnote",
    "alternative text",
    "code block",
    "box title",
    "raw HTML",
    "raw HTML attribute",
)
_PICTURE = ("picture name", "picture")
_ATTACHED = ("attachment name", "attachment title", "text of the attachment", "text in a table in an archive")
_DOTS = of(["beside"], "hidden source", "hidden source's title", "hidden source's body", "dot folder's body")
_NAMED = ("draft", "embargoed", "withheld", "internal")
_OUTSIDE = ("applicants' audience", "internal", "unknown audience", "in an internal folder")
_CONTRADICTORY = ("ended before its publication", "withdrawn before its publication")
#: Its own pages of hidden documents, and every file beside documents.
_SEEN_BY_MKDOCS = of(HIDDEN, "file name", *_BODY)
_SEEN_BY_MKDOCS |= of((*HIDDEN, *BODILESS), "picture", "text of the attachment")
_SEEN_BY_MKDOCS |= of(["beside"], "unlisted name", "unlisted content", "report table", "content at the root")

GUARDS: Mapping[str, Guard] = {
    # What a decision says
    "a draft is hidden": Guard(draft, whole("draft", "in a folder of drafts")),
    "an embargo is kept": Guard(embargo, whole("embargoed") | {"embargoed: day"}),
    "what is withheld is hidden": Guard(withheld, whole("withheld", "in a withheld folder")),
    "only the whole public is public": Guard(audience, whole(*_OUTSIDE) | row("internal on request")),
    "what contradicts itself is hidden": Guard(contradiction, row(*_CONTRADICTORY)),
    "a withdrawal takes the body": Guard(withdrawal, whole("withdrawn")),
    "one must apply for what is disclosed on request": Guard(on_request, whole("on request")),
    "a term ends": Guard(term, whole("expired")),
    # What is left of a record
    "changes wait for their day and go with the body": Guard(
        redaction("changes"), of(("future", *BODILESS), "change note") | {"future: day of the change"}
    ),
    "a repeal waits for its day": Guard(redaction("status"), of(["future"], "day of the repeal")),
    "a withdrawal waits for its day": Guard(
        redaction("withdrawn"), of(["future"], "day of the withdrawal", "reason of the withdrawal")
    ),
    "an abstract goes with the body": Guard(redaction("description"), of(BODILESS, "description")),
    "keywords go with the body": Guard(redaction("keywords"), of(BODILESS, "keyword")),
    "a tombstone has no source": Guard(redaction("source"), of(["withdrawn"], "source")),
    "a tombstone has no subject": Guard(redaction("subject"), of(["withdrawn"], "subject")),
    "a tombstone has no genre": Guard(redaction("genre"), of(["withdrawn"], "genre")),
    "a tombstone has no publisher": Guard(redaction("publisher"), of(["withdrawn"], "publisher")),
    "who reviewed is the bureau's business": Guard(
        redaction("reviewed_by"), of(("future", "public", *BODILESS), "reviewed by"), behind=(internal_columns,)
    ),
    "no column tells who reviewed": Guard(
        internal_columns, of(("future", "public", *BODILESS), "reviewed by"), behind=(redaction("reviewed_by"),)
    ),
    "what was answered for is the bureau's business": Guard(
        redaction("waivers"), of(("public", *BODILESS), "waiver"), behind=(waiver_column,)
    ),
    "no column tells what was answered for": Guard(
        waiver_column, of(("public", *BODILESS), "waiver"), behind=(redaction("waivers"),)
    ),
    "attachments go with the body": Guard(
        redaction("attachments"), of(BODILESS, *_ATTACHED, *_BODY), behind=(has_body,)
    ),
    "no document names what is hidden": Guard(hidden_references, of(_NAMED, "index number")),
    "what is hidden is no public document": Guard(
        hidden_filter, row(*HIDDEN), behind=(public_part_of_nothing, hidden_references)
    ),
    # What of the sources is read
    "a document without a body shows none": Guard(has_body, of(BODILESS, *_BODY, *_PICTURE)),
    "a page without a body shows none": Guard(body_of_page, of(BODILESS, *_BODY)),
    "files go with the body": Guard(files_of_bodies, of(BODILESS, *_PICTURE)),
    "only a public document makes a file public": Guard(
        only_listed_files,
        of((*HIDDEN, *BODILESS), *_PICTURE, *_ATTACHED[:1], *_ATTACHED[2:])
        | of(["beside"], "unlisted name", "unlisted content", "editor's copy", "old version", "report table"),
    ),
    "a link is no file": Guard(links_to_files, of(["withheld"], "text of the attachment")),
    "comments stay home": Guard(
        comments,
        of(["comments"], "in a heading", "in a table", "in a block's second paragraph") | {"public: comment"},
        behind=(declarations,),
    ),
    "what begins with a dot is not there": Guard(dot_files_in_the_inventory, _DOTS),
    "what begins with a dot is no attachment": Guard(
        dot_files_as_attachments, _DOTS | {"future: dot folder's file"}, behind=(dot_files_in_the_inventory,)
    ),
    "the handbook's files are no attachments": Guard(files_of_the_house, of(["handbook"], "picture")),
    "the register is no attachment": Guard(
        dot_files_as_attachments,
        of(["register"], "former title", "title of another", "reason") | {"handbook: picture"},
        behind=(files_of_the_house,),
    ),
    "a number's first document has its old addresses": Guard(claims_of_others, of(["register"], "path of another")),
    # What MkDocs sees
    "MkDocs sees no document while it makes the frame": Guard(
        empty_frame, _SEEN_BY_MKDOCS | of(["comments"], "in a heading") | {"public: comment"}, behind=(framing_only,)
    ),
    "MkDocs is given the frame only": Guard(framing_only, _SEEN_BY_MKDOCS, build=built_by_mkdocs),
    "the handbook is a draft to MkDocs": Guard(
        handbook_is_a_draft, of(["handbook"], "body", "picture"), build=built_by_mkdocs
    ),
    "the frame has no handbook": Guard(empty_frame, of(["handbook"], "body", "picture"), behind=(handbook_is_a_draft,)),
}


@pytest.mark.parametrize("guard", GUARDS.values(), ids=GUARDS)
def test_without_a_guard_its_secrets_are_found(guard: Guard, estate: Estate, tmp_path: Path, opened: Patch) -> None:
    _remove(opened, guard.remove, *guard.behind)

    found = places_in(guard.build(estate.docs, tmp_path, opened), estate.planted)

    assert guard.places - found == set()
    assert kinds_of(found & estate.planted.secrets) == kinds_of(guard.places)


#: Guards behind which others stand that say nothing: the site is as it should be.
_SILENT = (
    "who reviewed is the bureau's business",
    "no column tells who reviewed",
    "what was answered for is the bureau's business",
    "no column tells what was answered for",
    "what begins with a dot is no attachment",
    "MkDocs sees no document while it makes the frame",
    "the frame has no handbook",
)


@pytest.mark.parametrize("name", _SILENT)
def test_behind_some_guards_others_stand(name: str, estate: Estate, tmp_path: Path, opened: Patch) -> None:
    _remove(opened, GUARDS[name].remove)

    found = places_in(GUARDS[name].build(estate.docs, tmp_path, opened), estate.planted)

    assert found & estate.planted.secrets == set()


@pytest.mark.parametrize(
    "remove", [redaction("attachments"), hidden_filter, documents_of_the_house], ids=lambda remove: remove.__name__
)
def test_without_some_guards_there_is_no_site(remove: Removal, estate: Estate, tmp_path: Path, opened: Patch) -> None:
    _remove(opened, remove)

    with pytest.raises((BuildFailedError, ValueError)):
        built(estate.docs, tmp_path)
    assert not (tmp_path / "site").exists()


def _remove(patch: Patch, *guards: Removal) -> None:
    for remove in guards:
        remove(patch)


def kinds_of(places: Iterable[str]) -> set[str]:
    return {kind_of(place) for place in places}


# What a public document may not name


def naming(fields: Mapping[str, str], text: str) -> tuple[Planted, dict[str, str | bytes]]:
    """A withheld document and a public one; `{}` in its fields and its text is the name of the hidden one's file."""
    planted = Planted()
    name = planted.word("named", "name")
    hidden = markdown(planted.word("named", "body"), 信息索取号="hidden/1", 公开方式="不予公开")
    given = {key: value.format(name) for key, value in fields.items()}
    return planted, {f"plans/{name}.md": hidden, "plans/a.md": markdown(text.format(name), **given)}


def test_without_the_check_of_links_a_public_body_names_what_is_hidden(tmp_path: Path, opened: Patch) -> None:
    planted, files = naming({}, "[见]({}.md)")
    docs = write(files, tmp_path / "docs")
    with pytest.raises(BuildFailedError, match="指向不公开的内容"):
        built(docs, tmp_path)

    _remove(opened, links_are_checked)

    assert places_in(built(docs, tmp_path), planted) == {"named: name"}


def test_without_three_guards_a_hidden_source_goes_public_as_an_attachment(tmp_path: Path, opened: Patch) -> None:
    planted, files = naming({"附件": "[{}.md]"}, "正文")
    docs = write(files, tmp_path / "docs")
    with pytest.raises(BuildFailedError, match="附件不能是文件的源文本"):
        built(docs, tmp_path)

    _remove(opened, attachments_are_checked)
    with pytest.raises(BuildFailedError, match="有密级或内部标志：“公开方式:不予公开”"):
        built(docs, tmp_path)

    _remove(opened, attachments_are_read)
    alone = places_in(built(docs, tmp_path), planted)
    _remove(opened, sources_are_no_files)

    assert alone == {"named: name"}
    assert places_in(built(docs, tmp_path / "again"), planted) == {"named: name", "named: body"}


#: Ways in which a public body leads to a hidden document, to its number, or to a file that it lists.
NAMES: Mapping[str, str] = {
    "a whole address": "[见](https://gongkai.example/plans/secret/)",
    "an address of the same protocol": "[见](//gongkai.example/plans/secret/)",
    "an automatic link": "<https://gongkai.example/plans/secret/>",
    "the page's own file": "[见](/plans/secret/index.html)",
    "the page's own file, from here": "[见](../secret/index.html)",
    "an address without a slash": "[见](/plans/secret)",
    "its number's page": "[见](/id/hidden/1/)",
    "its number's whole address": "[见](https://gongkai.example/id/hidden/1/)",
    "a footnote": "文[^1]\n\n[^1]: [见](secret.md)",
    "an attribute without quotes": "<a href=/plans/secret/>见</a>",
    "an attribute in capitals": '<a HREF="secret.md">见</a>',
    "an attribute on two lines": '<a href="\n/plans/secret/">见</a>',
    "an entity": '<a href="/plans/&#115;ecret/">见</a>',
    "a quotation mark in a title": '[见](secret.md "题"x")',
    "a title right after the address": '[见](secret.md"题")',
    "a reference with a title in brackets": "[见][甲]\n\n[甲]: secret.md (题)",
    "a reference in a quotation": "> [见][甲]\n>\n> [甲]: secret.md",
    "a reference in a list": "- [见][甲]\n\n    [甲]: secret.md",
    "a reference in a box": '!!! note "题"\n    [见][甲]\n\n    [甲]: secret.md',
    "a set of pictures": '<img srcset="secret.xlsx 2x">',
    "an embedded file": '<object data="secret.xlsx"></object>',
    "a film's poster": '<video poster="secret.xlsx"></video>',
}


@pytest.fixture(scope="module")
def refusals(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the build says to a document for each of the names; "" where it finds nothing to say."""
    files: dict[str, str | bytes] = {
        f"plans/{number}.md": markdown(text, 信息索取号=f"a/{number}") for number, text in enumerate(NAMES.values())
    }
    files["plans/secret.md"] = markdown(信息索取号="hidden/1", 公开方式="不予公开", 附件="[secret.xlsx]")
    files["plans/secret.xlsx"] = "x"
    folder = tmp_path_factory.mktemp("names")
    try:
        built(write(files, folder / "docs"), folder)
    except BuildFailedError as problem:
        return str(problem)
    return ""


@pytest.mark.parametrize(("number", "name"), list(enumerate(NAMES)), ids=NAMES)
def test_a_public_body_may_not_name_what_is_hidden_in_whatever_way(number: int, name: str, refusals: str) -> None:
    assert re.search(rf"plans/{number}\.md:\d+: 链接“.*”指向不公开的内容", refusals), NAMES[name]


# What a public document says to nobody

COMMENTS: Mapping[str, str] = {
    "paragraphs after a text": "正文<!-- 甲\n\n{} -->后",
    "paragraphs in a list": "- 项\n\n    <!-- 甲\n\n    {} -->\n- 项",
    "paragraphs in a quotation": "> 引文\n> <!-- 甲\n>\n> {} -->\n> 后",
    "paragraphs in a box": '!!! note "题"\n    文\n\n    <!-- 甲\n\n    {} -->',
    "an alternative text": "![图<!-- {} -->](https://example.org/a.png)",
    "a link's title": '[见](https://example.org/ "题<!-- {} -->")',
    "a comment in a comment": "正文<!-- {} <!-- 乙 -->后",
}
#: A file that a public body names, but neither shows nor leads to.
MENTIONS: Mapping[str, str] = {
    "a comment": "<!-- [旧表](见.xlsx) -->",
    "a comment in a text": "正文<!-- ![旧图](见.xlsx) -->后",
    "a commented attribute": "<!-- <img src='见.xlsx'> -->",
    "an example": "```text\n[表](见.xlsx)\n```",
    "an example in a text": "写作 `[表](见.xlsx)`",
    "an unused reference": "正文\n\n[表]: 见.xlsx",
}


#: Beside them what the public does read, or is led to.
SAID: Mapping[str, str] = {"a plain text": "正文{}", "a link": "[表](见.xlsx)", "a picture": "![图](见.xlsx)"}


@dataclass(frozen=True)
class Asides:
    """A site with a document for each of the asides, and in which of them a word is found."""

    planted: Planted
    found: frozenset[str]


@pytest.fixture(scope="module")
def asides(tmp_path_factory: pytest.TempPathFactory) -> Asides:
    planted, folder = Planted(), tmp_path_factory.mktemp("asides")
    for number, (place, text) in enumerate({**COMMENTS, **MENTIONS, **SAID}.items()):
        word = planted.word("aside", place)
        said = markdown(text.format(word), 信息索取号=f"a/{number}")
        planted.files.update({f"plans/{number}/a.md": said, f"plans/{number}/见.xlsx": word})
    site = built(write(planted.files, folder / "docs"), folder)
    return Asides(planted, places_in(site, planted))


def test_what_is_said_or_led_to_beside_asides_is_found(asides: Asides) -> None:
    assert {f"aside: {place}" for place in SAID} - asides.found == set()


@pytest.mark.parametrize("place", COMMENTS)
def test_a_comment_stays_home_wherever_it_stands(place: str, asides: Asides) -> None:
    assert f"aside: {place}" in asides.planted.words
    assert f"aside: {place}" not in asides.found


@pytest.mark.parametrize("place", MENTIONS)
def test_a_file_that_no_link_or_picture_leads_to_stays_home(place: str, asides: Asides) -> None:
    assert f"aside: {place}" in asides.planted.words
    assert f"aside: {place}" not in asides.found


@pytest.mark.parametrize("state", ["有效", "已修改", "废止", "失效"])
def test_a_day_of_validity_is_not_told_before_it_comes(state: str, tmp_path: Path, opened: Patch) -> None:
    text = markdown(时效=f"{{状态: {state}, 日期: {DAYS['future: day of the repeal']}, 原因: 将来的原因}}")

    site = built(write({"plans/a.md": text}, tmp_path / "docs"), tmp_path)

    assert "future: day of the repeal" not in places_in(site, Planted())
