"""A server that receives pushes: its settings, its folders, and setting it up.

`gongkai/settings.toml` in the bare repository says where the site is put before the public, and how. `set_up` writes it
once, and the two hooks by which git calls `gongkai receive`; the configuration of nginx and systemd is only printed, for
an administrator to put in its place.
"""

import shlex
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gongkai.engine.publishing import StageProgress
from gongkai.memory.files import write_atomically
from gongkai.receiving.checkout import Checkout
from gongkai.receiving.releases import Releases
from gongkai.receiving.repository import Echo, Repository, SetUpError, git, publishing_lock, replace_if_changed
from gongkai.records.vocabulary import nearest

_SETTINGS = "settings.toml"
_HOOKS = {"pre-receive": "accept", "post-receive": "publish"}
_NO_SITE = "--site: 第一次建立要写明网站文件夹，如 --site /srv/www"
_HOOK = """\
#!/bin/sh
# 由 gongkai receive init 写成；程序换了位置就再运行一次。
export NO_MKDOCS_2_WARNING=1
exec {program} receive {command}
"""
_GIT_SETTINGS = (
    ("receive.fsckObjects", "true"),
    ("receive.denyDeleteCurrent", "refuse"),
    ("core.logAllRefUpdates", "true"),
    ("gc.auto", "1000"),
)
#: The configuration files, with `@site@` and the like where a value goes.
_SERVING = Path(__file__).with_name("serving")


class Settings(BaseModel):
    """`site` holds `current`, `releases/` and `previews/`; an empty `base_url` is mkdocs.yml's own `site_url`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    site: Path
    base_url: Annotated[str, Field(pattern=r"^(https?://\S+)?$")] = ""
    branch: Annotated[str, Field(pattern=r"^[^\s~^:?*\[\\-][^\s~^:?*\[\\]*$")] = "main"
    keep: Annotated[int, Field(ge=1)] = 10
    wait: Annotated[int, Field(ge=1)] = 600
    jobs: Annotated[int, Field(ge=0)] = 0


_WRONG = {
    "string_pattern_mismatch": "写法不对",
    "greater_than_equal": "数字太小",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "string_type": "应为文字，加英文引号",
    "missing": "缺少这一项，请补上",
}


def _settings_file(repository: Repository) -> Path:
    return repository.folder / _SETTINGS


def read_settings(repository: Repository) -> Settings:
    """The settings of `repository`; raises SetUpError naming every wrong key."""
    file = _settings_file(repository)
    try:
        given = tomllib.loads(file.read_text("utf-8"))
        found = Settings.model_validate(given)
    except FileNotFoundError:
        raise SetUpError(
            f"{repository.path} 里没有 gongkai/{_SETTINGS}。请用 --repository 指出收推送的仓库，"
            "或先运行 gongkai receive init"
        ) from None
    except tomllib.TOMLDecodeError as problem:
        raise SetUpError(f"{file}: 写法有误：{problem}") from None
    except ValidationError as refused:
        raise SetUpError("\n".join(_problems(refused, file))) from None
    if not found.site.is_absolute():
        raise SetUpError(f"{file}: site: 应为以 / 开头的路径，实为“{found.site}”")
    return found


def _problems(refused: ValidationError, file: Path) -> list[str]:
    lines: list[str] = []
    for problem in refused.errors(include_url=False):
        key = str(problem["loc"][0])
        if problem["type"] == "extra_forbidden":
            near = nearest(key, list(Settings.model_fields))
            why = f"没有“{key}”这一项。" + (f"是不是“{near}”？" if near else "请删去")
        else:
            why = f"{_WRONG.get(problem['type'], '写法不对')}，实为“{problem['input']}”"
        lines.append(f"{file}: {key}: {why}")
    return lines


def settings_text(settings: Settings) -> str:
    """The file's text, each key with what it means."""
    return f"""\
# 收推送的设置，由 gongkai receive init 写成，可以手工改，下一次推送起生效。

# 网站文件夹：网页服务器只送出其中的 current 和 previews。
site = {_quoted(str(settings.site))}
# 网站的网址；空着就用推送来的 mkdocs.yml 里的 site_url。
base_url = {_quoted(settings.base_url)}
# 推送到这个分支就发布，其他分支只生成预览。
branch = {_quoted(settings.branch)}
# 留几个版本，可以退回。
keep = {settings.keep}
# 别人正在发布时，最多等几秒。
wait = {settings.wait}
# 同时工作的进程数；0 是有几个处理器就用几个。
jobs = {settings.jobs}
"""


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


