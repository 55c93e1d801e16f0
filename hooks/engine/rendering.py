"""From views to pages: the one place where a template meets its variables.

A page is a pure function of its view, its body, the templates and the settings (invariant 2); nothing here knows of
other pages. MkDocs gives the environment and the theme, no more.
"""

from collections.abc import Iterator
from itertools import chain

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig

from hooks.catalogue.order import PublicDocument
from hooks.engine.edition import Edition
from hooks.outputs.files import OutputFile
from hooks.pages.body import Converter
from hooks.pages.plain_text import visible_text
from hooks.pages.views import View
from hooks.records.reading import body_of


def pages(edition: Edition, config: MkDocsConfig, environment: Environment) -> Iterator[OutputFile]:
    """Every page of the edition; fills `edition.texts` on the way."""
    converter = Converter(config.markdown_extensions, config.mdx_configs or {})
    documents = (_document(public, edition, converter) for public in edition.documents)
    for view in chain(edition.views, documents):
        yield OutputFile(f"{view.path}index.html", _rendered(view, edition, config, environment))


def _document(public: PublicDocument, edition: Edition, converter: Converter) -> View:
    view = edition.document_view(public)
    html = ""
    if public.has_body:
        body = body_of((edition.docs_dir / public.document.path).read_bytes())
        html = converter.html(body, public.document, edition.address_of)
    edition.texts[public.document.path] = visible_text(html)
    return View(view.address, view.template, {**view.variables, "body": html})


def _rendered(view: View, edition: Edition, config: MkDocsConfig, environment: Environment) -> bytes:
    template = environment.get_template(view.template)
    depth = view.address.count("/")
    variables = {
        **view.variables,
        "config": config,
        "page": None,  # MkDocs' `url` filter asks for one; a page of ours is none of MkDocs'
        "base_url": "/".join([".."] * depth) or ".",
        "canonical": edition.site_url + view.address,
    }
    return template.render(variables).encode("utf-8", errors="xmlcharrefreplace")
