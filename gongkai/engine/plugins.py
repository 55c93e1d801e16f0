"""Plugins and hooks of others: their events run for documents, and what they cannot do here is said when a build begins.

MkDocs itself makes the frame alone, so events reach documents only from here: each worker sets plugins up as MkDocs
does and runs the page events for one document at a time. An event sees that document and no other, so that a page
still follows from its own source; what needs all pages at once (menus, tag pages, feeds) finds none.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import ConfigurationError
from mkdocs.plugins import PluginCollection
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import _TocToken, get_toc
from mkdocs.utils.meta import get_data
from mkdocs.utils.yaml import get_yaml_loader, yaml_load

from gongkai.catalogue.order import PublicDocument
from gongkai.memory.digests import canonical, digest, folder_digest
from gongkai.outputs.data import row
from gongkai.site import SettingsError

log = logging.getLogger("mkdocs.hooks.plugins")

_OF_A_PAGE = ("pre_page", "page_read_source", "page_markdown", "page_content", "page_context", "post_page")
#: Events by which a plugin changes what every page is made with.
_OF_THE_MAKING = ("config", "env")
#: Events in which a plugin expects all pages of the site, and plugins that gather from all pages in others.
_OF_ALL_PAGES = ("files", "nav", "post_build")
_GATHERING = ("tags",)
#: What only MkDocs' navigation, Material's own templates or its scripts make use of.
_IDLE = ("nav", "extra_javascript", "copyright", "repo_url", "edit_uri", "edit_uri_template")
_IDLE_IN_THEME = ("features", "palette", "logo", "icon", "font")
_IDLE_IN_EXTRA = ("analytics", "social", "consent", "alternate", "version", "tags", "annotate", "homepage")
_IDLE_EXTENSIONS = ("pymdownx.arithmatex", "meta")
_OUR_HOOK = "events.py"
_SNIPPETS = "pymdownx.snippets"


class PluginError(Exception):
    """A plugin or hook failed on a document; `str()` says which, in what event, and how."""


class PluginDigests(NamedTuple):
    """What pages depend on beside settings: those that MkDocs makes, and those of ours (b"" where nobody has events)."""

    frame: bytes
    pages: bytes


def check_plugins(config: MkDocsConfig) -> None:
    """Warn of settings that have no effect on documents; raises SettingsError for those that no site can be built with."""
    file = config.config_file_path
    _refuse_search(config)
    _refuse_open_snippets(config)
    for name, subject in _blind(config):
        log.warning(
            "%s: %s: %s看不到公开文件：公开文件由本系统逐件生成，不在 MkDocs 的文件表和菜单里。"
            "要汇总全部文件才能做的事（标签页、菜单、订阅等）它做不了，请改用本系统的列表和订阅，或者删去这一项",
            file,
            name,
            subject,
        )
    if idle := "、".join(_idle_settings(config)):
        log.warning(
            "%s: %s 对网页不起作用：网页用本系统自己的模板和脚本，没有 MkDocs 的菜单，也不带 Material 的脚本。可以删去",
            file,
            idle,
        )


def plugin_digests(config: MkDocsConfig) -> PluginDigests:
    """Of the hooks' folders and the plugins' settings; for our own pages of what `watch` names as well."""
    folders = sorted({Path(file).parent for file in _hook_files(config)})
    sources = (path for folder in folders for path in sorted(folder.glob("*.py")))
    has_plugins = any(name not in _hooks(config) for name in config.plugins)
    everybody = digest(
        canonical(_as_written(config).get("plugins")) if has_plugins else b"",
        *(part for path in sources for part in (path.name, path.read_bytes())),
    )
    if not has_events(config):
        return PluginDigests(everybody, b"")
    watched = sorted(path for path in map(Path, config.watch) if path != Path(config.theme.custom_dir or ""))
    contents = (path.read_bytes() if path.is_file() else folder_digest(path) for path in watched)
    return PluginDigests(everybody, digest(everybody, *contents))


def has_events(config: MkDocsConfig) -> bool:
    """Whether a plugin or hook of others has an event that pages of ours depend on."""
    return any(_of_others(config.plugins, event) for event in (*_OF_A_PAGE, *_OF_THE_MAKING))


def snippet_digest(config: MkDocsConfig) -> bytes:
    """Of all that `pymdownx.snippets` may put into a body; b"" where it is not in use."""
    if _SNIPPETS not in config.markdown_extensions:
        return b""
    return digest(*(folder_digest(folder) for folder in _snippet_folders(config)))


def watched_places(config: MkDocsConfig) -> Iterator[str]:
    """What, beside documents and templates, a preview must look at: hooks, snippets, and what `watch` names."""
    yield from config.watch
    yield from _hook_files(config)
    if _SNIPPETS in config.markdown_extensions:
        yield from map(str, _snippet_folders(config))


class PageEvents:
    """The events of others, run for one document after another in this process."""

    def __init__(self, config: MkDocsConfig, *, is_preview: bool) -> None:
        """Set plugins up as MkDocs does before it reads a file; our own events are left out."""
        self._plugins = config.plugins
        for event in self._plugins.events:
            self._plugins.events[event] = _of_others(config.plugins, event)
        with self._blaming():
            self._plugins.on_startup(command="serve" if is_preview else "build", dirty=False)
            self.config = self._plugins.on_config(config)
            self._plugins.on_pre_build(config=self.config)
        self._files, self._nav = Files([]), Navigation([], [])

    def environment(self, environment: Environment) -> Environment:
        """`environment` as plugins want it."""
        with self._blaming():
            changed = self._plugins.on_env(environment, config=self.config, files=Files([]))
        return changed if isinstance(changed, Environment) else environment

    def page(self, public: PublicDocument, body: str) -> Page:
        """MkDocs' page of `public`: of its source nothing but `body`, of its record what the open data say."""
        config = self.config
        file = File.generated(config, public.document.path, content=body, inclusion=InclusionLevel.NOT_IN_NAV)
        file.url = public.url
        with self._blaming():
            self._files = self._plugins.on_files(Files([file]), config=config)
            self._nav = self._plugins.on_nav(Navigation([], []), config=config, files=self._files)
            page = config._current_page = Page(None, file, config)
            page.markdown, page.meta = body, {**row(public)}
            page = self._plugins.on_pre_page(page, config=config, files=self._files)
            source = self._plugins.on_page_read_source(page=page, config=config)
        if source is not None and public.has_body:
            page.markdown = get_data(source)[0]
        return page

    def markdown(self, page: Page) -> str:
        """The body's Markdown."""
        with self._blaming():
            page.markdown = self._plugins.on_page_markdown(
                page.markdown or "", page=page, config=self.config, files=self._files
            )
        return page.markdown

    def content(self, page: Page, html: str, toc_tokens: list[_TocToken]) -> str:
        """The body's HTML, of `html` as Python-Markdown made it."""
        page.content, page.toc = html, get_toc(toc_tokens)
        with self._blaming():
            page.content = self._plugins.on_page_content(html, page=page, config=self.config, files=self._files)
        return page.content

    def context(self, page: Page, variables: Mapping[str, object]) -> Mapping[str, object]:
        """The template's variables; MkDocs' own `nav` and `pages` hold no document but this one."""
        given = {"nav": self._nav, "pages": self._files.documentation_pages(), **variables, "page": page}
        with self._blaming():
            return self._plugins.on_page_context(
                given,  # type: ignore[arg-type]  # MkDocs types its own keys only
                page=page,
                config=self.config,
                nav=self._nav,
            )

    def output(self, page: Page, html: str) -> str:
        """The finished page; raises PluginError where it comes out empty, because no document may vanish."""
        with self._blaming():
            html = self._plugins.on_post_page(html, page=page, config=self.config)
        if not html.strip():
            raise PluginError("on_post_page 之后网页是空的。公开文件不能没有网页，请让它返回完整的网页")
        return html

    @contextmanager
    def _blaming(self) -> Iterator[None]:
        """Whatever others' code raises, as a PluginError that names it."""
        try:
            yield
        except Exception as problem:
            who = self._plugins._current_plugin or "插件"
            raise PluginError(f"{who} 出错：{type(problem).__name__}: {problem}") from problem