@dataclass(frozen=True, slots=True)
class Server:
    """A repository, its site, the present moment, and where to print what happens; `clock` says what time it is."""

    repository: Repository
    settings: Settings
    clock: Callable[[], datetime]
    now: datetime
    echo: Echo
    progress: StageProgress

    @property
    def checkout(self) -> Checkout:
        """That of the published branch."""
        return Checkout(self.repository, self.repository.folder / "main")

    @property
    def releases(self) -> Releases:
        return Releases(self.settings.site)

    @property
    def build_folder(self) -> Path:
        """Where the published branch is built; the public does not see it."""
        return self.settings.site / ".build"

    @property
    def built_site(self) -> Path:
        return self.build_folder / "site"

    @property
    def ready_file(self) -> Path:
        """What is known of the built site; no such file while it is being built."""
        return self.build_folder / "ready.json"

    @property
    def pin_file(self) -> Path:
        """Names the release that stays public until somebody says otherwise."""
        return self.repository.folder / "pinned"

    @property
    def pinned(self) -> str:
        """The name of the release that is pinned, "" for none."""
        try:
            return self.pin_file.read_text("utf-8").strip()
        except OSError:
            return ""

    @contextmanager
    def locked(self, *, wait: float | None = None) -> "Iterator[Server]":
        """The server with the lock, as of when it came: others may have published for later moments meanwhile.

        Raises BusyError after `wait` seconds, by default those of the settings.
        """
        patience = self.settings.wait if wait is None else wait
        with publishing_lock(self.repository, wait=patience, echo=self.echo):
            yield replace(self, now=self.clock())


def server_at(path: Path, clock: Callable[[], datetime], echo: Echo, progress: StageProgress) -> Server:
    """The server whose bare repository is at `path`; raises SetUpError where it is none of ours."""
    repository = Repository(path.resolve())
    return Server(repository, read_settings(repository), clock, clock(), echo, progress)


def set_up(path: Path, program: Path, given: Settings | None, *, echo: Echo) -> None:
    """Make or mend the bare repository at `path`, whose hooks call `program`; `echo` prints what was done.

    Settings that are there already stay; raises SetUpError where there are none and none are given.
    """
    repository = Repository(path.resolve())
    if not (repository.path / "HEAD").is_file():
        _make_repository(repository, given)
        echo(f"已建立仓库：{repository.path}")
    if git(repository.path, "rev-parse", "--is-bare-repository").strip() != "true":
        raise SetUpError(f"{repository.path} 是有工作文件的仓库，不能收推送。请另指一个文件夹")
    repository.folder.mkdir(exist_ok=True)
    repository.folder.chmod(0o700)  # it holds documents that are not public, and the addresses of previews
    settings = _keep_or_write_settings(repository, given, echo)
    git(repository.path, "symbolic-ref", "HEAD", f"refs/heads/{settings.branch}")
    for key, value in _GIT_SETTINGS:
        git(repository.path, "config", key, value)
    for hook, command in _HOOKS.items():
        script = _HOOK.format(program=shlex.quote(str(program)), command=command)
        if replace_if_changed(repository.path / "hooks" / hook, script.encode(), mode=0o755):
            echo(f"已写好钩子：{repository.path / 'hooks' / hook}")
    (settings.site / "releases").mkdir(parents=True, exist_ok=True)
    (settings.site / "previews").mkdir(exist_ok=True)
    echo(f"推送地址：{repository.path}（分支 {settings.branch}）；网站文件夹：{settings.site}")


def _make_repository(repository: Repository, given: Settings | None) -> None:
    if given is None:
        raise SetUpError(_NO_SITE)
    if repository.path.exists() and any(repository.path.iterdir()):
        raise SetUpError(f"{repository.path} 里已有别的文件，也不是 git 仓库。请另指一个文件夹")
    repository.path.mkdir(parents=True, exist_ok=True)
    git(repository.path, "init", "--quiet", "--bare", f"--initial-branch={given.branch}", ".")


def _keep_or_write_settings(repository: Repository, given: Settings | None, echo: Echo) -> Settings:
    """The settings that hold from now on; those that were there before come first."""
    file = _settings_file(repository)
    if not file.is_file():
        if given is None:
            raise SetUpError(_NO_SITE)
        write_atomically(file, settings_text(given).encode(), mode=0o644)
        echo(f"已写好设置：{file}")
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
    files = [file for kind in ("service", "timer", "path") for file in sorted(_SERVING.glob(f"*.{kind}"))]
    texts = (f"# /etc/systemd/system/{file.name}\n{file.read_text('utf-8')}" for file in files)
    return _filled(
        "\n".join(texts), repository=str(repository.path), program=str(program), user=user, site=str(settings.site)
    )


def _filled(text: str, **values: str) -> str:
    for key, value in values.items():
        text = text.replace(f"@{key}@", value)
    return text
