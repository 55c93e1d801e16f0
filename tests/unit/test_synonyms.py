"""The bureau's list of equal writings is read as it is kept, and what is wrong in it is told to whoever keeps it."""

from pathlib import Path

import pytest

from gongkai.search.synonyms import Synonyms, read_synonyms

ROOT = Path(__file__).parents[2]


def read(folder: Path, text: str) -> Synonyms:
    (folder / "synonyms.yml").write_text(text, "utf-8")
    return read_synonyms(folder / "synonyms.yml")


def test_groups_are_read_in_their_order(tmp_path: Path) -> None:
    assert read(tmp_path, "# 说明\n- [高企, 高新技术企业]\n- [R&D投入, 研发投入, 研究费]\n") == Synonyms(
        (("高企", "高新技术企业"), ("R&D投入", "研发投入", "研究费"))
    )


@pytest.mark.parametrize("text", ["", "# 只有说明\n"])
def test_an_empty_list_has_no_group(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text) == Synonyms()


def test_without_a_list_there_is_none(tmp_path: Path) -> None:
    assert read_synonyms(tmp_path / "synonyms.yml") == Synonyms()


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("- [高企, 高新技术企业\n", 2, "写法读不懂"),
        ("高企: 高新技术企业\n", 1, "应为清单"),
        ("- [甲乙, 丙丁]\n- 高企\n", 2, "应为方括号括起来的一组词"),
        ("- [高企]\n", 1, "一组应有两个以上不同的词，实为“高企”"),
        ("- [高企, 高 企]\n", 1, "两个以上不同的词"),
        ("- [企, 企业]\n", 1, "两个字以上，实为“企”"),
        ("- [企业, ——]\n", 1, "应为词语，实为“——”"),
        (f"- [企业, {'长' * 31}]\n", 1, "不超过30个字"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_a_remedy(tmp_path: Path, text: str, line: int, told: str) -> None:
    (problem,) = read(tmp_path, text).problems

    assert problem.startswith(f"synonyms.yml:{line}: ")
    assert told in problem
    assert "请" in problem or "应像" in problem


def test_a_list_in_another_encoding_is_told(tmp_path: Path) -> None:
    (tmp_path / "synonyms.yml").write_bytes("- [高企, 高新技术企业]".encode("gbk"))

    assert "UTF-8" in read_synonyms(tmp_path / "synonyms.yml").problems[0]


def test_the_sample_list_has_no_mistake() -> None:
    found = read_synonyms(ROOT / "synonyms.yml")

    assert found.problems == ()
    assert ("高企", "高新技术企业") in found.groups
