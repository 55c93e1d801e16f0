"""Old and foreign formats, turned into docx by LibreOffice where it is installed."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from gongkai.imports.page import UnreadableFileError

KINDS: Final = (".doc", ".wps", ".rtf", ".odt")
SECONDS: Final = 120
_REMEDY: Final = "请在 Word 或 WPS 里打开，“另存为”.docx 再导入"


def as_docx(data: bytes, ending: str) -> bytes:
    """The document as a docx; raises UnreadableFileError where LibreOffice is not there or cannot read it."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        raise UnreadableFileError(f"{ending} 是旧格式，这台机器没有安装 LibreOffice，转换不了。{_REMEDY}")
    with tempfile.TemporaryDirectory(prefix="gongkai-") as folder:
        return _converted(office, Path(folder), data, ending)


def _converted(office: str, folder: Path, data: bytes, ending: str) -> bytes:
    """With a profile of its own: one that is in use by another refuses to work, and macros of a clerk's are none of ours."""
    source = folder / f"source{ending}"
    source.write_bytes(data)
    words = [
        *(office, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore"),
        *("--convert-to", "docx:MS Word 2007 XML", "--outdir", str(folder / "out"), str(source)),
    ]
    environment = {**os.environ, "HOME": str(folder)}
    try:
        with subprocess.Popen(
            words,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment,
            start_new_session=True,
        ) as process:
            _wait(process)
    except OSError as problem:
        raise UnreadableFileError(f"LibreOffice 启动不了：{problem.strerror}。{_REMEDY}") from None
    made = folder / "out" / "source.docx"
    if not made.is_file():
        raise UnreadableFileError(f"LibreOffice 读不了这个文件。{_REMEDY}")
    return made.read_bytes()


def _wait(process: "subprocess.Popen[bytes]") -> None:
    """Until it is done; one that hangs is ended with all that it started."""
    try:
        process.wait(SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)
        process.wait()
        raise UnreadableFileError(f"LibreOffice 转换了 {SECONDS} 秒还没有完成，已停止。{_REMEDY}") from None
