"""A bureau's own repository as `gongkai init` lays it: settings, a folder for each column, entries that run the software.

The software is a dependency of it, to be upgraded, and no part of it. What stands in the installation too (settings, synonyms, shell entries, the editor's schemas) is taken from there, so
that both say the same; what only a bureau has lies in `laid/`, with `@name@` where a fact of the bureau's belongs.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import yaml

from gongkai import INSTALLATION
from gongkai.engine.settings import CONFIG_FILE
from gongkai.init.software import FOLDER, Software
from gongkai.memory.files import write_atomically
from gongkai.records.editing import front_matter_text, quoted
from gongkai.records.numbering import next_number
from gongkai.site import Column, Site, read_site

_LAID = Path(__file__).with_name("laid")
_HOOK = '''"""MkDocs 的钩子：全部用系统自带的，随系统升级。"""

from gongkai.hooks.events import *  # noqa: F403 - MkDocs 要在这里看到它们
'''
#: Where each file of `laid/` goes.
_PLACES = {
    ".gitignore": "gitignore",
    ".gitlab-ci.yml": "gitlab-ci.yml",
    ".github/workflows/publish.yml": "github-publish.yml",
    "README.md": "readme.md",
    "overrides/README.md": "overrides.md",
}
_ENTRIES = ("environment.sh", "gongkai", "serve", "build")
_EDITOR = ("settings.json", "extensions.json", "defaults.schema.json", "front-matter.schema.json")
#: The column whose first document, the statutory guide (条例第十二条), is laid as a draft to be filled in.
_GUIDE = "guide"
_SIMPLE = re.compile(r"[\w（）·、./-]+")


@dataclass(frozen=True, slots=True)
class Bureau:
    """The facts that a repository is laid from; departments are pairs of key and name, columns keys of the sample's."""

    name: str
    code: str
    domain: str
    id_code: str
    departments: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]


class OccupiedError(Exception):
    """The folder holds what `init` did not lay; the argument lists some of it."""


def offered_columns() -> tuple[Column, ...]:
    """The columns to choose from: those of the software's own settings."""
    text = (INSTALLATION / CONFIG_FILE).read_text("utf-8")
    disclosure = text[text.index("\nextra:\n") :]
    return read_site(yaml.safe_load(disclosure)["extra"]["disclosure"]).columns


def site_of(bureau: Bureau) -> Site:
    """The site that the laid settings describe; raises SettingsError naming every fact that cannot be used."""
    return read_site(yaml.safe_load(_extra(bureau))["extra"]["disclosure"])


def laid_files(bureau: Bureau, software: Software, now: datetime) -> Mapping[str, bytes]:
    """Every file of the repository by its path, mkdocs.yml last: a folder that has it is whole."""
    texts = {
        **{place: _filled(name, bureau, software) for place, name in _PLACES.items()},
        "hooks/events.py": _HOOK,
        "requirements.txt": _filled("requirements.txt", bureau, software, wheel=software.requirement),
        **dict(_documents(bureau, now)),
        CONFIG_FILE: _settings(bureau),
    }
    copied = {
        "synonyms.yml": INSTALLATION / "synonyms.yml",
        f"{FOLDER}/requirements.lock": INSTALLATION / "requirements.lock",
        **{f"scripts/{name}": INSTALLATION / "scripts" / name for name in _ENTRIES},
        **{f".vscode/{name}": INSTALLATION / ".vscode" / name for name in _EDITOR},
    }
    wheel = {f"{FOLDER}/{software.file}": software.data} if software.data else {}
    return {
        **wheel,
        **{place: source.read_bytes() for place, source in copied.items()},
        **{place: text.encode() for place, text in texts.items()},
    }


def lay(folder: Path, files: Mapping[str, bytes]) -> int:
    """Write `files` below `folder`; how many were not there yet. Raises OccupiedError before anything is written.

    A folder that an earlier run left half laid is finished; one that has the same settings stays as it is, whatever
    has been published in it since.
    """
    settings = folder / CONFIG_FILE
    if settings.is_file() and settings.read_bytes() == files[CONFIG_FILE]:
        return 0
    strange = strange_files(folder, files)
    if strange:
        raise OccupiedError("、".join(strange[:3]) + ("等" if len(strange) > 3 else ""))
    missing = [path for path in files if not (folder / path).is_file()]
    for path in missing:
        is_program = files[path].startswith(b"#!")
        write_atomically(folder / path, files[path], mode=0o755 if is_program else None)
    return len(missing)


