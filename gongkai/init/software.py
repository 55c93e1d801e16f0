"""The software as a bureau's repository keeps it: the wheel file that it was installed from, named with its hash.

A name alone is never installed: on a public index it is free for a stranger to take.
"""

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import unquote, urlsplit

FOLDER = "software"
#: 1980-01-01, the earliest time that a zip file can tell.
_EPOCH = "315532800"


@dataclass(frozen=True, slots=True)
class Software:
    """A version of the software; `file` and `data` are the wheel's, empty where there is none at hand."""

    version: str
    file: str = ""
    data: bytes = b""

    @property
    def requirement(self) -> str:
        """Its line of requirements.txt; a comment that says what to write where there is no wheel."""
        if not self.data:
            return f"# ./{FOLDER}/gongkai-{self.version}-py3-none-any.whl --hash=sha256:（sha256sum 印出的一串）"
        return f"./{FOLDER}/{self.file} --hash=sha256:{hashlib.sha256(self.data).hexdigest()}"


def installed_software() -> Software:
    """The software that runs: with the wheel that it was installed from, or one made of the checkout that it is in.

    Where it came from is told by `direct_url.json` (PEP 610); a file that is not the same any more is left alone.
    """
    here = distribution("gongkai")
    told = json.loads(here.read_text("direct_url.json") or "{}")
    source = Path(unquote(urlsplit(told.get("url", "")).path))
    if source.suffix == ".whl" and source.is_file():
        found = wheel(source)
        kept = told.get("archive_info", {}).get("hashes", {}).get("sha256")
        return found if kept in (None, hashlib.sha256(found.data).hexdigest()) else Software(here.version)
    if "dir_info" in told and (source / "setup.py").is_file():
        return _made(source) or Software(here.version)
    return Software(here.version)


def wheel(file: Path) -> Software:
    """The software in a wheel file, whose name tells its version: `gongkai-<version>-py3-none-any.whl`."""
    return Software(file.name.split("-")[1], file.name, file.read_bytes())


def _made(checkout: Path) -> Software | None:
    """The wheel of a checkout, the same bytes each time; None where it cannot be made."""
    command = (sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation")
    with TemporaryDirectory(prefix="gongkai-wheel-") as folder:
        done = subprocess.run(
            (*command, "--wheel-dir", folder, str(checkout)),
            env={**os.environ, "SOURCE_DATE_EPOCH": _EPOCH},
            capture_output=True,
            check=False,
        )
        made = sorted(Path(folder).glob("gongkai-*.whl"))
        return wheel(made[0]) if made and not done.returncode else None
