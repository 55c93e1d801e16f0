from pathlib import Path
from typing import TypedDict

import pytest
import yaml

from gongkai.checks.structure import structure_spots


class Case(TypedDict):
    name: str
    body: str
    found: list[list[int | str]]


CASES: list[Case] = yaml.safe_load((Path(__file__).parents[1] / "cases" / "structure.yml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_body_gives_what_is_amiss_in_its_structure(case: Case) -> None:
    assert [[spot.line, spot.code] for spot in structure_spots(case["body"])] == case["found"]


def test_many_of_a_kind_are_told_once_with_their_number() -> None:
    (spot,) = structure_spots("## 一\n\n## 二\n\n## 三\n\n文")

    assert (spot.line, "共 2 处" in spot.message) == (1, True)