def strange_files(folder: Path, files: Mapping[str, bytes]) -> Sequence[str]:
    """The files in `folder` that are not as `files` has them, by path; git's own do not count."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file() or path.is_symlink())
    names = (path.relative_to(folder).as_posix() for path in found)
    return [
        name
        for name in names
        if not name.startswith(".git/") and (name not in files or (folder / name).read_bytes() != files[name])
    ]


# The settings


def _settings(bureau: Bureau) -> str:
    """The software's own mkdocs.yml with this bureau's names and facts."""
    text = (INSTALLATION / CONFIG_FILE).read_text("utf-8")
    head = text[: text.index("\nextra:\n") + 1]
    title = f"{bureau.name}政府信息公开"
    lines = {
        "site_name": _word(title),
        "site_url": f"https://{bureau.domain}/",
        "site_description": _word(f"{title}专栏"),
    }
    head = re.sub(r"\A#.*\n", "# 网站设置。写错了，gongkai check 会指出是哪一项、应当怎样。\n", head)
    for key, value in lines.items():
        head = re.sub(rf"^{key}: .*$", lambda _, line=f"{key}: {value}": line, head, count=1, flags=re.M)  # type: ignore[misc]  # a lambda's default has no type of its own
    return head + _extra(bureau)


def _extra(bureau: Bureau) -> str:
    columns = (column for column in offered_columns() if column.key in bureau.columns)
    return _with(
        (_LAID / "extra.yml").read_text("utf-8"),
        name=_word(bureau.name),
        code=quoted(bureau.code) if bureau.code.isdecimal() else bureau.code,
        domain=bureau.domain,
        id_code=bureau.id_code,
        columns="\n".join(map(_column_line, columns)),
        departments="\n".join(f"      - {{key: {key}, name: {_word(name)}}}" for key, name in bureau.departments),
    )


def _column_line(column: Column) -> str:
    description = column.description.replace("本局", "本单位")
    return (
        f"      - {{key: {column.key}, name: {column.name}, type: {column.type}, "
        f"freshness: {column.freshness}, description: {description}}}"
    )


# The documents


def _documents(bureau: Bureau, now: datetime) -> Iterator[tuple[str, str]]:
    """What each column's documents have in common; and the guide, a draft."""
    names = {column.key: column.name for column in offered_columns()}
    for key in bureau.columns:
        yield f"docs/{key}/.meta.yml", _defaults(names[key], bureau.name)
    if _GUIDE in bureau.columns:
        fields = {
            "title": f"{bureau.name}政府信息公开指南",
            "created": now.date().isoformat(),
            "index": next_number(bureau.code, now.year, ()).text,
            "department": bureau.departments[0][1] if bureau.departments else "",
            "published": f"{now.date()} 09:00:00",
            "status": "草稿",
        }
        body = _with((_LAID / "guide.md").read_text("utf-8"), name=bureau.name)
        yield f"docs/{_GUIDE}/disclosure-guide.md", front_matter_text(fields, body)


def _defaults(column: str, bureau: str) -> str:
    return (
        "# 本栏目各文件共用的默认值；某一文件另有写明的，以该文件为准。\n"
        f"信息类别: {column}\n公开方式: 主动公开\n公开时限: 常年公开\n公开范围: 面向全社会\n来源: {_word(bureau)}\n"
    )


# Text


def _filled(name: str, bureau: Bureau, software: Software, **more: str) -> str:
    text = (_LAID / name).read_text("utf-8")
    return _with(text, name=bureau.name, version=software.version, **more)


def _with(text: str, **facts: str) -> str:
    """`text` with each `@key@` replaced by its fact, once: a fact may have such a mark in it."""
    return re.sub(r"@(\w+)@", lambda mark: facts.get(mark[1], mark[0]), text)


def _word(text: str) -> str:
    """`text` as a value of YAML that reads back the same, inside brackets too."""
    return text if _SIMPLE.fullmatch(text) and yaml.safe_load(text) == text else quoted(text)
