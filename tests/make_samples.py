"""The attachments of the sample documents: one docx, one xlsx and one pdf.

Nothing here is needed to publish. The three files stand beside the sample documents that list them, so
that a fresh copy shows what attachments look like. What they say is taken from those documents where they
say it already: the spreadsheet is the table in the plan, the pdf tabulates the figures of the annual report.

Two runs on one machine write the same bytes: dates are those of the documents, never the clock's. The pdf
is printed by Chromium (environment variable CHROMIUM, else `chromium` on PATH).
"""

import io
import os
import re
import shutil
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import click
from docx import Document
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from openpyxl import Workbook  # type: ignore[import-untyped]  # ships no types
from openpyxl.styles import Alignment, Border, Font, Side  # type: ignore[import-untyped]  # as above
from playwright.sync_api import sync_playwright

from gongkai.memory.files import write_atomically

BUREAU = "示例市科学技术局"
MARK = "本文为示例内容，单位、数据均为虚构。"
CHINA = timezone(timedelta(hours=8))
FORM_DATE = datetime(2025, 4, 14, 9, 0, tzinfo=CHINA)
TASKS_DATE = datetime(2025, 2, 10, 9, 0, tzinfo=CHINA)
REPORT_DATE = datetime(2026, 1, 19, 9, 0, tzinfo=CHINA)

BASICS = (
    "项目名称",
    "项目类别（重点研发、成果转化、技术创新引导、农业科技，选一项）",
    "申报单位",
    "单位所在县（区）",
    "统一社会信用代码",
    "起止时间",
    "联系电话（单位）",
)
CHAPTERS = (
    ("二、研究内容和技术路线", "写明要解决的问题、主要研究内容、技术路线和创新点，不超过1500字。"),
    ("三、工作基础", "写明已有研究基础、设备条件和合作单位分工，不超过800字。"),
)
INDICATORS = ("技术指标", "经济指标", "知识产权", "人才培养")
COSTS = ("设备费", "业务费", "劳务费", "间接费用", "合计")
PLEDGE = "本单位承诺：所填内容真实、完整，不含国家秘密；如有不实，愿承担相应责任。"

FIGURES = (
    "主动公开政府信息",
    "收到政府信息公开申请",
    "上年结转",
    "予以公开",
    "部分公开",
    "无法提供",
    "被申请行政复议",
    "被提起行政诉讼",
    "收取信息处理费",
)

