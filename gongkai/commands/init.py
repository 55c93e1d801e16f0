"""`gongkai init`: a bureau's own repository, from questions or options."""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from gongkai.commands.asking import is_attended
from gongkai.commands.options import now_option, stop

if TYPE_CHECKING:
    from gongkai.init.repository import Bureau
    from gongkai.init.software import Software
    from gongkai.site import Column

_NONE_YET = "0000000000"
_OFFICE = ("office", "办公室")
_REQUIRED = {"name": "--name", "code": "--code", "domain": "--domain"}


@click.command(options_metavar="[选项]", short_help="给本单位建一个新的网站文件夹。")
@click.argument("folder", metavar="文件夹", type=click.Path(file_okay=False, path_type=Path))
@click.option("--name", metavar="名称", help="单位全称。")
@click.option("--code", metavar="代码", help="组织机构代码（9 位）或统一社会信用代码（18 位）。")
@click.option("--domain", metavar="域名", help="网站的域名，如 www.example.cn。")
@click.option("--id-code", metavar="标识码", help="政府网站标识码，10 位数字，还没有就不写。")
@click.option(
    "--department",
    "departments",
    metavar="部门",
    multiple=True,
    help="部门名称，可写多次；可写成“网址里的名称=部门名称”，如 office=办公室。",
)
@click.option("--column", "columns", metavar="栏目", multiple=True, help="保留哪个栏目，可写多次，默认全部。")
@click.option(
    "--wheel",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="放进去的软件文件（.whl），默认是安装本软件时用的那个。",
)
@click.option("--git/--no-git", default=True, help="是否建立 git 仓库并提交，默认是。")
@click.option("--yes", is_flag=True, help="不问，没有写的用默认的。")
@now_option
def init(  # noqa: PLR0913 - an argument for each option
    *,
    folder: Path,
    name: str | None,
    code: str | None,
    domain: str | None,
    id_code: str | None,
    departments: tuple[str, ...],
    columns: tuple[str, ...],
    wheel: Path | None,
    git: bool,
    yes: bool,
    now: str | None,
) -> None:
    """给本单位建一个新的网站文件夹：设置、栏目、命令，和所用的软件。

    没有写的选项会问。文件夹应是空的，或者还没有；再运行一次没有变化。建好以后软件单独升级，不动这里的文件。
    """
    given = {"name": name, "code": code, "domain": domain, "id_code": id_code}
    if is_attended() and not yes:
        _refuse_used(folder)
        bureau = _asked(given, departments, columns)
    else:
        bureau = _told(given, departments, columns)
    software = _software(wheel)
    if _laid(folder, bureau, software, now) and git:
        click.echo(_committed(folder))
    _next_steps(folder, bureau, software)


def _told(given: Mapping[str, str | None], departments: Sequence[str], columns: Sequence[str]) -> "Bureau":
    """The bureau of the options; ends the command naming every one that is missing."""
    from gongkai.init.repository import Bureau

    missing = [option for key, option in _REQUIRED.items() if not (given[key] or "").strip()]
    if missing:
        stop(f"缺少 {'、'.join(missing)}", 2)
    return Bureau(
        name=(given["name"] or "").strip(),
        code=(given["code"] or "").strip().upper(),
        domain=_host(given["domain"] or ""),
        id_code=(given["id_code"] or "").strip() or _NONE_YET,
        departments=_pairs(departments),
        columns=_kept(columns),
    )


def _asked(given: Mapping[str, str | None], departments: Sequence[str], columns: Sequence[str]) -> "Bureau":
    """The bureau of the options and, for what they leave open, of the answers."""
    from gongkai.init.repository import offered_columns
    from gongkai.records.numbering import is_organisation_code

    answers = dict(given)
    answers["name"] = given["name"] or click.prompt("单位全称")
    answers["code"] = given["code"] or _until(
        "组织机构代码或统一社会信用代码",
        is_organisation_code,
        "应为组织机构代码（9 位）或统一社会信用代码（18 位），校验位不符，请核对",
    )
    answers["domain"] = given["domain"] or click.prompt("网站的域名（如 www.example.cn）")
    answers["id_code"] = given["id_code"] or click.prompt(
        "政府网站标识码（10 位数字，还没有就直接回车）", default=_NONE_YET, show_default=False
    )
    if not departments:
        departments = _words(click.prompt("部门，用顿号分开", default=_OFFICE[1]))
    if not columns:
        click.echo("栏目有：" + "、".join(f"{one.key}（{one.name}）" for one in offered_columns()))
        columns = _words(click.prompt("保留哪些，用顿号分开（全部就直接回车）", default="", show_default=False))
    return _told(answers, departments, columns)


