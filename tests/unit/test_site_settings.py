import copy
from typing import TypeAlias

import pytest

from gongkai.checks.rules import why_not_silenced
from gongkai.site import SettingsError, Site, read_site

Settings: TypeAlias = dict[str, "str | int | Settings | list[Settings]"]

GOOD: Settings = {
    "organisation": {"name": "示例局", "code": "SLKJ00012"},
    "site": {"domain": "gongkai.example", "id_code": "0000000001"},
    "columns": [{"key": "notices", "name": "通知公告", "type": "政策文件", "freshness": 183}],
}


def refusal(**changes: object) -> list[str]:
    settings: dict[str, object] = {**copy.deepcopy(GOOD), **changes}
    with pytest.raises(SettingsError) as refused:
        read_site({key: value for key, value in settings.items() if value is not None}, not_silenced=why_not_silenced)
    return str(refused.value).split("\n")


def test_the_projects_own_settings_are_good(site: object) -> None:
    assert site


def test_the_least_settings_are_good() -> None:
    assert read_site(GOOD).timezone == "Asia/Shanghai"


def test_an_unknown_key_is_named_with_the_nearest() -> None:
    assert refusal(organisaton={}) == [
        "mkdocs.yml: extra.disclosure.organisaton: 没有“organisaton”这一项。是不是“organisation”？"
    ]


def test_a_missing_key_is_named() -> None:
    assert refusal(columns=None) == ["mkdocs.yml: extra.disclosure.columns: 缺少“columns”这一项。请补上"]


def test_a_key_inside_a_list_is_named_with_its_place() -> None:
    column = {"key": "a", "name": "甲", "type": "其他", "freshness": 3}
    assert refusal(columns=[column, {**column, "key": "b", "name": "乙", "freshnes": 1}]) == [
        "mkdocs.yml: extra.disclosure.columns.2.freshnes: 没有“freshnes”这一项。是不是“freshness”？"
    ]


def test_every_problem_is_told_at_once() -> None:
    assert len(refusal(organisation={"name": "", "code": "SLKJ00013"}, site={"domain": ""}, timezone="Mars")) == 5


@pytest.mark.parametrize(
    "columns",
    [
        [],
        [{"key": "years", "name": "甲", "type": "其他", "freshness": 3}],
        [{"key": "a", "name": "甲", "type": "其他", "freshness": 3}] * 2,
        [{"key": "A B", "name": "甲", "type": "其他", "freshness": 3}],
        [{"key": "a", "name": "甲", "type": "其他", "freshness": 0}],
        "notices",
    ],
    ids=["none", "reserved", "doubled", "no address", "no days", "no list"],
)
def test_columns_that_cannot_be_are_refused(columns: object) -> None:
    assert refusal(columns=columns)[0].startswith("mkdocs.yml: extra.disclosure.columns")


@pytest.mark.parametrize("settings", [None, [], "x", 3])
def test_settings_that_are_no_mapping_are_refused(settings: object) -> None:
    with pytest.raises(SettingsError, match="缺少这一段设置"):
        read_site(settings)


@pytest.mark.parametrize(
    ("checks", "told"),
    [
        ({"silense": {}}, "checks.silense: 没有“silense”这一项。是不是“silence”？"),
        ({"silence": {"link-extern": "旧网站"}}, "没有“link-extern”这种检查结果。是不是“link-external”？"),
        ({"silence": {"field-value": "旧网站"}}, "“field-value”（字段值不对）不能略去"),
        ({"silence": {"change-unnoted": "旧网站"}}, "“change-unnoted”（改了公开的内容没有说明）不能略去"),
        ({"silence": {"privacy-email": "旧网站"}}, "“privacy-email”（像是电子邮箱）不能略去"),
        ({"silence": {"link-external": ""}}, "checks.silence.link-external: 不能为空"),
        ({"allowed_hosts": ["https://a.example/"]}, "应为域名"),
        ({"working_days": 0}, "checks.working_days: 应大于 0"),
        ({"series": ["summary"]}, "“summary”不是栏目的 key"),
    ],
    ids=str,
)
def test_wrong_settings_of_checks_are_named(checks: dict[str, object], told: str) -> None:
    (line,) = refusal(checks=checks)

    assert told in line


def test_a_series_is_a_column_that_is_fresh_for_a_year_unless_the_settings_say_so() -> None:
    column = {"key": "plans", "name": "工作计划", "type": "其他", "freshness": 400}
    settings = {**GOOD, "columns": [*GOOD["columns"], column]}  # type: ignore[misc]  # a list

    assert read_site(settings).series == {"plans"}
    assert read_site({**settings, "checks": {"series": ["notices"]}}).series == {"notices"}
    assert read_site({**settings, "checks": {"series": []}}).series == frozenset()


def test_a_column_renewed_about_once_a_year_has_a_document_each_year(site: Site) -> None:
    assert site.series == {"summaries", "plans", "honours", "reports"}
