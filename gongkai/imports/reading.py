"""From a file of any kind to its page; old and foreign formats by way of LibreOffice where it is installed."""

import os
import shutil
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Final

from gongkai.imports.assets import Beside
from gongkai.imports.html_page import read_html
from gongkai.imports.page import Page, UnreadableFileError
from gongkai.imports.text_page import read_markdown, read_text
from gongkai.imports.word_page import read_word

HTML: Final = (".html", ".htm", ".shtml", ".xhtml")
MARKDOWN: Final = (".md", ".markdown")
_WORD: Final = (".docx", ".docm")
_TEXT: Final = (".txt",)
_OLDER: Final = (".doc", ".wps", ".rtf", ".odt")
KINDS: Final = (*HTML, *MARKDOWN, *_TEXT, *_WORD, *_OLDER)
_KNOWN: Final = {
    **{".pdf": "PDF", ".xlsx": "Excel 表格", ".xls": "Excel 表格", ".et": "WPS 表格", ".csv": "表格"},
    **{".ppt": "演示文稿", ".pptx": "演示文稿", ".ofd": "OFD 版式文件", ".ceb": "CEB 版式文件"},
    **{".jpg": "图片", ".jpeg": "图片", ".png": "图片", ".gif": "图片"},
}
"""Kinds that are not imported as text."""
_ARCHIVES: Final = {".rar": "RAR 压缩包", ".7z": "7z 压缩包"}
_SECONDS: Final = 120
_REMEDY: Final = "请在 Word 或 WPS 里打开，“另存为”.docx 再导入"


def read_page(data: bytes, ending: str, beside: Beside) -> Page:
    """Raise UnreadableFileError, whose words tell why and what to do."""
    if not data:
        raise UnreadableFileError("文件是空的，没有可以导入的内容")
    if ending in _OLDER:
        return _older(data, ending, beside)
    if ending in _WORD:
        return read_word(data)
    if ending in HTML:
        return read_html(data, beside)
    if ending in MARKDOWN:
        return read_markdown(data, beside)
    if ending in _TEXT:
        return read_text(data)
    raise UnreadableFileError(_not_importable(ending))


def _not_importable(ending: str) -> str:
    """Why a file of this kind is not imported as text, and what to do with it."""
    if ending in _ARCHIVES:
        return f"{_ARCHIVES[ending]}不能直接导入。请解开，导入解开后的文件夹，或者压缩成 zip"
    kind = _KNOWN.get(ending, f"{ending or '没有扩展名的'}文件")
    return f"{kind}不能作为正文导入。请把它作为附件：放进栏目文件夹，在文件的字段区写“附件: 文件名”"


def _older(data: bytes, ending: str, beside: Beside) -> Page:
    """Many a .doc is a docx or a page of the web under a wrong name."""
    if data.startswith(b"PK") and ending != ".odt":
        return read_word(data)
    if b"<html" in data[:4096].lower() and ending != ".rtf":
        return read_html(data, beside)
    page = read_word(_as_docx(data, ending))
    note = f"{ending} 由 LibreOffice 转换成 docx，以转换后的文字核对，请再看一遍"
    return replace(page, notes=(note, *page.notes))


def _as_docx(data: bytes, ending: str) -> bytes:
    """The document as a docx; raises UnreadableFileError where LibreOffice is not there or cannot read it."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        raise UnreadableFileError(f"{ending} 是旧格式，这台机器没有安装 LibreOffice，转换不了。{_REMEDY}")
    with tempfile.TemporaryDirectory(prefix="gongkai-") as folder:
        source, made = Path(folder, f"source{ending}"), Path(folder, "out", "source.docx")
        source.write_bytes(data)
        _convert(office, source, made.parent)
        if not made.is_file():
            raise UnreadableFileError(f"LibreOffice 读不了这个文件。{_REMEDY}")
        return made.read_bytes()


def _convert(office: str, source: Path, target: Path) -> None:
    """With a profile of its own: one in use by another refuses to work, and macros of a clerk's are none of ours.

    A conversion that hangs is ended with all that it started.
    """
    home = source.parent
    profile = f"-env:UserInstallation={(home / 'profile').as_uri()}"
    to_docx = ("--convert-to", "docx:MS Word 2007 XML", "--outdir", str(target), str(source))
    try:
        with subprocess.Popen(
            [office, profile, "--headless", "--norestore", *to_docx],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "HOME": str(home)},
            start_new_session=True,
        ) as process:
            _wait(process)
    except OSError as problem:
        raise UnreadableFileError(f"LibreOffice 启动不了：{problem.strerror}。{_REMEDY}") from None


def _wait(process: "subprocess.Popen[bytes]") -> None:
    try:
        process.wait(_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)
        process.wait()
        raise UnreadableFileError(f"LibreOffice 转换了 {_SECONDS} 秒还没有完成，已停止。{_REMEDY}") from None
