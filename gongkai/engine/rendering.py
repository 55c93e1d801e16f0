"""From views to pages: the one place where a template meets its variables.

A page is a pure function of its view, its body, the templates and the settings (invariant 2); nothing here knows of
other pages. MkDocs gives the environment and the theme, no more.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils.templates import TemplateContext

from gongkai.catalogue.order import PublicDocument, Related
from gongkai.engine.plugins import PageEvents, has_events
from gongkai.engine.settings import open_config
from gongkai.engine.templates import style_sheets, template_folders
from gongkai.outputs import OutputFile
from gongkai.outputs.addresses import identifier_page
from gongkai.pages.body import Converter
from gongkai.pages.facts import HOME, site_tags
from gongkai.pages.page_history import PageHistory
from gongkai.pages.views import View, document_view
from gongkai.records.markdown import cut_comments
from gongkai.records.plain_text import visible_text
from gongkai.records.reading import body_of
from gongkai.search.members import Text, body_of_page
from gongkai.site import Site, read_site


@dataclass(frozen=True, slots=True)
class Spec:
    """What a worker needs to render as its build does.

    `code` is the digest of the code that the build runs, `version` one of code, settings and templates.
    """

    config_file: str
    docs_dir: str
    site_url: str
    has_handbook: bool
    code: bytes
    version: bytes
    is_unlisted: bool = False


@dataclass(frozen=True, slots=True)
class DocumentJob:
    """A document's page, number page and search text.

    `addresses` are where the public finds what the body links to, `sizes` the bytes of the files listed, both by path
    relative to docs/; `related` are the documents that it replaces or that replace it, `history` what it went through.
    """

    public: PublicDocument
    addresses: Mapping[str, str]
    sizes: Mapping[str, int]
    related: tuple[Related, ...]
    history: PageHistory


class SourceChangedError(Exception):
    """A source is no longer what it was when its record was read; the argument is its path relative to docs/."""


class Renderer:
    """Makes pages one after another; everything that is costly to set up is set up once."""

    def __init__(
        self,
        config: MkDocsConfig,
        site: Site,
        environment: Environment,
        *,
        spec: Spec,
        events: PageEvents | None = None,
    ) -> None:
        self._config = config
        self._site = site
        self._environment = environment
        self._site_url = spec.site_url
        self._docs_dir = Path(spec.docs_dir)
        self._events = events
        self._converter = Converter(config.markdown_extensions, config.mdx_configs or {})

    def page(self, view: View) -> OutputFile:
        return _page_file(view, self._rendered(view, self._variables(view)))

    def document(self, job: DocumentJob) -> tuple[str, tuple[OutputFile, ...]]:
        """The digest of what the search finds in the document, and its files."""
        public = job.public
        view = document_view(
            public,
            self._site,
            site_url=self._site_url,
            size_of=job.sizes.__getitem__,
            related=job.related,
            history=job.history,
        )
        body = self._body(job) if public.has_body else ""
        events = self._events
        text, html = self._with_events(events, job, view, body) if events else self._plain(job, view, body)
        record = public.record
        found = Text(record.title, record.index.text, record.document_number, text)
        return found.digest, (_page_file(view, html), identifier_page(public))

    def _plain(self, job: DocumentJob, view: View, body: str) -> tuple[str, str]:
        """The visible text of the body, and the page."""
        html = self._converted(body, job) if body else ""
        return visible_text(html), self._rendered(view, {**self._variables(view), "body": html})

    def _with_events(self, events: PageEvents, job: DocumentJob, view: View, body: str) -> tuple[str, str]:
        """The same, as plugins and hooks of others want it."""
        page = events.page(job.public, cut_comments(body))
        html = ""
        if job.public.has_body:
            html = self._converted(events.markdown(page), job)
            html = events.content(page, html, self._converter.toc_tokens)
        variables = events.context(page, {**self._variables(view), "body": html})
        output = events.output(page, self._rendered(view, variables))
        return body_of_page(output), output

    def _variables(self, view: View) -> dict[str, object]:
        return {
            **view.variables,
            "config": self._config,
            "page": None,  # MkDocs' `url` filter asks for one; a page of ours is none of MkDocs'
            "base_url": "/".join([".."] * view.address.count("/")) or ".",
            "canonical": self._site_url + view.address,
        }

    def _rendered(self, view: View, variables: Mapping[str, object]) -> str:
        return self._environment.get_template(view.template).render(variables)

    def _converted(self, body: str, job: DocumentJob) -> str:
        return self._converter.html(body, job.public.document, job.addresses.get)

    def _body(self, job: DocumentJob) -> str:
        document = job.public.document
        data = (self._docs_dir / document.path).read_bytes()
        if hashlib.sha256(data).hexdigest() != document.sha256:
            raise SourceChangedError(document.path)
        return body_of(data)


def _page_file(view: View, html: str) -> OutputFile:
    return OutputFile(f"{view.path}index.html", html.encode("utf-8", errors="xmlcharrefreplace"))


def department_key(public: PublicDocument, site: Site) -> str:
    """The key of the department that is responsible, "" where the site has none of that name."""
    department = site.department_by_name.get(public.record.department)
    return department.key if department else ""


def prepare_environment(
    environment: Environment, config: MkDocsConfig, site: Site, *, has_handbook: bool, is_unlisted: bool = False
) -> None:
    """Let every template print what all pages have; blank lines that only tags stood on are not printed."""
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.globals.update(
        site=site,
        site_tags=site_tags(site),
        stylesheets=_stylesheets(config),
        has_handbook=has_handbook,
        is_site_unlisted=is_unlisted,
    )


def _stylesheets(config: MkDocsConfig) -> tuple[str, ...]:
    """Material's style sheet, whose name tells its version, ours, and those that the settings add."""
    folders = [Path(folder) / "assets" / "stylesheets" for folder in config.theme.dirs]
    theirs = [f"assets/stylesheets/{path.name}" for folder in folders for path in folder.glob("main.*.min.css")]
    return (*theirs, style_sheets(template_folders(config))[0].path, *map(str, config.extra_css))


def handbook_context(context: TemplateContext, page: Page, config: MkDocsConfig, nav: Navigation) -> TemplateContext:
    """MkDocs' event `on_page_context`, for pages of the handbook: they keep out of search engines."""
    variables = {"heading": page.title, "crumbs": (HOME,), "is_unlisted": True}
    context.update(variables)  # type: ignore[typeddict-item]  # MkDocs types its own keys only
    return context


@lru_cache(maxsize=4)
def renderer(spec: Spec) -> Renderer:
    """The renderer that `spec` asks for, set up once in each process."""
    config = open_config(Path(spec.config_file), Path(spec.docs_dir))
    config.site_url = spec.site_url
    site = read_site(config.extra.get("disclosure"), file=spec.config_file)
    events = PageEvents(config, is_preview=spec.has_handbook) if has_events(config) else None
    environment = config.theme.get_env()
    prepare_environment(environment, config, site, has_handbook=spec.has_handbook, is_unlisted=spec.is_unlisted)
    environment = events.environment(environment) if events else environment
    return Renderer(config, site, environment, spec=spec, events=events)
