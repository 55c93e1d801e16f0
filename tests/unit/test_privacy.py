"""Personal data and marks of secrecy are found however they are written, and nothing is taken for them."""

import time
from pathlib import Path
from typing import TypedDict

import pytest
import yaml

from gongkai.checks.person_numbers import is_bank_card, is_identity, is_mobile
from gongkai.checks.privacy import personal_data
from gongkai.checks.secrecy import secret_marks

CASES = Path(__file__).parents[1] / "cases"
IDENTITY = "360402204101010007"
MOBILE = "13800000123"


class Personal(TypedDict):
    text: str
    found: list[str]


class Secret(TypedDict):
    text: str
    found: int


def personal_cases() -> list[Personal]:
    cases: list[Personal] = yaml.safe_load((CASES / "personal_data.yml").read_text("utf-8"))
    return cases


def secret_cases() -> list[Secret]:
    cases: list[Secret] = yaml.safe_load((CASES / "secrecy.yml").read_text("utf-8"))
    return cases


def test_each_text_has_just_the_personal_data_of_its_case() -> None:
    found = [sorted(spot.code for spot in personal_data(case["text"])) for case in personal_cases()]

    pairs = zip(personal_cases(), found, strict=True)
    assert [(case, codes) for case, codes in pairs if codes != sorted(case["found"])] == []


def test_each_text_has_just_the_marks_of_its_case() -> None:
    found = [[spot.code for spot in secret_marks(case["text"])] for case in secret_cases()]

    pairs = zip(secret_cases(), found, strict=True)
    assert [(case, codes) for case, codes in pairs if codes != ["secret-mark"] * case["found"]] == []


def test_the_corpus_is_as_large_as_was_promised() -> None:
    personal, secret = personal_cases(), secret_cases()

    assert sum(len(case["found"]) for case in personal) + sum(case["found"] for case in secret) >= 120
    assert sum(not case["found"] for case in [*personal, *secret]) >= 120


def test_no_finding_prints_what_it_found() -> None:
    spots = [(case["text"], spot) for case in personal_cases() for spot in personal_data(case["text"])]

    assert [told for told in spots if max(map(len, _digits(told[1].message + told[1].excerpt)), default=0) > 4] == []


def _digits(text: str) -> list[str]:
    """The runs of digits."""
    return "".join(c if c.isascii() and c.isdecimal() else " " for c in text).split()


def test_a_finding_says_its_line_what_it_is_and_what_to_do() -> None:
    (spot,) = personal_data(f"第一行。\n第二行。\n电话{MOBILE}")

    assert (spot.line, spot.code, spot.excerpt) == (3, "privacy-mobile", "1380****123")
    assert spot.message == (
        "像是手机号码：1380****123。请删去，或用 * 隐去中间几位；不是个人信息的，可以在字段区写“豁免”，说明理由"
    )


@pytest.mark.parametrize("own", [MOBILE, "138-0000-0123", "138 0000 0123"])
def test_the_offices_own_number_is_no_finding_however_it_is_written(own: str) -> None:
    assert personal_data(f"值班手机：{MOBILE[:3]} {MOBILE[3:7]} {MOBILE[7:]}", own=frozenset([own])) == ()


def test_the_offices_own_mailbox_is_no_finding() -> None:
    assert personal_data("邮箱：KJJ@example.com", own=frozenset(["kjj@example.com"])) == ()


def test_a_wrong_check_digit_is_no_identity_number() -> None:
    assert [is_identity(IDENTITY[:-1] + last) for last in "0123456789X"].count(True) == 1


@pytest.mark.parametrize("number", ["12345678901", "11000000000", "23800000123", "1380000012"])
def test_what_is_outside_of_the_numbering_plan_is_no_mobile(number: str) -> None:
    assert not is_mobile(number)


def test_one_digit_of_a_bank_card_told_wrong_is_noticed() -> None:
    assert [is_bank_card(f"622200012345678{last}") for last in range(10)].count(True) == 1


def test_a_large_text_without_personal_data_takes_no_time() -> None:
    text = "2017年，新增高新技术企业63家，增长56%；争取项目142项，资金5230万元。\n" * 3000
    start = time.process_time()

    found = (*personal_data(text), *secret_marks(text))

    assert found == ()
    assert time.process_time() - start < 2


@pytest.mark.parametrize("piece", ["1 ", "1-", "张1号", "秘密", "| 1", "(1)", "A1", "<b>1", "a.b@", "&#49;"])
def test_a_repetitive_text_is_read_in_time(piece: str) -> None:
    text = piece * 5000
    start = time.process_time()

    personal_data(text)
    secret_marks(text)

    assert time.process_time() - start < 3
