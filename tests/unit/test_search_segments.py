"""An index made in pieces answers exactly as one made whole, and its closed segments are never touched again."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.search import index, runs
from gongkai.search.members import Text
from gongkai.search.packing import fnv1a, reversed_bits
from gongkai.search.postings import WORD_BIT, Run, run_of
from tests.budgets import budget
from tests.index_archive import Archive, Entry, entry, text_of
from tests.index_reader import answers_of
from tests.weighing import weigh

MARKS = "\0甲乙丙丁𠀀〇々a1２,，.－ 　\n第年号〔〕#éかＡ\u200b"
TEXTS = st.text(st.sampled_from(MARKS), max_size=60)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path)


def filled(archive: Archive, count: int) -> Archive:
    archive.entries.update({number: entry(number, day=number) for number in range(count)})
    archive.update()
    return archive


def kinds(archive: Archive) -> list[tuple[str, int]]:
    assert archive.known is not None
    return [(one.kind, len(one.marks)) for one in archive.known.segments]


CHANGES = st.lists(
    st.tuples(st.integers(0, 11), st.sampled_from(["", "甲乙丙。", "甲乙，一二三", "研发投入63家"]), st.integers(0, 9)),
    min_size=1,
    max_size=6,
)


@settings(max_examples=budget(12, 60))
@given(st.lists(CHANGES, min_size=2, max_size=8))
def test_pieces_answer_as_the_whole_does(steps: list[list[tuple[int, str, int]]]) -> None:
    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory() as folder:
        patch.setattr(index, "RECENT", 3)
        patch.setattr(runs, "ALONE_BYTES", 4)
        archive = Archive(Path(folder))
        for answers in after_each(archive, steps):
            assert answers[0] == answers[1]
            assert len(kinds(archive)) <= 3


def after_each(archive: Archive, steps: Sequence[Sequence[tuple[int, str, int]]]) -> Iterator[Sequence[object]]:
    """An empty text takes a document away; any other puts it there."""
    for changes in steps:
        for number, text, day in changes:
            archive.entries.pop(number, None)
            archive.entries |= {number: entry(number, text, day)} if text else {}
        archive.update()
        yield answers_of(archive.files()), answers_of(archive.whole())


def test_a_new_document_touches_neither_base_nor_middle(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "RECENT", 2)
    filled(archive, 40)
    archive.entries.update({number: entry(number) for number in range(40, 45)})
    archive.update()
    before = archive.files()

    archive.entries[45] = entry(45)
    archive.update()

    assert kinds(archive) == [("base", 40), ("middle", 5), ("recent", 1)]
    assert archive.known is not None
    closed = [path for one in archive.known.segments[:2] for path in one.paths]
    assert not archive.known.written.intersection(closed)
    assert {name: before[name] for name in before if name.split("/")[0] in ids(archive)[:2]} == {
        name: data for name, data in archive.files().items() if name.split("/")[0] in ids(archive)[:2]
    }


def ids(archive: Archive) -> list[str]:
    assert archive.known is not None
    return [one.id for one in archive.known.segments]


def test_recent_beyond_its_limit_is_folded_into_the_middle(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "RECENT", 2)
    filled(archive, 40)
    archive.entries.update({number: entry(number) for number in range(40, 43)})
    archive.update()

    assert kinds(archive) == [("base", 40), ("middle", 3)]


def test_a_middle_beyond_a_quarter_of_the_base_is_folded_into_it(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "RECENT", 2)
    filled(archive, 10)
    archive.entries.update({number: entry(number) for number in range(10, 13)})
    archive.update()

    assert kinds(archive) == [("base", 13)]


def test_a_base_of_which_a_quarter_is_dead_is_made_anew(archive: Archive) -> None:
    filled(archive, 12)
    for number in range(4):
        del archive.entries[number]
    archive.update()

    assert kinds(archive) == [("base", 8)]


def test_the_dead_are_recorded_beside_the_segment(archive: Archive) -> None:
    filled(archive, 12)
    del archive.entries[3]
    archive.update()

    assert kinds(archive) == [("base", 12)]
    assert archive.known is not None
    assert [len(one.dead) for one in archive.known.segments] == [1]
    assert answers_of(archive.files()) == answers_of(archive.whole())


def test_a_document_that_comes_back_is_alive_again(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "ALONE_BYTES", 4)
    filled(archive, 12)
    kept = archive.entries.pop(3)
    archive.update()
    archive.entries[3] = kept
    archive.update()

    assert archive.known is not None
    assert [(len(one.dead), one.dead_alone) for one in archive.known.segments] == [(0, {})]
    assert answers_of(archive.files()) == answers_of(archive.whole())


def test_nothing_new_and_nothing_gone_writes_no_segment(archive: Archive) -> None:
    filled(archive, 12)
    archive.update()

    assert archive.known is not None
    assert archive.known.written == {"search/index/start.bin", "search/index/traditional.bin"}


def test_a_lost_text_of_a_dead_document_makes_all_anew(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "ALONE_BYTES", 4)
    filled(archive, 12)
    del archive.entries[3]
    archive.update(is_old_kept=False)

    assert kinds(archive) == [("base", 11)]
    assert answers_of(archive.files()) == answers_of(archive.whole())


@pytest.mark.parametrize(
    "damaged",
    [b"", b"\xff\xfe", b"<div data-document-body>", b"<div data-document-body><p>x</p></div>"],
    ids=["empty", "foreign", "cut", "another text"],
)
def test_a_damaged_text_of_a_dead_document_makes_all_anew(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, damaged: bytes
) -> None:
    monkeypatch.setattr(runs, "ALONE_BYTES", 4)
    filled(archive, 12)
    archive.path_of(archive.entries.pop(3)).write_bytes(damaged)
    archive.update()

    assert kinds(archive) == [("base", 11)]


@pytest.mark.parametrize("number", [3, 12], ids=["in the base", "in the recent segment"])
@pytest.mark.parametrize(
    "changed",
    [
        lambda entry: replace(entry, department="hightech"),
        lambda entry: replace(entry, year=1999),
        lambda entry: replace(entry, column="guide"),
        lambda entry: replace(entry, validity="repealed"),
        lambda entry: replace(entry, genre="通知", has_files=True),
    ],
    ids=["department", "year", "column", "validity", "genre"],
)
def test_a_document_of_another_facet_value_is_listed_anew(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, number: int, changed: Callable[[Entry], Entry]
) -> None:
    monkeypatch.setattr(runs, "ALONE_BYTES", 4)
    filled(archive, 12)
    archive.entries[12] = entry(12)
    archive.update()
    archive.entries[number] = changed(archive.entries[number])
    archive.update()

    assert kinds(archive)[0] == ("base", 12)
    assert answers_of(archive.files()) == answers_of(archive.whole())


def test_an_identifier_may_be_long(archive: Archive) -> None:
    archive.entries[0] = replace(entry(0), document_number="示" * 300 + "〔2018〕1号")
    archive.update()

    assert "#" + "示" * 300 + "-2018-1" in answers_of(archive.files()).postings


def test_every_posting_of_many_documents_is_where_it_belongs(archive: Archive) -> None:
    often = replace(entry(700, "研发" * 70, day=3), title="研发")
    archive.entries = {700: often} | {number: entry(number, f"第{number % 7}类", number) for number in range(600)}
    archive.update()

    told = answers_of(archive.files())
    by_url = {one.url: weigh(text_of(one))[0] for one in archive.entries.values()}
    expected = [(by_url[url], place) for place, ((url, *_), *_) in enumerate(told.documents)]
    assert told.postings == {
        token: [(place, weights[token]) for weights, place in expected if token in weights]
        for token in {token for weights, _ in expected for token in weights}
    }


def test_other_workers_give_the_same_bytes(tmp_path: Path) -> None:
    alone = filled(Archive(tmp_path / "alone"), 600)
    with ProcessPoolExecutor(2, mp_context=get_context("forkserver")) as pool:
        together = filled(Archive(tmp_path / "together", pool), 600)

    assert together.files() == alone.files()


@given(st.lists(st.builds(Text, TEXTS, TEXTS, TEXTS, TEXTS, TEXTS), min_size=1, max_size=12))
def test_a_run_weighs_as_the_specification_does(texts: list[Text]) -> None:
    run = run_of(texts)

    specified = [weigh(text) for text in texts]
    assert weights_of(run, len(texts)) == [dict(weights) for weights, _ in specified]
    assert run.lengths.tolist() == [length for _, length in specified]


def weights_of(run: Run, count: int) -> list[dict[str, int]]:
    found: list[dict[str, int]] = [{} for _ in range(count)]
    spelt = spelling(run.tokens.tolist(), iter(run.words))
    for token, low, high in zip(spelt, run.starts.tolist(), run.starts.tolist()[1:], strict=False):
        for document, weight in zip(run.documents[low:high].tolist(), run.weights[low:high].tolist(), strict=True):
            found[document][token] = weight
    return found


def test_hashes_are_those_of_the_reader() -> None:
    run = run_of([Text("𠀀甲", "a/1", "", "甲乙 ab1 𠀀")])
    spelt = spelling(run.tokens.tolist(), iter(run.words))

    assert reversed_bits(run.hashes).tolist() == [fnv1a(token) for token in spelt]


def spelling(tokens: Sequence[int], words: Iterator[str]) -> list[str]:
    mask = (1 << 21) - 1
    return [
        next(words) if token >= WORD_BIT else chr(token >> 21) + (chr(token & mask) if token & mask else "")
        for token in tokens
    ]
