"""A .docx gives its text as Word prints it, tells what it leaves out, and is held against its own XML."""

from functools import cache
from pathlib import Path

import pytest

from gongkai.imports.fidelity import Comparison, compared
from gongkai.imports.page import Page, UnreadableFileError
from gongkai.imports.word_numbering import figure
from gongkai.imports.word_page import read_word
from tests.make_docx import NAME, picture, rezipped
from tests.word_papers import item, levels, paper, paragraph

CASES = Path(__file__).parents[1] / "cases" / "import"
SAMPLE = (CASES / "python-docx.docx").read_bytes()
EXTENSIONS = ("toc", "tables", "fenced_code", "admonition", "footnotes", "sane_lists")
CHINESE = levels(("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."))
RUN = "<w:r>{}<w:t>{}</w:t></w:r>"


def proved(page: Page) -> Comparison:
    return compared(page, extensions=EXTENSIONS)


@cache
def sample_page() -> Page:
    return read_word(SAMPLE)


def body_of(xml: str, numbering: str = "", styles: str = "", **members: bytes) -> str:
    """The Markdown of a paper, once it is proved to be whole."""
    page = read_word(paper(xml, numbering, styles, **members))
    found = proved(page)
    assert (found.differences, found.otherwise) == ((), ())
    return page.body


@pytest.mark.parametrize("name", ["python-docx.docx", "libreoffice.docx"])
def test_a_paper_with_everything_in_it_arrives_whole(name: str) -> None:
    page = read_word((CASES / name).read_bytes())

    found = proved(page)
    assert (found.differences, found.otherwise, page.losses) == ((), (), ())
    assert (found.tables, found.cells, found.notes, found.pictures) == (2, 14, 1, 1)
    assert page.body == (CASES / "paper.md").read_text("utf-8")
    assert page.notes == (
        "隐藏文字 1 处没有导入",
        "修订中删去的内容 1 处没有导入",
        "修订中新增的内容 1 处按已接受导入",
        "批注 1 条没有导入",
        "文本框 1 个放在所在段落之后",
        "页眉没有导入：“内部排版样张”",
    )


@pytest.mark.parametrize("name", ["python-docx.docx", "libreoffice.docx"])
def test_who_wrote_a_paper_arrives_nowhere(name: str) -> None:
    data = (CASES / name).read_bytes()
    page = read_word(data)

    everything = "".join([page.body, *page.fields.values(), *page.notes]).encode() + b"".join(page.assets.values())
    assert NAME.encode() not in everything
    assert NAME.encode("gbk") not in everything
    assert "虚构人".encode() not in everything
    assert NAME.encode() in b"".join(read_parts(data))


def read_parts(data: bytes) -> list[bytes]:
    from io import BytesIO  # noqa: PLC0415 - only here
    from zipfile import ZipFile  # noqa: PLC0415 - only here

    with ZipFile(BytesIO(data)) as archive:
        return [archive.read(name) for name in archive.namelist()]


def test_title_number_and_day_are_read_from_where_papers_have_them() -> None:
    page = read_word(SAMPLE)

    assert dict(page.fields) == {
        "title": "示例市科学技术局2023年工作总结（示例）",
        "document_number": "示科字〔2024〕3号",
        "created": "2024-01-12",
    }


CENTRED, AT_RIGHT = '<w:jc w:val="center"/>', '<w:jc w:val="right"/>'


def test_a_notice_as_a_bureau_writes_it_reads_as_an_editor_would_have_it() -> None:
    row = "<w:tr>" + f"<w:tc>{paragraph('甲')}</w:tc>" * 2 + "</w:tr>"
    above = paragraph("示例市科学技术局文件", CENTRED) + paragraph("示科字〔2024〕8号", CENTRED)
    title = "<w:p><w:pPr>{}</w:pPr><w:r><w:t>{}</w:t><w:br/><w:t>{}</w:t></w:r></w:p>"
    rules = ("一、条件", "1.在本市注册。", "（1）满1年；", "2.没有违规。", "附件：1.申报书", "　　2.汇总表")
    end = paragraph("示例市科学技术局", AT_RIGHT) + paragraph("2024年3月1日", AT_RIGHT)
    xml = above + title.format(CENTRED, "示例市科学技术局", "2024年申报通知") + "".join(map(paragraph, rules))

    page = read_word(paper(f"{xml}{end}<w:tbl>{row * 9}</w:tbl>{paragraph('抄送：市财政局。')}"))

    assert (proved(page).differences, proved(page).otherwise) == ((), ())
    assert dict(page.fields) == {
        "title": "示例市科学技术局2024年申报通知",
        "document_number": "示科字〔2024〕8号",
        "created": "2024-03-01",
    }
    assert page.body.startswith(
        "## 一、条件\n\n1.在本市注册。\n\n（1）满1年；\n\n2.没有违规。\n\n附件：1.申报书\n\n2.汇总表\n\n"
        "示例市科学技术局\n\n2024年3月1日\n\n| 甲 | 甲 |\n"
    )
    assert page.notes == ("红头“示例市科学技术局文件”没有放进正文",)


