"""Building by command: MkDocs writes into a folder beside the site, which takes its place when all went well."""

import fcntl
import logging
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import TextIO

from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, MkDocsException

from hooks.engine.edition import Edition
from hooks.engine.settings import open_config
from hooks.site import SettingsError

#: How the name of a site ends that has been moved aside for its successor.
_OLD = "-old"


class BuildFailedError(Exception):
    """The build stopped and changed nothing; `str()` says why, `is_content` whether documents are to blame."""

    def __init__(self, message: str, *, is_content: bool = False) -> None:
        super().__init__(message)
        self.exit_code = 1 if is_content else 2


def build_site(
    config_file: Path, *, docs_dir: Path | None = None, site_dir: Path | None = None, now: str | None = None
) -> tuple[Path, Edition]:
    """Build the site and put it in place; the folder it stands in, and what it holds.

    Raises BuildFailedError, which leaves the old site as it was.
    """
    config = _configuration(config_file, docs_dir, now)
    target = Path(site_dir or config.site_dir).resolve()
    _refuse_strange(target, config)
    try:
        with _folder_beside(target) as fresh:
            config.site_dir = str(fresh)
            mkdocs_build(config)
            edition: Edition = config.extra["edition"]
            _put_in_place(fresh, target)
    except Abort as stopped:
        raise BuildFailedError(str(stopped), is_content=True) from None
    except MkDocsException as problem:
        raise BuildFailedError(str(problem)) from None
    except OSError as problem:
        raise BuildFailedError(
            f"{problem.filename or target}: 读写失败：{problem.strerror}。原有网站未变"
        ) from None
    return target, edition


def _configuration(config_file: Path, docs_dir: Path | None, now: str | None) -> MkDocsConfig:
    try:
        config = open_config(config_file, docs_dir)
    except SettingsError as problem:
        raise BuildFailedError(str(problem)) from None
    if not any(Path(hook).name == "events.py" for hook in config.hooks):
        raise BuildFailedError(
            f"{config_file}: hooks: 应有 hooks/events.py，没有它就分不清什么可以公开。请照项目自带的 mkdocs.yml 补上"
        )
    config.plugins.on_startup(command="build", dirty=False)
    config.extra["now"] = now
    return config


def _refuse_strange(target: Path, config: MkDocsConfig) -> None:
    """A site folder that is not ours to replace."""
    docs_dir = Path(config.docs_dir).resolve()
    resolved = target.resolve()
    if resolved == docs_dir or docs_dir.is_relative_to(resolved) or resolved.is_relative_to(docs_dir):
        raise BuildFailedError(
            f"输出文件夹 {target} 与文件所在的 {docs_dir} 重叠。请用 --site-dir 另指一个文件夹"
        )
    if target.is_dir() and any(target.iterdir()) and not (target / "data" / "catalogue.json").is_file():
        raise BuildFailedError(
            f"输出文件夹 {target} 里有不是本系统生成的文件，不敢清空。请清空它或另指一个文件夹"
        )


@contextmanager
def _folder_beside(target: Path) -> Iterator[Path]:
    """An empty folder next to `target`, this build's alone.

    What an earlier build left when it was killed goes, but for an old site that it had just moved aside: that
    comes back first.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with (target.parent / f".{target.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BuildFailedError(f"另一个生成正在写 {target}。请等它结束再试") from None
        prefix = f".{target.name}.build-"
        for old in target.parent.glob(f"{prefix}*{_OLD}"):
            if not target.exists():
                old.rename(target)
        for left in target.parent.glob(f"{prefix}*"):
            shutil.rmtree(left, ignore_errors=True)
        fresh = Path(mkdtemp(prefix=prefix, dir=target.parent))
        fresh.chmod(0o755)
        try:
            yield fresh
        finally:
            shutil.rmtree(fresh, ignore_errors=True)


def _put_in_place(fresh: Path, target: Path) -> None:
    """Two renames: the instant between them is the only one without a site; the next build mends a death in it."""
    old = fresh.with_name(fresh.name + _OLD)
    if target.exists():
        target.rename(old)
    fresh.rename(target)
    shutil.rmtree(old, ignore_errors=True)


@contextmanager
def quiet_mkdocs(stream: TextIO = sys.stderr) -> Iterator[None]:
    """MkDocs' own log: warnings and worse only, as plain lines on `stream`."""
    logger = logging.getLogger("mkdocs")
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(message)s"))
    logger.addHandler(handler)
    logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        logger.removeHandler(handler)
