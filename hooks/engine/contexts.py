"""What MkDocs' events hand on: sources, template names and variables, in MkDocs' own terms."""

from collections.abc import Mapping

from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

from hooks.catalogue.sources import HANDBOOK
from hooks.checks.archive import Checked
from hooks.engine.edition import Edition
from hooks.pages.facts import HOME
from hooks.pages.meta_tags import site_tags


def source_text(path: str, edition: Edition) -> str | None:
    """The Markdown of a page of ours, None for others. The first blank line keeps MkDocs from seeking front matter."""
    public = edition.by_path.get(path)
    if public is not None:
        return "\n" + public.document.body if public.has_body else ""
    return "" if path in edition.views else None


def page_meta(path: str, edition: Edition) -> dict[str, object]:
    """The `page.meta` of a page of ours: which template prints it."""
    if path in edition.by_path:
        return {"template": "document.html"}
    view = edition.views.get(path)
    return {"template": view.template} if view else {}


def page_variables(page: Page, edition: Edition) -> Mapping[str, object]:
    """The template's variables; a page of the handbook has its own title and keeps out of search engines."""
    view = edition.view_of(page.file.src_uri)
    if view is None:
        return {"heading": page.title, "crumbs": (HOME,), "is_unlisted": True}
    return {"canonical": page.canonical_url, **view.variables}


def shared_variables(edition: Edition, files: Files) -> Mapping[str, object]:
    """What every template may print."""
    return {
        "site": edition.site,
        "site_tags": site_tags(edition.site),
        "stylesheet": edition.stylesheet.path,
        "has_handbook": _is_rendered(f"{HANDBOOK}/index.md", files),
    }


def _is_rendered(path: str, files: Files) -> bool:
    """Whether this build makes a page of `path`: drafts have one in `serve` only."""
    file = files.get_file_from_path(path)
    return file is not None and file.page is not None


def refusal(checked: Checked) -> str:
    """Every error, a line each, and what it means for the site."""
    errors = [finding for finding in checked.findings if finding.is_error]
    lines = [str(finding) for finding in errors]
    return "\n".join([*lines, f"共 {len(errors)} 处错误，没有生成网站，原有网站未变。"])
