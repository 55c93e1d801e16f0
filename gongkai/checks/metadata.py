"""Findings on one document's fields, beyond what its reading already refused or noted."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from gongkai.catalogue import attachments
from gongkai.catalogue.sources import HANDBOOK
from gongkai.checks.fields import check_words
from gongkai.records.findings import Finding
from gongkai.records.numbering import irregularities, standard_document_number
from gongkai.records.reading import Document, Reading
from gongkai.records.record import Record
from gongkai.records.values import AUDIENCES, Disclosure
from gongkai.records.vocabulary import nearest
from gongkai.site import RESERVED, Site

Complaint = tuple[str, str, str]  # field, code, message


#: Fields whose line is asked for once a reading is judged.
_ASKED_LATER = (
    "index",
    "published",
    "disclosure",
    "attachments",
    "replaces",
    "replaced_by",
    "waivers",
    "year",
)


def judged(reading: Reading, site: Site) -> Reading:
    """`reading` with the findings that its document's own fields and place give, files beside it left aside.

    Depends on the reading and the site's names alone, so that it may be kept from build to build.
    """
    document = reading.document
    if document is None:
        return reading
    complaints = chain(
        _numbers(document.record, site),
        _names(document.record, site),
        _times(document.record),
        check_words(document.record),
        _place(document, site),
    )
    found = [_finding(reading, complaint) for complaint in complaints]
    lines = {key: reading.lines[key] for key in _ASKED_LATER if key in reading.lines}
    return reading._replace(findings=tuple(sorted([*reading.findings, *found])), lines=lines)


def check_files(reading: Reading, docs_dir: Path) -> Iterator[Finding]:
    """Findings on the files that the front matter lists."""
    if reading.document and reading.document.record.attachments:
        for complaint in _files(reading.document, docs_dir):
            yield _finding(reading, complaint)


def _finding(reading: Reading, complaint: Complaint) -> Finding:
    key, code, message = complaint
    return Finding(reading.shown, reading.lines.get(key, 1), key, code, message)


def _numbers(record: Record, site: Site) -> Iterator[Complaint]:
    for code, message in irregularities(
        record.index, own_code=site.organisation.code, created=record.created
    ):
        yield "index", code, message
    written = record.document_number
    if written and standard_document_number(written) is None:
        message = f"应为“机关代字〔年份〕序号号”（如 示科字〔2025〕8号），实为“{written}”；已照原样保留"
        yield "document_number", "document-number-form", message


def _names(record: Record, site: Site) -> Iterator[Complaint]:
    columns = [column.name for column in site.columns]
    if record.category and record.category not in columns:
        yield "category", "category-unknown", _not_listed("栏目", record.category, columns)
    departments = list(site.department_by_name)
    if record.department and record.department not in departments:
        yield "department", "department-unknown", _not_listed("部门", record.department, departments)
    if record.audience not in AUDIENCES:
        message = f"“{record.audience}”不是常用的公开范围，按不面向社会处理，本文件不会公开"
        yield "audience", "audience-unknown", message
    elif record.disclosure is Disclosure.PROACTIVE and not record.is_for_everyone:
        message = f"公开方式是主动公开，公开范围却是“{record.audience}”，按不公开处理。请改正其中一项"
        yield "audience", "audience-contradictory", message


def _not_listed(kind: str, name: str, names: list[str]) -> str:
    near = nearest(name, names)
    return f"“{name}”不在本站{kind}表里" + (f"，是不是“{near}”？" if near else "；旧文件照原样保留即可")


def _times(record: Record) -> Iterator[Complaint]:
    if record.published.date() < record.created:
        message = f"发布时间 {record.published:%Y-%m-%d} 早于生成日期 {record.created}。请核对两个日期"
        yield "published", "published-early", message


def _place(document: Document, site: Site) -> Iterator[Complaint]:
    parts = document.path.split("/")
    if len(parts) == 1 or parts[0] not in site.column_by_key:
        keys = "、".join(f"{column.key}（{column.name}）" for column in site.columns)
        yield "", "path-column", f"文件应放在栏目文件夹里：{keys}，实在“{'/'.join(parts[:-1]) or 'docs'}”"
    elif parts[1:] in (["index.md"], ["README.md"]) or parts[1].removesuffix(".md") in RESERVED & {"page"}:
        yield "", "path-reserved", f"“{'/'.join(parts[1:])}”是栏目列表页自己的地址。请换一个文件名"
    if parts[-1] == "index.html.md":
        yield "", "path-reserved", "“index.html”是系统自己的文件名。请换一个文件名"
    if not document.path.endswith(".md"):
        yield "", "path-reserved", "文件名应以小写的 .md 结尾。请改名"
    if document.is_empty:
        yield "", "body-empty", "字段区之后没有正文。请补上正文，或确认正文全在附件里"


def _files(document: Document, docs_dir: Path) -> Iterator[Complaint]:
    for attachment, path in zip(document.record.attachments, attachments.listed(document), strict=True):
        name = attachment.file
        if path is None or path.startswith("../"):
            slashes = "路径请用 / 而不是 \\。" if "\\" in name else ""
            yield (
                "attachments",
                "attachment-missing",
                f"附件应是 docs 文件夹里的文件，写相对路径，实为“{name}”。{slashes}",
            )
        elif attachments.is_markdown(path) or path.startswith(f"{HANDBOOK}/"):
            yield (
                "attachments",
                "attachment-unfit",
                f"附件不能是文件的源文本或工作人员手册，实为“{name}”。请从附件里删去",
            )
        elif not (docs_dir / path).is_file():
            message = f"找不到附件“{name}”。请把文件放在与本文件相同的文件夹，或改正文件名"
            yield "attachments", "attachment-missing", message
        elif not (docs_dir / path).resolve().is_relative_to(docs_dir.resolve()):
            yield "attachments", "attachment-unfit", f"“{name}”是指向 docs 文件夹外面的链接。请换成文件本身"
        elif (docs_dir / path).is_symlink():
            yield "attachments", "attachment-unfit", f"“{name}”是指向别的文件的链接。请换成文件本身"
