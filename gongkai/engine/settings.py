"""mkdocs.yml found and read without building: what commands need of it."""

import logging
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mkdocs.config import load_config
from mkdocs.config.config_options import Hooks
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, ConfigurationError
from selectolax.lexbor import LexborHTMLParser

from gongkai import INSTALLATION
from gongkai.checks.rules import why_not_silenced
from gongkai.engine.templates import look_in_package
from gongkai.memory.digests import canonical, digest
from gongkai.pages.body import Converter
from gongkai.records.reading import Document, body_of
from gongkai.site import SettingsError, Site, read_site

CONFIG_FILE = "mkdocs.yml"
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


@dataclass(frozen=True, slots=True)
class Settings:
    """What commands need; the Markdown extensions are those that pages are rendered with."""

    site: Site
    docs_dir: Path
    extensions: Sequence[str]
    extension_configs: Mapping[str, Mapping[str, object]]

    def anchors_of(self, document: Document) -> frozenset[str]:
        """The anchors that a document's page has; it is rendered for that."""
        converter = Converter(self.extensions, self.extension_configs)
        body = body_of((self.docs_dir / document.path).read_bytes())
        html = converter.html(body, document, lambda _: None)
        found = (node.attributes for node in LexborHTMLParser(html).css("[id], a[name]"))
        return frozenset(name for given in found for key in ("id", "name") if (name := given.get(key)))


def find_config(given: Path | None) -> Path:
    """The settings file: `given`, else mkdocs.yml of this folder or one above, else the software's own."""
    if given is not None:
        return given
    here = Path.cwd()
    found = next((f / CONFIG_FILE for f in (here, *here.parents) if (f / CONFIG_FILE).is_file()), None)
    return found or INSTALLATION / CONFIG_FILE


def read_settings(config_file: Path, *, docs_dir: Path | None = None) -> Settings:
    """The settings of `config_file`; raises SettingsError for what cannot be used."""
    log = logging.getLogger("mkdocs")
    level = log.level
    log.setLevel(logging.ERROR)  # who only reads the settings is not told what a build would say of them
    try:
        config = open_config(config_file, docs_dir)
    finally:
        log.setLevel(level)
    return Settings(
        site=read_site(config.extra.get("disclosure"), file=str(config_file), not_silenced=why_not_silenced),
        docs_dir=Path(config.docs_dir),
        extensions=config.markdown_extensions,
        extension_configs=config.mdx_configs or {},
    )


def open_config(config_file: Path, docs_dir: Path | None) -> MkDocsConfig:
    """MkDocs' own reading of `config_file`, templates looked up in the package's folder too.

    Raises SettingsError for what MkDocs refuses. A wheel's own settings are of no site: they say how documents in
    `docs_dir` are read, and nothing without it.
    """
    if docs_dir is None and config_file.parent == Path(__file__).parents[1]:
        raise SettingsError(
            f"这里和上级文件夹里都没有 {CONFIG_FILE}。请在网站的文件夹里运行，或用 -f 指出；还没有网站的，先运行 gongkai init"
        )
    given = {"docs_dir": str(docs_dir.resolve())} if docs_dir else {}
    try:
        with _hooks_as_they_stand():
            config = load_config(str(config_file), **given)
    except (ConfigurationError, Abort) as problem:
        raise SettingsError(f"{config_file}: {problem}") from None
    look_in_package(config)
    return config


@contextmanager
def _hooks_as_they_stand() -> Iterator[None]:
    """MkDocs keeps hooks for the life of a process, Python their bytecode by second and size; both may be stale."""
    Hooks._load_hook.cache_clear()
    writes_none, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        yield
    finally:
        sys.dont_write_bytecode = writes_none


def settings_digests(config: MkDocsConfig) -> tuple[bytes, bytes]:
    """The digest of what any page may show of mkdocs.yml, and of what only bodies depend on."""
    given: Mapping[str, object] = dict(config)
    seen = {key: value for key, value in given.items() if key not in (_UNSEEN | _FOR_BODIES)}
    seen["extra"] = {key: value for key, value in config.extra.items() if key not in _OURS}
    bodies = {key: given.get(key) for key in sorted(_FOR_BODIES)}
    return digest(canonical(seen)), digest(canonical(bodies))