def test_a_number_beside_who_signs_and_a_day_under_the_title_are_read_for_what_they_are() -> None:
    xml = paragraph("示科函〔2024〕15号　签发人：示例人乙") + paragraph("关于提案的答复", CENTRED)

    page = read_word(paper(xml + paragraph("（2024年5月6日）", CENTRED) + paragraph("现答复如下。")))

    assert dict(page.fields) == {"title": "关于提案的答复", "document_number": "示科函〔2024〕15号"}
    assert page.body == "示科函〔2024〕15号　签发人：示例人乙\n\n（2024年5月6日）\n\n现答复如下。\n"


def test_two_days_at_the_end_are_no_day_of_the_paper() -> None:
    page = read_word(paper(paragraph("2024年1月12日") + paragraph("2024年1月15日")))

    assert "created" not in page.fields


@pytest.mark.parametrize(
    ("mark", "value"), [("主动公开", "主动公开"), ("不公开", "不予公开"), ("依申请公开", "依申请公开")]
)
def test_what_a_paper_says_of_being_public_counts(mark: str, value: str) -> None:
    assert read_word(paper(paragraph(f"（此件{mark}）"))).fields["disclosure"] == value


def test_chinese_numbers_are_printed_and_make_headings() -> None:
    xml = item("成效") + item("平台", 1) + item("队伍", 1) + item("打算") + item("机制", 1)

    assert body_of(xml, CHINESE) == "## 一、成效\n\n### （一）平台\n\n### （二）队伍\n\n## 二、打算\n\n### （一）机制\n"


def test_plain_numbers_are_a_list_that_goes_on_after_a_paragraph() -> None:
    numbering = levels(("decimal", "%1."), ("bullet", ""))
    xml = item("甲") + item("乙", 1) + item("丙") + paragraph("说明。") + item("丁")

    assert body_of(xml, numbering) == "1. 甲\n    - 乙\n2. 丙\n\n说明。\n\n3. 丁\n"


def test_a_list_that_begins_anew_is_another_list() -> None:
    numbering = levels(("decimal", "%1.")) + (
        '<w:num w:numId="2"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/>'
        "</w:lvlOverride></w:num>"
    )

    body = body_of(item("甲") + item("乙") + item("丙", 0, 2), numbering)

    assert body == "1. 甲\n2. 乙\n\n<div></div>\n\n1. 丙\n"


@pytest.mark.parametrize(
    ("number", "form", "printed"),
    [
        (10, "chineseCounting", "十"),
        (21, "chineseCountingThousand", "二十一"),
        (101, "chineseCounting", "一百零一"),
        (110, "japaneseCounting", "一百一十"),
        (12, "chineseLegalSimplified", "壹拾贰"),
        (3, "ideographTraditional", "丙"),
        (3, "decimalEnclosedCircle", "③"),
        (12, "decimalFullWidth", "１２"),
        (28, "lowerLetter", "bb"),
        (1994, "upperRoman", "MCMXCIV"),
        (3, "hebrew1", "\ufffd"),
    ],
)
def test_word_counts_in_many_ways(number: int, form: str, printed: str) -> None:
    assert figure(number, form) == printed


def test_hidden_text_is_hidden_by_its_style_too() -> None:
    styles = '<w:style w:type="character" w:styleId="h"><w:name w:val="h"/><w:rPr><w:vanish/></w:rPr></w:style>'
    secret = RUN.format('<w:rPr><w:rStyle w:val="h"/></w:rPr>', "秘")
    xml = f"<w:p>{RUN.format('', '甲')}{secret}</w:p>"

    assert body_of(xml, styles=styles) == "甲\n"


def test_a_text_box_that_only_a_newer_word_shows_arrives_once() -> None:
    box = f"<w:txbxContent>{paragraph('框内3项')}</w:txbxContent>"
    graphic = f"<w:drawing><a:graphic><a:graphicData><wps:wsp><wps:txbx>{box}</wps:txbx></wps:wsp></a:graphicData></a:graphic></w:drawing>"
    old = f"<w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape></w:pict>"
    both = (
        f"<mc:AlternateContent><mc:Choice>{graphic}</mc:Choice><mc:Fallback>{old}</mc:Fallback></mc:AlternateContent>"
    )

    assert body_of(f"<w:p>{RUN.format('', '前')}<w:r>{both}</w:r></w:p>" + paragraph("后")) == "前\n\n框内3项\n\n后\n"


