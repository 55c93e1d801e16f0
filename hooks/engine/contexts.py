"""What MkDocs' events hand on, in MkDocs' own terms."""

from collections.abc import Mapping

from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

from hooks.catalogue.sources import HANDBOOK
from hooks.checks.archive import Checked
from hooks.engine.edition import Edition
from hooks.pages.facts import HOME
from hooks.pages.meta_tags import site_tags


def handbook_variables(page: Page) -> Mapping[str, object]:
    """The template's variables for a page of the handbook, which keeps out of search engines."""
    return {"heading": page.title, "crumbs": (HOME,), "is_unlisted": True}


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