def _refuse_used(folder: Path) -> None:
    """End the command before anything is asked in vain: the folder is in use."""
    used = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    if used:
        _refuse(folder, "、".join(used[:3]) + ("等" if len(used) > 3 else ""))


def _refuse(folder: Path, found: str) -> NoReturn:
    stop(f"{folder} 里已有别的文件（{found}），没有改动。请另指一个空文件夹；已经建好的网站，升级软件见手册", 2)


def _until(what: str, is_right: Callable[[str], bool], refusal: str) -> str:
    """The answer, asked again until it is right."""

    def read(answer: str) -> str:
        if not is_right(answer.strip().upper()):
            raise click.UsageError(refusal)
        return answer.strip().upper()

    answer: str = click.prompt(what, value_proc=read)
    return answer


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[、,，;；\s]+", text) if word]


def _host(domain: str) -> str:
    """The host of what was given as a domain: a whole address will do."""
    return re.sub(r"^https?://", "", domain.strip()).rstrip("/").lower()


def _pairs(departments: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Key and name of each department; `key=name` has both, the office has its own, others are numbered."""
    found = []
    for place, word in enumerate(departments or [_OFFICE[1]], start=1):
        key, equals, name = word.strip().partition("=")
        own = _OFFICE[0] if word.strip() == _OFFICE[1] else f"department-{place}"
        found.append((key.strip(), name.strip()) if equals else (own, key.strip()))
    return tuple(found)


def _kept(columns: Sequence[str]) -> tuple[str, ...]:
    """The keys of the columns meant by key or name, in the sample's order; all where none is named."""
    from gongkai.init.repository import offered_columns

    offered = offered_columns()
    strange = [word for word in columns if not any(word in (one.key, one.name) for one in offered)]
    if strange:
        choices = "、".join(f"{one.key}（{one.name}）" for one in offered)
        stop(f"没有“{'、'.join(strange)}”这个栏目。可用：{choices}；别的栏目建好以后在 mkdocs.yml 里加", 2)
    return tuple(one.key for one in offered if not columns or _is_meant(one, columns))


def _is_meant(column: "Column", words: Sequence[str]) -> bool:
    return column.key in words or column.name in words


def _software(wheel_file: Path | None) -> "Software":
    from gongkai.init.software import installed_software, wheel

    if wheel_file is None:
        return installed_software()
    if not re.fullmatch(r"gongkai-[^-]+-py3-none-any\.whl", wheel_file.name):
        stop(f"--wheel：应为 gongkai-版本-py3-none-any.whl，实为“{wheel_file.name}”", 2)
    return wheel(wheel_file)


def _laid(folder: Path, bureau: "Bureau", software: "Software", now: str | None) -> bool:
    """Whether anything was written; ends the command where the facts or the folder cannot be used."""
    from gongkai.engine.edition import read_now
    from gongkai.init.repository import OccupiedError, laid_files, lay, site_of

    try:
        moment = read_now(now, site_of(bureau))
        written = lay(folder, laid_files(bureau, software, moment))
    except OccupiedError as found:
        _refuse(folder, str(found))
    except ValueError as problem:
        stop(str(problem), 2)
    except OSError as problem:
        stop(f"{folder}：写不进去：{problem.strerror}。请检查权限和磁盘", 2)
    click.echo(f"已建好：{folder}（{written} 个文件）" if written else f"已经建好，没有变化：{folder}")
    return bool(written)


def _committed(folder: Path) -> str:
    """What became of the first commit, for whoever reads it."""
    from gongkai.catalogue.git import GitError, GitMissingError, run_git

    try:
        if not (folder / ".git").exists():
            run_git(folder, "init", "--quiet", "--initial-branch=main")
        run_git(folder, "add", "--all")
        run_git(folder, "commit", "--quiet", "--message", "建立网站")
    except GitMissingError:
        return "没有找到 git，没有提交。装好 git 以后，在文件夹里运行 git init"
    except GitError as problem:
        return f"已建立 git 仓库，没有提交：{str(problem).splitlines()[-1]}。设好 git 的姓名和邮箱以后再提交"
    return "已用 git 提交（分支 main）"


def _next_steps(folder: Path, bureau: "Bureau", software: "Software") -> None:
    if not software.data:
        click.echo(f"没有找到安装时用的 .whl 文件：请把它放进 {folder / 'software'}，照 requirements.txt 末行写上")
    if bureau.id_code == _NONE_YET:
        click.echo("网站标识码、备案号、联系方式还空着，请在 mkdocs.yml 里补上。")
    click.echo(f"往下：到 {folder} 里运行 scripts/serve 预览，运行 scripts/gongkai new 新建第一份文件。")