def test_words_in_fields_controls_and_moves_arrive_and_deleted_rows_do_not() -> None:
    row = "<w:tr>{}<w:tc>" + paragraph("{}") + "</w:tc></w:tr>"
    table = f"<w:tbl>{row.format('', '留')}{row.format('<w:trPr><w:del/></w:trPr>', '删')}</w:tbl>"
    xml = (
        f'<w:p><w:fldSimple w:instr="PAGE">{RUN.format("", "域5")}</w:fldSimple><w:sdt><w:sdtContent>'
        f"{RUN.format('', '控件')}</w:sdtContent></w:sdt><w:moveTo>{RUN.format('', '移入')}</w:moveTo>"
        f"<w:moveFrom>{RUN.format('', '移出')}</w:moveFrom></w:p>{table}"
    )

    body = body_of(xml)

    assert body.startswith("域5控件移入\n")
    assert "留" in body
    assert "删" not in body
    assert "移出" not in body


def test_a_row_that_begins_further_right_keeps_its_columns() -> None:
    cell = "<w:tc>" + paragraph("{}") + "</w:tc>"
    first = f"<w:tr>{cell.format('甲')}{cell.format('乙')}</w:tr>"
    second = f'<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>{cell.format("丙")}</w:tr>'

    assert body_of(f"<w:tbl>{first}{second}</w:tbl>") == "| 甲 | 乙 |\n|---|---|\n|  | 丙 |\n"


PICTURE = (
    '<w:p><w:r><w:drawing><wp:inline><wp:docPr id="1" name="a" descr="流程"/><a:graphic><a:graphicData><pic:pic>'
    '<pic:blipFill><a:blip r:embed="{}"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>'
)


def test_a_picture_comes_along_without_what_it_tells_of_its_maker() -> None:
    page = read_word(paper(PICTURE.format("r3"), word__media__a_png=picture()))

    ((name, data),) = page.assets.items()
    assert page.body == f"![流程]({name})\n"
    assert data.startswith(b"\x89PNG")
    assert b"tEXt" in picture()
    assert b"tEXt" not in data


@pytest.mark.parametrize(
    ("xml", "loss"),
    [
        (PICTURE.format("r4"), "图片 1 张的格式（x-emf）网页不能显示"),
        ("<w:p><m:oMath><m:r><m:t>a</m:t></m:r></m:oMath></w:p>", "公式 1 处不能照原样导入"),
        (paragraph("甲") + "<w:altChunk/>", "嵌入的文件 1 处不能照原样导入"),
        (
            '<w:p><w:r><w:drawing><a:graphic><a:graphicData><c:chart xmlns:c="http://schemas.openxmlformats.org/'
            'drawingml/2006/chart"/></a:graphicData></a:graphic></w:drawing><w:t>甲</w:t></w:r></w:p>',
            "图表 1 处不能照原样导入",
        ),
    ],
    ids=["emf", "equation", "embedded file", "chart"],
)
def test_what_cannot_arrive_is_told(xml: str, loss: str) -> None:
    page = read_word(paper(xml + paragraph("乙"), word__media__a_emf=b"EMF"))

    assert [one[: len(loss)] for one in page.losses] == [loss]


def test_a_sign_of_a_font_that_nobody_knows_is_a_difference() -> None:
    page = read_word(paper('<w:p><w:r><w:t>甲</w:t><w:sym w:font="Nobody" w:char="F1AA"/></w:r></w:p>'))

    assert len(proved(page).differences) == 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("六百零三", "六百零四"), "differences"),
        (("<w:t>98.5</w:t>", "<w:t>98.6</w:t>"), "otherwise"),
        (("<w:t>甲类|二</w:t>", "<w:t></w:t>"), "otherwise"),
        (("<w:vMerge/>", ""), "otherwise"),
    ],
    ids=["a word", "a number", "a cell", "a span"],
)
def test_a_converter_that_errs_is_found_out(change: tuple[str, str], told: str) -> None:
    right = sample_page()
    wrong = read_word(rezipped(SAMPLE, {"word/document.xml": change}, {}))
    assert wrong.body != right.body

    found = proved(Page(fields={}, body=wrong.body, source=right.source, grids=right.grids))

    assert getattr(found, told)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"no archive", "文件已损坏或者不是 docx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 " + "EncryptedPackage".encode("utf-16-le"), "设了打开密码"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 WordDocument", "内容却是旧格式"),
        (SAMPLE[:9000], "文件已损坏或者不是 docx"),
        (rezipped(SAMPLE, {"word/document.xml": ("</w:body>", "")}, {}), "内容已损坏"),
        (rezipped(SAMPLE, {"word/document.xml": ("<w:document", "<!DOCTYPE x><w:document")}, {}), "DOCTYPE"),
        (paper(""), "文件里没有文字"),
        (paper("<w:tbl><w:tr><w:tc>" * 90 + paragraph("甲") + "</w:tc></w:tr></w:tbl>" * 90), "套得太深"),
    ],
    ids=["no zip", "password", "old format", "cut off", "broken xml", "entities", "empty", "deep"],
)
def test_what_is_no_paper_is_refused_with_what_to_do(data: bytes, message: str) -> None:
    with pytest.raises(UnreadableFileError, match=message):
        read_word(data)
