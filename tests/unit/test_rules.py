"""The registry of rules: one object for each code, found by a function that declares it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gongkai.checks import rules
from gongkai.checks.protocol import Fields, FieldsRule, Kind, Rule
from gongkai.checks.rules import CODES, FAMILIES, RULES, by_code, found
from gongkai.checks.run import Asked, check_folder
from gongkai.records.findings import Finding
from gongkai.site import Site
from tests.writing import NOW, document, markdown, sample_site


def test_every_family_of_a_rule_has_a_name() -> None:
    assert {rule.family for rule in RULES} <= set(FAMILIES)


def test_two_rules_of_one_code_are_refused() -> None:
    with pytest.raises(ValueError, match="read-as"):
        by_code([*RULES, CODES["read-as"]])


def test_every_kind_in_the_registry_is_a_rule_that_looks() -> None:
    assert [rule.code for rule in RULES if not isinstance(rule, Rule)] == []


def _doubled(fields: Fields) -> Iterator[Finding]:
    for code in ("keywords-doubled", "title-odd"):
        yield Finding(fields.document.path, "title", code, "两条")


def _registered(monkeypatch: pytest.MonkeyPatch, *codes: str) -> None:
    made: tuple[Kind, ...] = tuple(FieldsRule(code, "warning", "metadata", "两条", "", _doubled) for code in codes)
    uncached: Callable[..., object] = vars(rules._functions)["__wrapped__"]
    monkeypatch.setattr(rules, "RULES", made)
    monkeypatch.setattr(rules, "_functions", uncached)


def test_a_function_that_two_rules_share_is_called_once(monkeypatch: pytest.MonkeyPatch) -> None:
    _registered(monkeypatch, "keywords-doubled", "title-odd")

    told = found(FieldsRule, Fields(document(), sample_site()), is_thorough=False)
    assert [one.code for one in told] == ["keywords-doubled", "title-odd"]


def test_a_finding_that_its_function_does_not_declare_is_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    _registered(monkeypatch, "keywords-doubled")

    with pytest.raises(AssertionError, match="title-odd"):
        list(found(FieldsRule, Fields(document(), sample_site()), is_thorough=False))


def test_a_run_tells_the_line_of_the_field_that_a_finding_is_about(tmp_path: Path, site: Site) -> None:
    """Of every field, and from memory as well: which ones a rule may ask for is nobody's to list."""
    (tmp_path / "docs/notices").mkdir(parents=True)
    text = markdown(取代="SLKJ00012/2011-00009", 附件="[无.pdf]", 关键词="甲、甲", 审核="甲")
    (tmp_path / "docs/notices/a.md").write_text(text, "utf-8")
    asked = Asked(is_thorough=True)

    runs = [check_folder(tmp_path / "docs", site, NOW, asked, memory=tmp_path / "memory") for _ in range(2)]
    lines = [
        {one.field: one.line for one in checked.findings if one.field in ("replaces", "attachments", "keywords")}
        for checked in runs
    ]
    assert lines == [{"replaces": 10, "attachments": 11, "keywords": 12}] * 2
