"""Damage in a text is pointed at, and sound official prose is left alone."""

import time
from pathlib import Path
from typing import TypedDict

import pytest
import yaml

from gongkai.checks.damage import MESSAGES, find_damage

ROOT = Path(__file__).parents[2]
SEEDS = ROOT.parent / "shared" / "seeds"
CASES = ROOT / "tests" / "cases"


class Case(TypedDict):
    text: str
    found: list[list[str]]


def damage_cases() -> list[Case]:
    cases: list[Case] = yaml.safe_load((CASES / "import_damage.yml").read_text(encoding="utf-8"))
    return cases


@pytest.mark.parametrize("case", damage_cases(), ids=lambda case: str(case["text"])[:20])
def test_a_line_has_just_the_damage_of_the_case(case: Case) -> None:
    found = [(damage.code, damage.excerpt) for damage in find_damage(case["text"])]

    assert [code for code, _ in found] == [code for code, _ in case["found"]]
    assert all(words in excerpt for (_, excerpt), (_, words) in zip(found, case["found"], strict=True))


def test_clean_official_prose_has_no_finding() -> None:
    assert find_damage((CASES / "import_clean_text.txt").read_text(encoding="utf-8")) == ()


def test_half_width_marks_are_one_finding_for_a_line_with_their_count() -> None:
    found = find_damage("第一行，无事。\n2017年,我局(示例)工作:较好.全年9:00开放,共3家.")

    assert [(damage.line, damage.code) for damage in found] == [(2, "half-width-punctuation")]
    assert "有 7 处：, ( ) : ." in found[0].message


def test_a_finding_says_its_line_its_place_and_to_consult_the_original() -> None:
    found = find_damage("标题\r\n\r\n前面的文字有许多个字，从201712月起，后面的文字也有许多个字。")

    assert len(found) == 1
    assert (found[0].line, found[0].excerpt) == (3, "文字有许多个字，从201712月起，后面")
    assert found[0].message == "日期像是缺了字或多了字（“201712月”）"


def test_every_code_is_among_the_published_ones() -> None:
    text = "\n".join(case["text"] for case in damage_cases()) + "\n半角,标点。"

    assert {damage.code for damage in find_damage(text)} == set(MESSAGES)


@pytest.mark.parametrize("piece", ["“（《", "”“", "在", "新增高新技术企业", "2017", "一是二是", ",汉"])
def test_a_hundred_thousand_characters_in_one_line_take_seconds(piece: str) -> None:
    start = time.process_time()

    find_damage(piece * (100_000 // len(piece)))

    assert time.process_time() - start < 5


@pytest.mark.skipif(not SEEDS.is_dir(), reason=f"the real page is not beside the project ({SEEDS.name}/)")
@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        (14, "sentence-run-on", "市政府的肯定"),
        (18, "doubled-phrase", "方面等方面"),
        (18, "quotes-unbalanced", "实施方案》、"),
        (18, "sentence-run-on", "增长169%新增"),
        (82, "number-damaged", "调度4,"),
        (82, "date-damaged", "201712月"),
        (84, "doubled-characters", "在在服务"),
        (88, "date-damaged", "2017全市"),
        (90, "quotes-unbalanced", "“创先争优活动。"),
        (90, "date-damaged", "2017119日"),
        (106, "quotes-unbalanced", "5+1”产业"),
        (120, "quotes-unbalanced", "引进来;"),
    ],
)
def test_the_real_page_s_damage_is_found(line: int, code: str, words: str) -> None:
    text = next(SEEDS.glob("*.txt")).read_text(encoding="utf-8")

    found = [damage for damage in find_damage(text) if (damage.line, damage.code) == (line, code)]

    assert any(words in damage.excerpt for damage in found)
