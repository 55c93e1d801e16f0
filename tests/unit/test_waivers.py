import pytest

from gongkai.checks.protocol import Outcome, OutcomeRule, Reported
from gongkai.checks.readers import read_thoroughly
from gongkai.checks.rules import CODES, found
from gongkai.checks.waivers import covers, sort_out
from gongkai.records.reading import Defaults
from gongkai.records.record import Waiver
from tests.writing import document, markdown, sample_site, whole


def finding(line: int, code: str, message: str) -> Reported:
    return Reported("docs/a.md", line, "", code, message, CODES[code])


MOBILE = finding(12, "privacy-mobile", "像是手机号码：1391****678。请删去")
JUMP = finding(14, "heading-jump", "标题跳级")
SECRET = finding(15, "secret-mark", "像是密级标志")


def waiver(code: str = "privacy-mobile", where: str = "") -> Waiver:
    return Waiver.model_construct(code=code, reason="值班电话", allowed_by="审查岗", where=where)


def test_a_waived_error_does_not_count_and_is_not_lost() -> None:
    told = sort_out([MOBILE, JUMP], {"docs/a.md": (waiver(),)}, {})

    assert told.findings == (JUMP,)
    assert [(one.finding, one.waiver.allowed_by) for one in told.waived] == [(MOBILE, "审查岗")]


def test_a_waiver_answers_for_its_own_document_only() -> None:
    assert sort_out([MOBILE], {"docs/b.md": (waiver(),)}, {}).findings == (MOBILE,)


@pytest.mark.parametrize(
    ("where", "expected"),
    [("", True), ("1391****678", True), ("13912345678", True), ("1380****000", False), ("13900000000", False)],
)
def test_a_waiver_may_name_its_place(where: str, expected: bool) -> None:
    assert covers(waiver(where=where), MOBILE) is expected


def test_nobody_answers_for_a_mark_of_secrecy() -> None:
    assert sort_out([SECRET], {"docs/a.md": (waiver("secret-mark"),)}, {}).findings == (SECRET,)


def test_what_the_settings_keep_silent_about_is_counted() -> None:
    told = sort_out([JUMP, JUMP, MOBILE], {}, {"heading-jump": "旧文件"})

    assert (told.findings, told.silenced) == ((MOBILE,), {"heading-jump": 2})


def test_a_waiver_that_answers_for_nothing_is_told() -> None:
    given = "[{代码: privacy-mobile, 原因: 值班电话, 批准: 审查岗}, {代码: heading-jump, 原因: 旧, 批准: 审查岗}]"
    archive = whole(document(path="a.md", 豁免=given))
    waived = sort_out([MOBILE], {"docs/a.md": archive.decided[0].document.record.waivers}, {}).waived

    (idle,) = found(OutcomeRule, Outcome(archive, (), waived, None), is_thorough=True)
    assert (idle.field, idle.code) == ("waivers", "waiver-unused")
    assert "heading-jump" in idle.message


def test_waivers_are_read_under_chinese_and_english_names() -> None:
    chinese = document(豁免="[{代码: privacy-mobile, 原因: 值班电话, 批准: 审查岗, 内容: 139}]")
    english = document(豁免="{code: privacy-mobile, reason: 值班电话, allowed_by: 审查岗, where: '139'}")

    assert chinese.record.waivers == english.record.waivers
    assert chinese.record.waivers[0].where == "139"


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("{代码: privacy-mobil, 原因: 甲, 批准: 乙}", "是不是“privacy-mobile”？"),
        ("{代码: secret-mark, 原因: 甲, 批准: 乙}", "不能豁免，只能改正"),
        ("{代码: published-missing, 原因: 甲, 批准: 乙}", "不能豁免，只能改正"),
        ("{代码: field-value, 原因: 甲, 批准: 乙}", "不能豁免，只能改正"),
        ("{代码: privacy-mobile, 批准: 乙}", "缺少“原因”"),
        ("{代码: privacy-mobile, 原因: 甲}", "缺少“批准”"),
    ],
)
def test_a_waiver_that_cannot_be_is_refused_in_words(value: str, told: str) -> None:
    read = read_thoroughly(markdown(豁免=value).encode(), "notices/a.md", Defaults(), sample_site())

    (refused,) = read.findings
    assert CODES[refused.code].is_error
    assert told in refused.message


def test_errors_can_be_waived_in_the_privacy_family_alone() -> None:
    waivable = {kind.family for kind in CODES.values() if kind.is_waivable and kind.severity == "error"}

    assert waivable == {"privacy"}


def test_no_error_and_nothing_about_rights_can_be_silenced() -> None:
    silent = [kind for kind in CODES.values() if kind.can_be_silenced]

    assert {kind.severity for kind in silent} == {"warning"}
    assert {kind.family for kind in silent}.isdisjoint({"permanence", "privacy", "secrecy", "disclosure"})
