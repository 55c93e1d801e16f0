"""Making a bare repository that publishes what is pushed to it, and the files that a server needs beside it."""

import shlex
from collections.abc import Generator, Iterator
from pathlib import Path

from gongkai.memory.files import write_atomically
from gongkai.receiving.failures import SetUpError
from gongkai.receiving.repository import Repository, git, replace_if_changed
from gongkai.receiving.settings import Settings, file_of, read_settings, written

_HOOKS = {"pre-receive": "accept", "post-receive": "publish"}
_SERVING = Path(__file__).with_name("serving")
_GIT = (
    ("receive.fsckObjects", "true"),
    ("receive.denyDeleteCurrent", "refuse"),
    ("core.logAllRefUpdates", "true"),
    ("gc.auto", "1000"),
)


def set_up(path: Path, program: Path, given: Settings | None) -> Iterator[str]:
    """Make or mend the bare repository at `path`, whose hooks call `program`; what was done, a line each.

    Settings that are there already stay; raises SetUpError where there are none and none are given.
    """
    repository = Repository(path.resolve())
    if not (repository.path / "HEAD").is_file():
        yield _made(repository, given)
    if git(repository.path, "rev-parse", "--is-bare-repository").strip() != "true":
        raise SetUpError(f"{repository.path} 是有工作文件的仓库，不能收推送。请另指一个文件夹")
    repository.folder.mkdir(exist_ok=True)
    repository.folder.chmod(0o700)  # it holds documents that are not public, and the addresses of previews
    settings = yield from _settle(repository, given)
    git(repository.path, "symbolic-ref", "HEAD", f"refs/heads/{settings.branch}")
    for key, value in _GIT:
        git(repository.path, "config", key, value)
    for hook, command in _HOOKS.items():
        script = f"#!/bin/sh\n# 由 gongkai receive init 写成；程序换了位置就再运行一次。\nexport NO_MKDOCS_2_WARNING=1\nexec {shlex.quote(str(program))} receive {command}\n"
        if replace_if_changed(repository.path / "hooks" / hook, script.encode(), mode=0o755):
            yield f"已写好钩子：{repository.path / 'hooks' / hook}"
    (settings.site / "releases").mkdir(parents=True, exist_ok=True)
    (settings.site / "previews").mkdir(exist_ok=True)
    yield f"推送地址：{repository.path}（分支 {settings.branch}）；网站文件夹：{settings.site}"


def _made(repository: Repository, given: Settings | None) -> str:
    if given is None:
        raise SetUpError("--site: 第一次建立要写明网站文件夹，如 --site /srv/www")
    if repository.path.exists() and any(repository.path.iterdir()):
        raise SetUpError(f"{repository.path} 里已有别的文件，也不是 git 仓库。请另指一个文件夹")
    repository.path.mkdir(parents=True, exist_ok=True)
    git(repository.path, "init", "--quiet", "--bare", f"--initial-branch={given.branch}", ".")
    return f"已建立仓库：{repository.path}"


def _settle(repository: Repository, given: Settings | None) -> Generator[str, None, Settings]:
    """The settings that hold from now on; those that were there before come first."""
    file = file_of(repository)
    if not file.is_file():
        if given is None:
            raise SetUpError("--site: 第一次建立要写明网站文件夹，如 --site /srv/www")
        write_atomically(file, written(given).encode(), mode=0o644)
        yield f"已写好设置：{file}"
        return given
    found = read_settings(repository)
    if given is not None and given.site != found.site:
        raise SetUpError(f"{file}: site: 已设为 {found.site}，没有改动。要换，请改这个文件")
    return found


def nginx(settings: Settings, *, server_name: str, listen: str) -> str:
    """Nginx' configuration of the site."""
    text = (_SERVING / "nginx.conf").read_text("utf-8")
    return _filled(text, site=str(settings.site), server_name=server_name, listen=listen)


def systemd(repository: Repository, settings: Settings, program: Path, *, user: str) -> str:
    """The units that let a document's time come, one file after another, each under its name."""
    files = (
        sorted(_SERVING.glob("*.service"))
        + sorted(_SERVING.glob("*.timer"))
        + sorted(_SERVING.glob("*.path"))
    )
    texts = (f"# /etc/systemd/system/{file.name}\n{file.read_text('utf-8')}" for file in files)
    return _filled(
        "\n".join(texts),
        repository=str(repository.path),
        program=str(program),
        user=user,
        site=str(settings.site),
    )


def _filled(text: str, **values: str) -> str:
    for key, value in values.items():
        text = text.replace(f"@{key}@", value)
    return text
