"""What a document says counts as far as it goes public, now or later."""

from collections.abc import Mapping

import pytest

from gongkai.checks.readers import countable, read_thoroughly
from gongkai.records.reading import Defaults
from gongkai.site import Site
from tests.writing import NOW, markdown

MOBILE = "联系人手机13912345678。"


def codes(site: Site, fields: Mapping[str, str], body: str = MOBILE) -> list[str]:
    reading = read_thoroughly(markdown(body, **fields).encode(), "notices/a.md", Defaults(), site)
    assert reading.document is not None, reading.findings
    return [finding.code for finding in countable(reading, NOW)]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, ["privacy-mobile"]),
        ({"发布时间": "2027-01-01 09:00:00"}, ["privacy-mobile"]),
        ({"时效": "草稿"}, []),
        ({"公开方式": "不予公开"}, []),
        ({"公开范围": "面向本机关"}, []),
        ({"公开方式": "依申请公开", "公开范围": "面向申请人"}, []),
        ({"撤回": "{date: 2026-01-20, reason: 有个人信息}"}, []),
        ({"撤回": "{date: 2026-03-01, reason: 有个人信息}"}, ["privacy-mobile"]),
        ({"公开时限": "限时公开至2026-01-30"}, []),
        ({"公开时限": "限时公开至2026-01-31"}, ["privacy-mobile"]),
    ],
    ids=str,
)
def test_a_body_counts_where_it_is_or_will_be_public(site: Site, fields: dict[str, str], expected: list[str]) -> None:
    assert codes(site, fields) == expected


ON_REQUEST = {"公开方式": "依申请公开", "公开范围": "面向申请人"}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"标题": MOBILE}, ["privacy-mobile"]),
        ({"标题": MOBILE, **ON_REQUEST}, ["privacy-mobile"]),
        ({"内容概述": MOBILE}, ["privacy-mobile"]),
        ({"内容概述": MOBILE, **ON_REQUEST}, []),
        ({"审核": MOBILE}, []),
        ({"豁免": f"{{代码: privacy-plate, 原因: {MOBILE}, 批准: 甲}}"}, []),
        ({"撤回": f"{{date: 2026-01-20, reason: {MOBILE}}}"}, ["privacy-mobile"]),
        ({"更正": f"[{{date: 2026-03-01, note: {MOBILE}}}]"}, ["privacy-mobile"]),
        ({"时效": f"{{状态: 废止, 日期: 2026-01-20, 原因: {MOBILE}}}"}, ["privacy-mobile"]),
    ],
    ids=str,
)
def test_a_field_counts_where_it_is_or_will_be_printed(site: Site, fields: dict[str, str], expected: list[str]) -> None:
    assert codes(site, fields, "正文。") == expected


def test_a_finding_names_the_line_of_the_file(site: Site) -> None:
    text = markdown(f"正文。\n\n{MOBILE}")

    (finding,) = read_thoroughly(text.encode(), "notices/a.md", Defaults(), site).content
    assert text.split("\n")[finding.line - 1] == MOBILE


def test_the_offices_own_telephone_is_no_secret(site: Site) -> None:
    own = site.model_copy(
        update={
            "site": site.site.model_copy(
                update={"contact": site.site.contact.model_copy(update={"telephone": "13912345678"})}
            )
        }
    )

    assert codes(own, {}) == []