def _of_others(plugins: PluginCollection, event: str) -> list[Callable[..., object]]:
    """The methods for `event` that are not ours: not of this package, nor (events of a page apart) of `events.py`."""
    return [
        method
        for method in plugins.events[event]
        if not method.__module__.startswith("gongkai.")
        and (event in _OF_A_PAGE or Path(_origin(plugins, method)).name != _OUR_HOOK)
    ]


def _origin(plugins: PluginCollection, method: Callable[..., object]) -> str:
    """The plugin or hook of `method`, as mkdocs.yml names it."""
    return plugins._event_origins.get(method, "")


def _short(plugin: str) -> str:
    """A plugin's name as people write it: MkDocs puts the theme's before it."""
    return plugin.removeprefix("material/")


def _hook_files(config: MkDocsConfig) -> list[str]:
    return [module.__file__ for module in _hooks(config).values() if module.__file__]


def _hooks(config: MkDocsConfig) -> Mapping[str, ModuleType]:
    """Hooks by name: MkDocs types its setting as a list, and keeps a mapping."""
    hooks: Mapping[str, ModuleType] = config["hooks"]
    return hooks


def _as_written(config: MkDocsConfig) -> Mapping[str, object]:
    """mkdocs.yml as it is written, without MkDocs' defaults."""
    with Path(config.config_file_path).open("rb") as file:
        written: object = yaml_load(file, loader=get_yaml_loader(config=config))
    return written if isinstance(written, Mapping) else {}


