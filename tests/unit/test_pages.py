import json

from gongkai.catalogue.order import PublicDocument, decided, public_documents
from gongkai.pages.facts import document_tags, field_rows, linked_data, shown_size
from gongkai.records.plain_text import visible_text
from gongkai.site import Site
from tests.writing import NOW, document, document_of


def public(**fields: str | None) -> PublicDocument:
    return public_documents(decided([document_of(fields)], NOW))[0]


def test_the_field_table_has_all_eight_rows_empty_ones_too() -> None:
    rows = {row.label: row.value for row in field_rows(document(责任部门="").record)}

    assert rows == {
        "信息类别": "",
        "文件编号": "",
        "公开方式": "主动公开",
        "生成日期": "2025-01-10",
        "公开时限": "常年公开",
        "公开范围": "面向全社会",
        "信息索取号": "SLKJ00012/2025-00001",
        "责任部门": "",
    }


def test_meta_tags_have_the_ten_that_are_obligatory_and_none_empty(site: Site) -> None:
    tags = dict(document_tags(public(来源=None), site, address=""))

    assert tags == {
        "SiteName": "示例市科学技术局",
        "SiteDomain": "gongkai.example",
        "SiteIDCode": "0000000001",
        "ColumnName": "工作总结",
        "ColumnDescription": "本局年度工作总结",
        "ColumnKeywords": "工作总结",
        "ColumnType": "工作动态",
        "ArticleTitle": "示例市科学技术局2024年工作总结",
        "PubDate": "2025-01-15 09:30",
        "ContentSource": "示例市科学技术局",
    }


def test_linked_data_cannot_leave_its_script_element(site: Site) -> None:
    text = linked_data(public(标题="</script><!-- 甲 & 乙"), site, address="https://a.example/x/")

    assert "<" not in text
    assert ">" not in text
    assert json.loads(text)["headline"] == "</script><!-- 甲 & 乙"
    assert json.loads(text)["identifier"] == "SLKJ00012/2025-00001"


def test_visible_text_joins_inline_elements_and_parts_blocks() -> None:
    html = "<h2>一、<b>主要</b>成效</h2><p>高新<em>技术</em>企业<br>次行</p><script>x</script><ul><li>甲</li><li>乙</li></ul>"

    assert visible_text(html) == "一、主要成效\n高新技术企业\n次行\n甲\n乙"


def test_a_size_is_told_for_people() -> None:
    assert [shown_size(size) for size in (0, 1023, 38_400, 1_500_000)] == ["0 B", "1023 B", "38 KB", "1.4 MB"]