# One weight and few words: Chromium draws each glyph of an OpenType Chinese font as a stream of its own,
# so that the whole report in two weights makes a file of 390 kB.
PAGE = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title><style>
@page {{ size: A4; margin: 26mm 24mm }}
* {{ font-weight: 400 }}
body {{ font: 12pt/1.8 "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", sans-serif }}
h1 {{ font-size: 18pt; text-align: center; line-height: 1.5 }}
table {{ border-collapse: collapse; width: 100% }}
th, td {{ border: .75pt solid #333; padding: 2mm 4mm; text-align: start }}
</style></head><body><main><h1>{title}</h1>
<table><thead><tr><th scope="col">项目</th><th scope="col">数据</th></tr></thead>
<tbody>{rows}</tbody></table></main></body></html>"""
PAGE_ROW = '<tr><th scope="row">{label}</th><td>{value}</td></tr>'

# The last: the pdf's properties name the program, and by default the machine's system with it.
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--user-agent=Chromium")


def body_of(document: Path) -> str:
    """Return the Markdown below the front matter."""
    return document.read_text(encoding="utf-8").split("\n---\n", 1)[1]


def table_of(document: Path) -> list[list[str]]:
    """Return the rows of the only Markdown table of a document, heading first."""
    lines = [line for line in body_of(document).splitlines() if line.startswith("|")]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in rows if not set("".join(row)) <= set("-:")]


def dated(archive: bytes, when: datetime) -> bytes:
    """Return an Office file whose parts and properties all bear the one time `when`."""
    stamp = when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(target, "w") as new:
        for name in sorted(old.namelist(), key=lambda part: (part != "[Content_Types].xml", part)):
            data = old.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"(?<=>)\d{4}-\d\d-\d\dT[\d:.]+Z?(?=<)", stamp, data)
            info = zipfile.ZipInfo(name, when.timetuple()[:6])
            new.writestr(info, data, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def word_file(title: str) -> WordDocument:
    """Return an empty Word file in Chinese, its properties naming the bureau and nobody else."""
    document = Document()
    for name, size in (("Normal", 12), ("Title", 20), ("Heading 1", 15)):
        style = document.styles[name]
        style.font.name, style.font.size = "Times New Roman", Pt(size)
        style.font.color.rgb = RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), "宋体")
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    core = document.core_properties
    core.title, core.author, core.last_modified_by, core.comments = title, BUREAU, BUREAU, ""
    core.language = "zh-CN"
    return document


def add_grid(document: WordDocument, rows: Sequence[Sequence[str]]) -> None:
    table = document.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    document.add_paragraph()


def application_form() -> bytes:
    title = "示例市市级科技计划项目申报书（示例）"
    document = word_file(title)
    document.add_heading(title, level=0)
    document.add_paragraph(MARK)
    document.add_heading("一、基本信息", level=1)
    add_grid(document, [("项目", "填写内容"), *((name, "") for name in BASICS)])
    for heading, hint in CHAPTERS:
        document.add_heading(heading, level=1)
        document.add_paragraph(hint)
    document.add_heading("四、考核指标", level=1)
    add_grid(document, [("指标", "申报时", "完成时"), *((name, "", "") for name in INDICATORS)])
    document.add_heading("五、经费预算（万元）", level=1)
    add_grid(document, [("科目", "申请财政资金", "自筹资金"), *((name, "", "") for name in COSTS)])
    document.add_heading("六、单位承诺", level=1)
    document.add_paragraph(PLEDGE)
    document.add_paragraph("申报单位（公章）：\n\n日期：　　　　年　　月　　日")
    target = io.BytesIO()
    document.save(target)
    return dated(target.getvalue(), FORM_DATE)


def task_rows(plan: Path) -> list[list[str | int]]:
    """Return the plan's table with a running number before and the last day behind each task."""
    heading, *tasks = table_of(plan)
    rows: list[list[str | int]] = [["序号", *heading, "完成时限"]]
    rows.extend([number, *task, "2025年12月31日"] for number, task in enumerate(tasks, start=1))
    return rows


def task_sheet(plan: Path) -> bytes:
    title = "2025年重点任务分解表（示例）"
    book = Workbook()
    book.properties.title, book.properties.creator = title, BUREAU
    book.properties.lastModifiedBy, book.properties.language = BUREAU, "zh-CN"
    sheet = book.active
    sheet.title = "重点任务"
    for row in ([title], [MARK], *task_rows(plan)):
        sheet.append(row)
    line = Side(style="thin")
    for row in sheet.iter_rows(min_row=3):
        for cell in row:
            cell.border = Border(left=line, right=line, top=line, bottom=line)
            cell.font = Font(name="宋体", size=12, bold=cell.row == 3)
            cell.alignment = Alignment(vertical="center", wrap_text=True)
    sheet["A1"].font, sheet["A2"].font = Font(name="宋体", size=16, bold=True), Font(name="宋体", size=12)
    for column, width in zip("ABCDE", (7, 32, 18, 22, 20), strict=True):
        sheet.column_dimensions[column].width = width
    sheet.freeze_panes, sheet.print_title_rows = "A4", "3:3"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    target = io.BytesIO()
    book.save(target)
    return dated(target.getvalue(), TASKS_DATE)


def chromium() -> str:
    """Return the browser's path; without one this is wrong set-up, not wrong content."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not found:
        error = click.ClickException("未找到 Chromium：请安装，或用环境变量 CHROMIUM 指明其路径。")
        error.exit_code = 2
        raise error
    return found


def figures_of(report: Path) -> list[tuple[str, str]]:
    """Return the figures that the report's sentences give right after these labels, with their units."""
    text = body_of(report)
    found = [(label, re.search(rf"{label}(\d+[条件元])", text)) for label in FIGURES]
    missing = [label for label, match in found if match is None]
    if missing:
        raise click.ClickException(f"{report}：正文中找不到数据：{'、'.join(missing)}")
    return [(label, match[1]) for label, match in found if match is not None]


def report_page(report: Path) -> str:
    rows = "".join(PAGE_ROW.format(label=label, value=value) for label, value in figures_of(report))
    return PAGE.format(title="2025年政府信息公开工作主要数据（示例，均为虚构）", rows=rows)


def report_pdf(report: Path) -> bytes:
    """Return the report's figures as a tagged pdf, so that screen readers find the table in it."""
    html = report_page(report)
    with sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        page = browser.new_page()
        page.set_content(html)
        data = page.pdf(tagged=True, outline=True, prefer_css_page_size=True)
        browser.close()
    stamp = REPORT_DATE.astimezone(UTC).strftime("D:%Y%m%d%H%M%S").encode()
    return re.sub(rb"D:\d{14}(?=\+00'00')", stamp, data)


@click.command(help="重新生成示例文件的三个附件（docx、xlsx、pdf）。")
@click.option(
    "--docs-dir",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=Path(__file__).resolve().parents[1] / "docs",
    help="示例文件所在的文件夹。",
)
def main(docs_dir: Path) -> None:
    plan, report = docs_dir / "plans/2025.md", docs_dir / "reports/2025.md"
    form, tasks, figures = application_form(), task_sheet(plan), report_pdf(report)
    write_atomically(docs_dir / "notices/2025-application-form.docx", form)
    write_atomically(plan.with_name("2025-tasks.xlsx"), tasks)
    write_atomically(report.with_name("2025-report.pdf"), figures)


if __name__ == "__main__":
    main()
