"""From a file of any kind to its page."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from gongkai.imports.beside import Beside
from gongkai.imports.html_page import read_html
from gongkai.imports.markdown_page import read_markdown
from gongkai.imports.older import KINDS as OLDER
from gongkai.imports.older import as_docx
from gongkai.imports.page import Page, UnreadableFileError
from gongkai.imports.plain_page import read_text
from gongkai.imports.word_page import read_word

HTML: Final = (".html", ".htm", ".shtml", ".xhtml")
MARKDOWN: Final = (".md", ".markdown")
WORD: Final = (".docx", ".docm")
TEXT: Final = (".txt",)
KINDS: Final = (*HTML, *MARKDOWN, *TEXT, *WORD, *OLDER)
_KNOWN: Final[Mapping[str, str]] = {
    **{".pdf": "PDF", ".xlsx": "Excel 表格", ".xls": "Excel 表格", ".et": "WPS 表格", ".csv": "表格"},
    **{
        ".ppt": "演示文稿",
        ".pptx": "演示文稿",
        ".ofd": "OFD 版式文件",
        ".ceb": "CEB 版式文件",
        ".rar": "RAR 压缩包",
    },
    **{".7z": "7z 压缩包", ".jpg": "图片", ".jpeg": "图片", ".png": "图片", ".gif": "图片"},
}


def read_page(data: bytes, ending: str, beside: Beside) -> Page:
    """Raise UnreadableFileError, whose words tell why and what to do."""
    if not data:
        raise UnreadableFileError("文件是空的，没有可以导入的内容")
    if ending in OLDER:
        return _older(data, ending, beside)
    if ending in WORD:
        return read_word(data)
    readers: Mapping[tuple[str, ...], Callable[[], Page]] = {
        HTML: lambda: read_html(data, beside),
        MARKDOWN: lambda: read_markdown(data, beside),
        TEXT: lambda: read_text(data),
    }
    reader = next((read for endings, read in readers.items() if ending in endings), None)
    if reader is None:
        raise UnreadableFileError(not_importable(ending))
    return reader()


def _older(data: bytes, ending: str, beside: Beside) -> Page:
    """Many a .doc is a docx or a page of the web under a wrong name."""
    if data.startswith(b"PK") and ending != ".odt":
        return read_word(data)
    if b"<html" in data[:4096].lower() and ending != ".rtf":
        return read_html(data, beside)
    page = read_word(as_docx(data, ending))
    told = f"{ending} 由 LibreOffice 转换成 docx，以转换后的文字核对，请再看一遍"
    return replace(page, notes=(told, *page.notes))


def not_importable(ending: str) -> str:
    """Why a file of this kind is not imported as text, and what to do with it."""
    kind = _KNOWN.get(ending, f"{ending or '没有扩展名的'}文件")
    if "压缩包" in kind:
        return f"{kind}不能直接导入。请解开，导入解开后的文件夹，或者压缩成 zip"
    return f"{kind}不能作为正文导入。请把它作为附件：放进栏目文件夹，在文件的字段区写“附件: 文件名”"
