"""`gongkai/settings.toml` in the bare repository: where the site is put before the public, and how."""

import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gongkai.receiving.failures import SetUpError
from gongkai.receiving.repository import Repository
from gongkai.records.vocabulary import nearest

NAME = "settings.toml"


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


def file_of(repository: Repository) -> Path:
    return repository.folder / NAME


def read_settings(repository: Repository) -> Settings:
    """The settings of `repository`; raises SetUpError naming every wrong key."""
    file = file_of(repository)
    try:
        given = tomllib.loads(file.read_text("utf-8"))
        found = Settings.model_validate(given)
    except FileNotFoundError:
        raise SetUpError(
            f"{repository.path} 里没有 gongkai/{NAME}。请用 --repository 指出收推送的仓库，"
            "或先运行 gongkai receive init"
        ) from None
    except tomllib.TOMLDecodeError as problem:
        raise SetUpError(f"{file}: 写法有误：{problem}") from None
    except ValidationError as refused:
        raise SetUpError("\n".join(_told(refused, file))) from None
    if not found.site.is_absolute():
        raise SetUpError(f"{file}: site: 应为以 / 开头的路径，实为“{found.site}”")
    return found


def _told(refused: ValidationError, file: Path) -> list[str]:
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


def written(settings: Settings) -> str:
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
