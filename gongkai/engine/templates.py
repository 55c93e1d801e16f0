"""Where templates, styles and scripts are looked up: the site's own folder, then the package's, then Material's.

A site's folder (`theme.custom_dir`) holds only what it has otherwise than the package: a file hides the one of the same
name in the folders after it.
"""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import yaml
from jinja2 import Environment, TemplateSyntaxError, meta
from mkdocs.config.defaults import MkDocsConfig
from pydantic import BaseModel

from gongkai import INSTALLATION
from gongkai.catalogue.sources import HANDBOOK
from gongkai.memory.digests import digest
from gongkai.outputs import OutputFile
from gongkai.pages.views import View

#: Style sheets that only a few pages, or only scripts, ask for.
_APART = "parts/search/*.css"


def package_templates() -> Path:
    """The package's own templates: in it where it was installed from a wheel, beside it in a checkout."""
    return (INSTALLATION / "overrides").resolve()


def template_folders(config: MkDocsConfig) -> tuple[Path, ...]:
    """The site's own folder, where it has one that is not the package's, and the package's."""
    own = (Path(config.theme.custom_dir).resolve(),) if config.theme.custom_dir else ()
    return tuple(dict.fromkeys((*own, package_templates())))


def look_in_package(config: MkDocsConfig) -> None:
    """Let MkDocs find the package's templates after the site's own; safe to call again."""
    ours = template_folders(config)
    theirs = [folder for folder in config.theme.dirs if Path(folder).resolve() not in ours]
    config.theme.dirs[:] = [*map(str, ours), *theirs]


def files_in(folders: Sequence[Path], pattern: str) -> dict[str, Path]:
    """The files that match `pattern`, the first folder's where several have one; by path, in the order of paths."""
    found = {
        path.relative_to(folder).as_posix(): path
        for folder in reversed(folders)
        for path in folder.glob(pattern)
        if path.is_file()
    }
    return dict(sorted(found.items()))


def style_sheets(folders: Sequence[Path]) -> tuple[OutputFile, ...]:
    """The style sheet of every page, joined under a name that changes with its content, and those of the search."""
    apart = files_in(folders, _APART)
    sheets = files_in(folders, "assets/css/*.css") | files_in(folders, "parts/*/*.css")
    joined = [sheets[path] for path in sorted(sheets.keys() - apart.keys(), key=_cascade)]
    data = b"\n".join(sheet.read_bytes() for sheet in joined)
    every = OutputFile(f"assets/css/gongkai.{hashlib.sha256(data).hexdigest()[:12]}.css", data)
    return (every, *(OutputFile(f"assets/css-apart/{file.name}", file.read_bytes()) for file in apart.values()))


def _cascade(path: str) -> tuple[bool, str]:
    """Custom properties come first; the other sheets may come in any order and so come in that of their names."""
    return path != "assets/css/tokens.css", path.rpartition("/")[2]


class Example(BaseModel, frozen=True, extra="forbid"):
    """What a part is shown with: the arguments of its macro."""

    name: str
    given: dict[str, object]


class Part(BaseModel, frozen=True, extra="forbid"):
    """A part of pages: its template has one macro, which prints each of the examples, `in_content` or around it."""

    name: str
    macro: str
    in_content: bool = True
    examples: tuple[Example, ...]

    @property
    def template(self) -> str:
        return f"parts/{self.name}/{self.name}.html"


def parts(folders: Sequence[Path]) -> tuple[Part, ...]:
    """The parts that have examples, by name."""
    found = files_in(folders, "parts/*/examples.yml").values()
    written = ((file.parent.name, yaml.load(file.read_bytes(), yaml.CSafeLoader)) for file in found)
    return tuple(Part.model_validate({"name": name, **examples}) for name, examples in written)


def gallery(folders: Sequence[Path]) -> View:
    """The page with all parts, beside the handbook: in a preview only."""
    variables = {"heading": "网页部件", "is_unlisted": True, "parts": parts(folders)}
    return View(f"{HANDBOOK}/parts/", "gallery.html", variables)


class Templates:
    """Digests of templates with all that they extend, import and include of `folders`, the site's and the package's.

    Those that shadow a file of the theme count for every template, because the theme's base page calls them; the
    theme's own files change only with its version, which is part of the code's digest.
    """

    def __init__(self, folders: Sequence[Path], theme_folders: Iterable[str]) -> None:
        others = [Path(other) for other in theme_folders if Path(other).resolve() not in folders]
        files = files_in(folders, "**/*.html")
        self._sources = {name: file.read_bytes() for name, file in files.items()}
        self._shadowing = tuple(name for name in files if any((other / name).is_file() for other in others))
        self._known: dict[str, bytes] = {}

    def digest_of(self, name: str) -> bytes:
        if name not in self._known:
            reached: dict[str, bytes] = {}
            for one in (name, *self._shadowing):
                self._reach(one, reached)
            self._known[name] = digest(*(part for one in sorted(reached) for part in (one, reached[one])))
        return self._known[name]

    def _reach(self, name: str, reached: dict[str, bytes]) -> None:
        source = self._sources.get(name)
        if source is None or name in reached:
            return
        reached[name] = source
        for other in self._named_in(source):
            self._reach(other, reached)

    def _named_in(self, source: bytes) -> Iterable[str]:
        """The templates that `source` names; all there are where it computes a name or cannot be parsed."""
        try:
            named = set(meta.find_referenced_templates(Environment().parse(source.decode())))
        except (TemplateSyntaxError, UnicodeDecodeError):
            return tuple(self._sources)
        return tuple(self._sources) if None in named else tuple(name for name in named if name)
