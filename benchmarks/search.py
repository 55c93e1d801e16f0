"""`scripts/bench search`: what the search finds, fetches and costs; see BENCHMARKS.md."""

from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import mean, median
from typing import NamedTuple

from playwright.sync_api import Browser

from benchmarks.peers import material_program, pagefind_program
from benchmarks.search_browser import Cold, Warm, chromium, cold, p95, warm
from benchmarks.search_corpus import Question, entries, questions
from benchmarks.search_peers import material, pagefind
from benchmarks.search_site import Weight, served, write_site
from tests.index_archive import Entry

Say = Callable[[str], None]
#: First queries of as many kinds, each on a page of its own with nothing cached.
COLD = 18


class Score(NamedTuple):
    """Recall and mean reciprocal rank within ten, and the share of questions without any result."""

    questions: int
    recall: float
    rank: float
    empty: float


def search_tables(sizes: Sequence[int], folder: Path, scored: int, say: Say, *, has_peers: bool = False) -> str:
    """One table of quality, at `scored` documents, and one of sizes."""
    asked: list[Question] = []
    rows = []
    quality = ""
    with chromium() as browser:
        for size in sorted({*sizes, scored}):
            say(f"{size} documents: writing")
            documents = list(entries(size)) if size == scored else None
            weight = write_site(documents or entries(size), folder / str(size))
            asked = questions(documents) if documents else asked or questions(list(entries(min(size, 1000))))
            say(f"{size} documents: asking {len(asked)} questions")
            with served(folder / str(size) / "site") as address:
                answers, sizes_fetched = warm(browser, address, [one.text for one in asked])
                firsts = _firsts(browser, address, asked)
            with served(folder / str(size) / "site", wait=0.04) as slow:
                slowly = _firsts(browser, slow, asked[::4])
            with served(folder / str(size) / "site", has_parts=True) as parted:
                in_parts = _firsts(browser, parted, asked)
            rows.append(_row(weight, (firsts, slowly, in_parts), answers, sizes_fetched, len(asked)))
            if documents:
                tools: dict[str, Sequence[Sequence[str]]] = {"gongkai": [one.found for one in answers]}
                if has_peers:
                    tools |= _peers(documents, [one.text for one in asked], folder, browser, say)
                quality = quality_table(tools, asked)
    return "\n".join([quality, "", _HEAD, *rows])


def _peers(
    documents: Sequence[Entry], texts: Sequence[str], folder: Path, browser: Browser, say: Say
) -> dict[str, Sequence[Sequence[str]]]:
    """What each peer finds for each question."""
    say("Pagefind: indexing and asking")
    by_pagefind = pagefind(pagefind_program(folder / "pagefind"), documents, folder / "peer", browser, texts)
    say("Material: indexing and asking")
    by_material = material(material_program(folder / "material"), documents, folder / "peer-material", browser, texts)
    return {"pagefind": by_pagefind, "material": by_material}


def _firsts(browser: Browser, address: str, asked: Sequence[Question]) -> list[Cold]:
    step = max(1, len(asked) // COLD)
    return [cold(browser, address, one.text) for one in asked[::step]][:COLD]


_HEAD = (
    "documents  files  MB gz  ms/doc  peak MB | first: requests  KB  (in all: requests  KB)  ms  ms at 40 ms a request"
    " | first in parts: requests  KB | next: KB  ms p50  ms p95"
)


def _row(
    weight: Weight,
    colds: tuple[Sequence[Cold], Sequence[Cold], Sequence[Cold]],
    answers: Sequence[Warm],
    fetched: Sequence[int],
    count: int,
) -> str:
    documents, files, megabytes, milliseconds, peak = weight
    firsts, slowly, in_parts = colds
    times = [one.milliseconds for one in answers]
    return (
        f"{documents:9}  {files:5}  {megabytes:5.1f}  {milliseconds:6.2f}  {peak:7.0f} |"
        f" {median(one.requests for one in firsts):5.0f}  {median(one.bytes for one in firsts) / 1000:5.0f}"
        f"  ({median(one.requests_in_all for one in firsts):.0f}  {median(one.bytes_in_all for one in firsts) / 1000:.0f})"
        f"  {median(one.milliseconds for one in firsts):5.0f}  {median(one.milliseconds for one in slowly):5.0f} |"
        f" {median(one.requests for one in in_parts):5.0f}  {median(one.bytes for one in in_parts) / 1000:5.0f} |"
        f" {sum(fetched) / count / 1000:5.0f}  {median(times):5.0f}  {p95(times):5.0f}"
    )


def quality_table(tools: dict[str, Sequence[Sequence[str]]], asked: Sequence[Question]) -> str:
    """Recall@10, MRR@10 and the share of empty answers, for each kind and each half of the questions."""
    kinds = list(dict.fromkeys(one.kind for one in asked))
    lines = [f"{'kind':10} {'half':8} {'n':>4}" + "".join(f" {name:>22}" for name in tools)]
    for kind in (*kinds, "all but lay"):
        for half, is_held_out in (("tuning", False), ("held out", True)):
            chosen = [
                at
                for at, one in enumerate(asked)
                if one.is_held_out == is_held_out
                and (one.kind == kind or (kind == "all but lay" and one.kind != "lay"))
            ]
            scores = [score([asked[at] for at in chosen], [found[at] for at in chosen]) for found in tools.values()]
            cells = "".join(f"   R {s.recall:.3f} M {s.rank:.3f} 0 {s.empty:.2f}" for s in scores)
            lines.append(f"{kind:10} {half:8} {len(chosen):4}{cells}")
    return "\n".join(lines)


def score(asked: Sequence[Question], found: Sequence[Sequence[str]]) -> Score:
    """How well ten results answer: of more than ten documents that would do, any ten are all."""
    if not asked:
        return Score(0, 0, 0, 0)
    pairs = list(zip(asked, found, strict=True))
    recalls = [len(one.answers.intersection(urls[:10])) / min(10, len(one.answers)) for one, urls in pairs]
    ranks = [
        next((1 / place for place, url in enumerate(urls[:10], 1) if url in one.answers), 0.0) for one, urls in pairs
    ]
    return Score(len(pairs), mean(recalls), mean(ranks), mean(not urls for _, urls in pairs))
