"""Language and figures of a Markdown text: what is wrong is told, and Markdown itself is not."""

import time
from pathlib import Path
from typing import TypedDict

import pytest
import yaml

from gongkai.checks.damage import text_damage, wrong_words
from gongkai.checks.figures import contradictions
from gongkai.checks.readers import content_spots
from gongkai.checks.rules import CODES
from gongkai.checks.texts import sentences
from gongkai.records.reading import body_of

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "cases"
SAMPLES = sorted(path for path in (ROOT / "docs").rglob("*.md") if "handbook" not in path.parts)
BANNED = {"身份证": "居民身份证", "村级证明": "", "最佳": ""}


class Case(TypedDict):
    text: str
    found: list[str]


def text_cases() -> list[Case]:
    cases: list[Case] = yaml.safe_load((CASES / "text_checks.yml").read_text("utf-8"))
    return cases


@pytest.mark.parametrize("case", text_cases(), ids=lambda case: str(case["text"])[:24])
def test_a_text_has_just_the_findings_of_the_case(case: Case) -> None:
    spots = content_spots(case["text"], {}, banned=BANNED)
    found = [spot.code for _, spot in spots if CODES[spot.code].family != "structure"]

    assert sorted(found) == sorted(case["found"])


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_the_sample_documents_have_no_finding_of_content(path: Path) -> None:
    assert list(content_spots(body_of(path.read_bytes()), {})) == []


def test_a_finding_in_a_wrapped_paragraph_has_the_line_where_it_stands() -> None:
    text = "# 题目\n\n第一行，\n第二行在201712月，\n第三行，，完。\n"

    assert [(spot.line, spot.code) for spot in text_damage(text)] == [(4, "date-damaged"), (5, "doubled-characters")]


def test_what_is_put_aside_leaves_as_many_lines() -> None:
    text = "---\n标题: 甲\n---\n<!-- 一\n二 -->\n```\n码\n```\n[甲\n乙](a.md) <b\nid=x>丙</b>\n"

    assert sentences(text).count("\n") == text.count("\n")


def test_an_excerpt_shows_no_number_that_stands_beside_by_chance() -> None:
    (spot,) = text_damage("证号36040220410101000712，，完。")

    assert spot.excerpt == "***********712，，完。"[-len(spot.excerpt) :]
    assert "20410101" not in spot.message


def test_the_share_that_was_expected_is_told() -> None:
    (spot,) = contradictions("高新技术企业由40家增加到63家，增长50%。")

    assert spot.message == "50%与同一句里的两个数对不上：照 40家 和 63家 算是58%。请核对原件，改正其中一个"


def test_a_banned_word_is_told_with_what_to_write_instead() -> None:
    assert [spot.message for spot in wrong_words("请带身份证，开村级证明。", BANNED)] == [
        "“身份证”应写作“居民身份证”。请改正",
        "“村级证明”不能使用。请改用别的说法",
    ]


@pytest.mark.parametrize("piece", ["由1家", "共1项其中", "1家，占", "| 1 ", "[甲](", "（", "1月", "“”"])
def test_a_repetitive_text_is_read_in_time(piece: str) -> None:
    text = piece * 4000 + "5%。"
    start = time.process_time()

    text_damage(text)
    contradictions(text)

    assert time.process_time() - start < 3
