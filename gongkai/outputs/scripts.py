"""A script for each thing that a page starts, from the modules it is written in: fewer requests and bytes for readers.

A module that another one imports is folded into it; one that no other imports, or that is imported when it is needed
(`import(…)`), is a script of its own at its own address. What only engineers read, comments and blanks, is left out. Source maps are not made: the source is public.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from gongkai.outputs import OutputFile

_FOLDER = "assets/js"
_IMPORT = re.compile(r'^import (?:\{([^}]*)\} from )?"(\./|\.\./)([^"]+)";$', re.MULTILINE)
_IMPORT_LATER = re.compile(r'\bimport\("(\./|\.\./)([^"]+)"\)')
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function\*? |class )|const |let )", re.MULTILINE)
_NAME = re.compile(
    r"^export (?:(?:async )?(?:function\*? |class )|const |let )([A-Za-z0-9_$]+)", re.MULTILINE
)
_TYPE = re.compile(r"/\*\* @(?:type|param)\b.*?\*/ ?")
# What must stay as it is: strings, templates, and regular expressions, which begin where a value may begin.
_LITERAL = re.compile(
    r"""\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`"""
    r"""|(?<=[(,=:\[!&|?{};>\n])\s*/(?![/*])(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*"""
)
_SPACED = re.compile(r" ?([{}()\[\];,:?=<>*&|!]+) ?")
_COMMENT = re.compile(r"^[ \t]*(?://[^\n]*|/\*.*?\*/[ \t]*)$\n?", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Module:
    """A module as written: `path` from the folder of scripts; `imported` are paths with what is taken from them."""

    path: str
    code: str
    imported: tuple[tuple[str, str], ...]
    later: frozenset[str]


def scripts(folder: Path) -> Iterator[OutputFile]:
    """Every script of `folder`; raises ValueError for a module that cannot be folded into another."""
    modules = {
        module.path: module for module in (_read(file, folder) for file in sorted(folder.rglob("*.mjs")))
    }
    inner = {path for module in modules.values() for path, _ in module.imported}
    later = {path for module in modules.values() for path in module.later}
    for path in modules:
        if path not in inner or path in later:
            yield OutputFile(f"{_FOLDER}/{path}", _script(path, modules).encode())


def _read(file: Path, folder: Path) -> Module:
    path, source = file.relative_to(folder).as_posix(), file.read_text("utf-8")
    if any(line.count("`") % 2 for line in source.splitlines()):
        raise ValueError(f"{path}: a template of several lines would lose its indentation")
    here, code = posixpath.dirname(path), _bare(source)
    imported = tuple(
        (posixpath.normpath(posixpath.join(here, up + name)), taken)
        for taken, up, name in _IMPORT.findall(code)
    )
    later = (posixpath.normpath(posixpath.join(here, up + name)) for up, name in _IMPORT_LATER.findall(code))
    return Module(path, _IMPORT.sub("", code).lstrip("\n"), imported, frozenset(later))


def _bare(source: str) -> str:
    """Code without comments of whole lines, types, indentation and empty lines."""
    lines = (line.strip() for line in _TYPE.sub("", _COMMENT.sub("", source)).splitlines())
    return "".join(f"{line}\n" for line in lines if line)


def _script(path: str, modules: Mapping[str, Module]) -> str:
    """The module at `path` with all that it needs before it."""
    order: list[str] = []
    _order(path, modules, order, ())
    names = {one: f"$${number}" for number, one in enumerate(order)}
    folded = (_folded(modules[one], names, posixpath.dirname(path)) for one in order[:-1])
    return _squeezed("".join((*folded, _bound(modules[path], names))))


def _squeezed(code: str) -> str:
    """Code without blanks around signs; plus and minus keep theirs, which tell `+ +` from `++`."""
    parts: list[str] = []
    at = 0
    for literal in _LITERAL.finditer(code):
        parts += (_SPACED.sub(r"\1", code[at : literal.start()]), literal[0].lstrip(" "))
        at = literal.end()
    return "".join([*parts, _SPACED.sub(r"\1", code[at:])])


def _order(path: str, modules: Mapping[str, Module], order: list[str], above: tuple[str, ...]) -> None:
    if path in above:
        raise ValueError(f"{path}: imports itself by way of {' and '.join(above)}")
    if path not in modules:
        raise ValueError(f"{above[-1]}: imports {path}, which is not there")
    if path in order:
        return
    for other, _ in modules[path].imported:
        _order(other, modules, order, (*above, path))
    order.append(path)


def _folded(module: Module, names: Mapping[str, str], folder: str) -> str:
    """A module as the value of a call, which has what it exports."""
    if "import.meta" in module.code and posixpath.dirname(module.path) != folder:
        raise ValueError(f"{module.path}: asks where it lies, and would lie elsewhere in {folder}")
    exported = ", ".join(_NAME.findall(module.code))
    body = _EXPORT.sub("", _bound(module, names))
    return f"const {names[module.path]} = (() => {{\n{body}return {{ {exported} }};\n}})();\n"


def _bound(module: Module, names: Mapping[str, str]) -> str:
    """A module's code, its imports taken from the values of others."""
    lines = [
        f"const {{{taken.replace(' as ', ': ')}}} = {names[path]};\n"
        for path, taken in module.imported
        if taken
    ]
    return "".join(lines) + module.code
