"""Makes the sample .docx of the import's tests: `python -m tests.make_docx FOLDER`.

One is python-docx's work with what Word puts beside it (a footnote, a comment, revisions, hidden text, a text box,
Chinese numbering); another is that one opened and saved by LibreOffice, where it is installed. The names in their
properties are made up. What is committed under tests/cases/import/ came from here.
"""

import struct
import subprocess
import sys
import tempfile
import zlib
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from docx import Document
from docx.document import Document as Docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm
from docx.text.paragraph import Paragraph

NAME = "虚构人甲"
DAY = datetime(2024, 1, 12, tzinfo=UTC)
_REVISION = 'w:id="{}" w:author="虚构人乙" w:date="2024-01-11T09:00:00Z"'
_LEVELS = (("%1、", "chineseCounting"), ("（%2）", "chineseCounting"), ("%3.", "decimal"))
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def picture() -> bytes:
    """A small PNG with a text chunk that names its maker."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    points = zlib.compress(b"".join(b"\x00" + b"\xc0\x20\x20" * 8 for _ in range(8)))
    made_by = b"Author\x00" + NAME.encode("gbk")
    chunks = ((b"IHDR", head), (b"tEXt", made_by), (b"IDAT", points), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*one) for one in chunks)


def sample() -> bytes:
    """The paper with everything in it."""
    paper = Document()
    _properties(paper)
    _numbering(paper)
    title = paper.add_paragraph("示例市科学技术局2023年工作总结（示例）")
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paper.add_paragraph("示科字〔2024〕3号").alignment = WD_ALIGN_PARAGRAPH.CENTER
    _numbered(paper.add_paragraph("主要成效"), 0)
    _numbered(paper.add_paragraph("平台建设"), 1)
    first = paper.add_paragraph("　　全年新增")
    first.add_run("重点平台").bold = True
    first.add_run("3家，面积1200m")
    first.add_run("2").font.superscript = True
    first.add_run("，投入1,234.5万元。")
    _with_note(first)
    _revised(paper, paper.add_paragraph("全年走访企业"))
    _hidden(paper.add_paragraph("服务企业六百家。"))
    _numbered(paper.add_paragraph("队伍建设"), 1)
    paper.add_paragraph("开展下列工作", style="List Bullet")
    paper.add_paragraph("组织培训", style="List Bullet 2")
    paper.add_paragraph("组织考核", style="List Bullet 2")
    paper.add_paragraph("公开结果", style="List Bullet")
    _table(paper)
    paper.add_paragraph("另有一项指标：")
    _simple_table(paper)
    _numbered(paper.add_paragraph("今年打算"), 0)
    _numbered(paper.add_paragraph("完善机制；"), 2)
    _numbered(paper.add_paragraph("加强调度。"), 2)
    paper.add_picture(BytesIO(picture()), width=Cm(1))
    _described(paper, "流程图：申报、评审、立项")
    _boxed(paper.add_paragraph("附注见右。"))
    paper.add_paragraph("第一行").add_run().add_break()
    paper.paragraphs[-1].add_run("第二行")
    paper.add_paragraph("示例市科学技术局").alignment = WD_ALIGN_PARAGRAPH.RIGHT
    paper.add_paragraph("2024年1月12日").alignment = WD_ALIGN_PARAGRAPH.RIGHT
    paper.sections[0].header.paragraphs[0].text = "内部排版样张"
    target = BytesIO()
    paper.save(target)
    return _with_notes_part(target.getvalue())


def _properties(paper: Docx) -> None:
    properties = paper.core_properties
    properties.author = properties.last_modified_by = NAME
    properties.created = properties.modified = DAY


def _numbering(paper: Docx) -> None:
    """A list of 一、, （一） and 1."""
    levels = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for at, (text, form) in enumerate(_LEVELS)
    )
    root = paper.part.numbering_part.element
    abstract = parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90">{levels}</w:abstractNum>')
    root.insert(0, abstract)
    root.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))


def _numbered(paragraph: Paragraph, level: int) -> None:
    xml = f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="90"/></w:numPr>'
    paragraph._p.get_or_add_pPr().append(parse_xml(xml))


def _with_note(paragraph: Paragraph) -> None:
    paragraph._p.append(parse_xml(f'<w:r {nsdecls("w")}><w:footnoteReference w:id="2"/></w:r>'))
    paragraph.add_run("含在建平台。")


def _revised(paper: Docx, paragraph: Paragraph) -> None:
    gone = f"<w:del {nsdecls('w')} {_REVISION.format(1)}><w:r><w:delText>五百家</w:delText></w:r></w:del>"
    came = f"<w:ins {nsdecls('w')} {_REVISION.format(2)}><w:r><w:t>六百零三家</w:t></w:r></w:ins>"
    for xml in (gone, came):
        paragraph._p.append(parse_xml(xml))
    paragraph.add_run("，解决问题41个。")
    paper.add_comment(paragraph.runs[0], text="数字请核对", author="虚构人丙", initials="丙")


def _hidden(paragraph: Paragraph) -> None:
    run = paragraph.add_run("（内部口径：未含园区）")
    run.font.hidden = True


def _table(paper: Docx) -> None:
    table = paper.add_table(rows=4, cols=3)
    rows = (("项目", "经费（万元）", ""), ("", "计划", "实际"), ("甲类|一", "100", "98.5"), ("甲类|二", "200", "201"))
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    table.cell(0, 0).merge(table.cell(1, 0))
    table.cell(0, 1).merge(table.cell(0, 2))


def _simple_table(paper: Docx) -> None:
    table = paper.add_table(rows=2, cols=2)
    for row, texts in zip(table.rows, (("指标", "数值"), ("A|B", "27")), strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text


def _described(paper: Docx, words: str) -> None:
    for element in paper.element.body.iter(qn("wp:docPr")):
        element.set("descr", words)


def _boxed(paragraph: Paragraph) -> None:
    names = 'xmlns:v="urn:schemas-microsoft-com:vml" ' + nsdecls("w")
    box = "<v:textbox><w:txbxContent><w:p><w:r><w:t>文本框里的7项说明。</w:t></w:r></w:p></w:txbxContent></v:textbox>"
    shape = f'<v:shape style="width:90pt;height:40pt">{box}</v:shape>'
    paragraph._p.append(parse_xml(f"<w:r {names}><w:pict>{shape}</w:pict></w:r>"))


def _with_notes_part(data: bytes) -> bytes:
    """The docx with the part of footnotes that python-docx does not write."""
    notes = (
        f'<w:footnotes {nsdecls("w")}><w:footnote w:id="2"><w:p><w:r><w:t>按上年口径，共5类。</w:t></w:r></w:p>'
        "</w:footnote></w:footnotes>"
    )
    kind = f'<Override PartName="/word/footnotes.xml" ContentType="{_WORD}.footnotes+xml"/></Types>'
    relation = f'<Relationship Id="rIdNotes" Type="{_KIND}/footnotes" Target="footnotes.xml"/></Relationships>'
    return rezipped(
        data,
        {"[Content_Types].xml": ("</Types>", kind), "word/_rels/document.xml.rels": ("</Relationships>", relation)},
        {"word/footnotes.xml": notes},
    )


def rezipped(data: bytes, changes: dict[str, tuple[str, str]], more: dict[str, str]) -> bytes:
    """An archive with some text of its members replaced, and further members."""
    target = BytesIO()
    with ZipFile(BytesIO(data)) as source, ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename in changes:
                content = content.decode().replace(*changes[entry.filename]).encode()
            archive.writestr((entry.filename), content)
        for name, text in more.items():
            archive.writestr(name, text)
    return target.getvalue()


def through_libreoffice(data: bytes, kind: str = "docx") -> bytes:
    """A document opened and saved again by LibreOffice."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "in.docx").write_bytes(data)
        profile = f"-env:UserInstallation=file://{folder}/profile"
        words = [
            "soffice",
            profile,
            "--headless",
            "--convert-to",
            kind,
            "--outdir",
            f"{folder}/out",
            f"{folder}/in.docx",
        ]
        subprocess.run(words, check=True, capture_output=True, timeout=180)
        return (Path(folder) / "out" / f"in.{kind}").read_bytes()


if __name__ == "__main__":
    place = Path(sys.argv[1])
    place.mkdir(parents=True, exist_ok=True)
    (place / "python-docx.docx").write_bytes(sample())
    for ending in ("docx", "doc", "rtf", "odt"):
        (place / f"libreoffice.{ending}").write_bytes(through_libreoffice(sample(), ending))
