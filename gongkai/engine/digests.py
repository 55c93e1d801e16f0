"""Digests of what every page depends on: the settings and the templates (invariant 2 of the design)."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from jinja2 import Environment, TemplateSyntaxError, meta
from mkdocs.config.defaults import MkDocsConfig

from gongkai.memory.digests import canonical, digest

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
