import pytest

from gongkai.checks.protocol import Reported
from gongkai.checks.rules import CODES, FAMILIES
from gongkai.checks.run import Checked
from gongkai.commands.reporting import as_github


def test_an_annotation_escapes_what_github_would_take_for_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    kind = CODES["field-value"]
    finding = Reported("docs/a,b:c.md", 4, "created", "field-value", "应为 100%\n日期", kind)

    as_github(Checked((), (finding,)))

    assert capsys.readouterr().out.split("\n")[0] == (
        "::error file=docs/a%2Cb%3Ac.md,line=4,title=字段值不对（field-value）::生成日期: 应为 100%25%0A日期"
    )


def test_every_family_has_a_name() -> None:
    assert {kind.family for kind in CODES.values()} <= set(FAMILIES)
