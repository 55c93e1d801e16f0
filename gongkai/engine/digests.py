"""What a page depends on, as digests: the code, the settings, the templates (invariant 2 of the design).

A digest is 16 bytes of BLAKE2b (RFC 7693). Equal digests stand for equal things; nothing here looks at a clock.
"""

import hashlib
import os
import sys
from collections.abc import Iterable, Mapping
from functools import cache, partial
from pathlib import Path

from jinja2 import Environment, TemplateSyntaxError, meta
from mkdocs.config.defaults import MkDocsConfig

_HOOKS = Path(__file__).parents[1]
#: Settings of mkdocs.yml that no page shows; `extra.disclosure` is judged by itself, key by key.
_UNSEEN = frozenset(
    (
        "docs_dir",
        "site_dir",
        "hooks",
        "plugins",
        "watch",
        "validation",
        "exclude_docs",
        "draft_docs",
        "not_in_nav",
        "dev_addr",
        "strict",
        "config_file_path",
        "site_url",  # taken by itself: `serve` has another
    )
)
#: Keys of `extra` that are judged by themselves, or that events keep there while a build runs.
_OURS = frozenset(("disclosure", "site", "instant", "edition", "has_handbook", "frame_only"))
_FOR_BODIES = frozenset(("markdown_extensions", "mdx_configs"))


def digest(*parts: bytes | memoryview | str) -> bytes:
    """The digest of `parts` in their order; where one ends and the next begins counts."""
    state = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        state.update(len(data).to_bytes(8, "big"))
        state.update(data)
    return state.digest()


@cache
def code_digest() -> bytes:
    """The generator's own code, the interpreter, and the name and version of every library beside it."""
    sources = sorted(_HOOKS.rglob("*.py"))
    own = (part for path in sources for part in (path.relative_to(_HOOKS).as_posix(), path.read_bytes()))
    folders = (Path(place) for place in sys.path if place and Path(place).is_dir())
    installed = {name for folder in folders for name in os.listdir(folder) if name.endswith(".dist-info")}  # noqa: PTH208 - names only
    return digest(sys.version, *own, *sorted(installed))


def canonical(value: object) -> str:
    """A value of the settings as text that is the same in every process; functions by name, not by address."""
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{canonical(key)}:{canonical(value[key])}" for key in value) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, partial):
        return f"{canonical(value.func)}({canonical(value.args)}{canonical(value.keywords)})"
    if callable(value):
        return f"{getattr(value, '__module__', '')}.{getattr(value, '__qualname__', type(value).__name__)}"
    return repr(value)


def settings_digests(config: MkDocsConfig) -> tuple[bytes, bytes]:
    """The digest of what any page may show of mkdocs.yml, and of what only bodies depend on."""
    given: Mapping[str, object] = dict(config)
    seen = {key: value for key, value in given.items() if key not in (_UNSEEN | _FOR_BODIES)}
    seen["extra"] = {key: value for key, value in config.extra.items() if key not in _OURS}
    bodies = {key: given.get(key) for key in sorted(_FOR_BODIES)}
    return digest(canonical(seen)), digest(canonical(bodies))


class Templates:
    """Digests of templates with all that they extend, import and include of the site's own ones.

    Those that shadow a file of the theme count for every template, because the theme's base page calls them; the
    theme's own files change only with its version, which is part of the code's digest.
    """

    def __init__(self, folder: Path, theme_folders: Iterable[str]) -> None:
        others = [Path(other) for other in theme_folders if Path(other) != folder]
        names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.html"))
        self._sources = {name: (folder / name).read_bytes() for name in names}
        self._shadowing = tuple(name for name in names if any((other / name).is_file() for other in others))
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


def folder_digest(folder: Path) -> bytes:
    """Every file below `folder`, by name and content; that of an empty one where there is none."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return digest(
        *(part for path in paths for part in (path.relative_to(folder).as_posix(), path.read_bytes()))
    )
