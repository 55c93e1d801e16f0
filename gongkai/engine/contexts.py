"""What MkDocs' events hand on, in MkDocs' own terms."""

from collections.abc import Mapping

from mkdocs.structure.pages import Page

from gongkai.pages.facts import HOME


def handbook_variables(page: Page) -> Mapping[str, object]:
    """The template's variables for a page of the handbook, which keeps out of search engines."""
    return {"heading": page.title, "crumbs": (HOME,), "is_unlisted": True}