def _refuse_search(config: MkDocsConfig) -> None:
    for name in config.plugins:
        if _short(name) == "search":
            raise SettingsError(
                f"{config.config_file_path}: plugins: search: 本系统自带全文搜索，不能再用这个插件。请从 plugins 里删去它；"
                "一个插件都不用，也要写上 plugins: []，因为不写 plugins，MkDocs 会自己加上 search"
            )


def _blind(config: MkDocsConfig) -> Iterator[tuple[str, str]]:
    """Plugins and hooks that expect all pages, each with the events in which they do."""
    found: dict[str, list[str]] = {}
    for event in _OF_ALL_PAGES:
        for method in _of_others(config.plugins, event):
            found.setdefault(_origin(config.plugins, method), []).append(f"on_{event}")
    for name in config.plugins:
        if _short(name) in _GATHERING:
            found.setdefault(name, [])
    for name, events in found.items():
        kind = "hooks" if name in _hooks(config) else "plugins"
        yield f"{kind}: {_short(name)}", f"它的 {'、'.join(dict.fromkeys(events))} " if events else "它"


def _idle_settings(config: MkDocsConfig) -> Iterator[str]:
    """The settings written in mkdocs.yml that our pages have no use for."""
    written = _as_written(config)
    theme, extra = written.get("theme"), written.get("extra")
    for section, values, keys in (
        ("theme.", theme, _IDLE_IN_THEME),
        ("extra.", extra, _IDLE_IN_EXTRA),
        ("", written, _IDLE),
    ):
        for key in keys:
            value = values.get(key) if isinstance(values, Mapping) else None
            if value:
                detail = f"（{'、'.join(map(str, value))}）" if key == "features" and isinstance(value, list) else ""
                yield f"{section}{key}{detail}"
    yield from (f"markdown_extensions: {name}" for name in config.markdown_extensions if name in _IDLE_EXTENSIONS)


def _snippet_folders(config: MkDocsConfig) -> tuple[Path, ...]:
    """The folders that `pymdownx.snippets` takes files from."""
    given = (config.mdx_configs.get(_SNIPPETS) or {}).get("base_path", ".")
    written = given if isinstance(given, list | tuple) else [given]
    return tuple(Path(one).resolve() for one in written)


def _refuse_open_snippets(config: MkDocsConfig) -> None:
    """Snippets from where documents lie that may not be public, or from where no digest can be taken."""
    if _SNIPPETS not in config.markdown_extensions:
        return
    options = config.mdx_configs.get(_SNIPPETS) or {}
    docs = Path(config.docs_dir).resolve()
    is_open = options.get("url_download") or not options.get("restrict_base_path", True)
    try:
        folders = _snippet_folders(config)
    except ConfigurationError:  # `!relative` without a folder: that of the page
        folders = (docs,)
    if is_open or any(docs.is_relative_to(one) or one.is_relative_to(docs) for one in folders):
        raise SettingsError(
            f"{config.config_file_path}: markdown_extensions: {_SNIPPETS}: 请写 base_path，指一个专放插入内容的文件夹"
            "（如 !relative $config_dir/includes），不能与放公开文件的文件夹重叠，也不要打开 url_download、关掉 "
            "restrict_base_path：否则不公开的文件会被插进网页，内容改了网页也不会重新生成"
        )
