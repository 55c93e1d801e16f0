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
from mkdocs.structure.pages import Page

from gongkai.catalogue.order import PublicDocument, Related
from gongkai.engine.settings import open_config
from gongkai.engine.templates import style_sheets, template_folders
from gongkai.outputs import OutputFile
from gongkai.outputs.addresses import identifier_page
from gongkai.pages.body import Converter
from gongkai.pages.facts import HOME, site_tags
from gongkai.pages.page_history import PageHistory
from gongkai.pages.views import View, document_view
from gongkai.records.plain_text import visible_text
from gongkai.records.reading import body_of
from gongkai.search.members import Text
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
        self, config: MkDocsConfig, site: Site, environment: Environment, *, site_url: str, docs_dir: Path
    ) -> None:
        self._config = config
        self._site = site
        self._environment = environment
        self._site_url = site_url
        self._docs_dir = docs_dir
        self._converter = Converter(config.markdown_extensions, config.mdx_configs or {})

    def page(self, view: View) -> OutputFile:
        template = self._environment.get_template(view.template)
        variables = {
            **view.variables,
            "config": self._config,
            "page": None,  # MkDocs' `url` filter asks for one; a page of ours is none of MkDocs'
            "base_url": "/".join([".."] * view.address.count("/")) or ".",
            "canonical": self._site_url + view.address,
        }
        html = template.render(variables).encode("utf-8", errors="xmlcharrefreplace")
        return OutputFile(f"{view.path}index.html", html)

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
        html = self._body(job) if public.has_body else ""
        page = self.page(View(view.address, view.template, {**view.variables, "body": html}))
        record = public.record
        text = Text(record.title, record.index.text, record.document_number, visible_text(html))
        return text.digest, (page, identifier_page(public))

    def _body(self, job: DocumentJob) -> str:
        document = job.public.document
        data = (self._docs_dir / document.path).read_bytes()
        if hashlib.sha256(data).hexdigest() != document.sha256:
            raise SourceChangedError(document.path)
        return self._converter.html(body_of(data), document, job.addresses.get)


def department_key(public: PublicDocument, site: Site) -> str:
    """The key of the department that is responsible, "" where the site has none of that name."""
    department = site.department_by_name.get(public.record.department)
    return department.key if department else ""


def prepare_environment(
    environment: Environment,
    config: MkDocsConfig,
    site: Site,
    *,
    has_handbook: bool,
    is_unlisted: bool = False,
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
    theirs = [
        f"assets/stylesheets/{path.name}" for folder in folders for path in folder.glob("main.*.min.css")
    ]
    return (*theirs, style_sheets(template_folders(config))[0].path, *map(str, config.extra_css))


def handbook_variables(page: Page) -> Mapping[str, object]:
    """The template's variables for a page of the handbook, which keeps out of search engines."""
    return {"heading": page.title, "crumbs": (HOME,), "is_unlisted": True}


@lru_cache(maxsize=4)
def renderer(spec: Spec) -> Renderer:
    """The renderer that `spec` asks for, set up once in each process."""
    config = open_config(Path(spec.config_file), Path(spec.docs_dir))
    site = read_site(config.extra.get("disclosure"), file=spec.config_file)
    environment = config.theme.get_env()
    prepare_environment(
        environment, config, site, has_handbook=spec.has_handbook, is_unlisted=spec.is_unlisted
    )
    return Renderer(config, site, environment, site_url=spec.site_url, docs_dir=Path(spec.docs_dir))
