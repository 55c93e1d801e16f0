"""Which files MkDocs may see: the theme's, the handbook, and what goes public with documents; no more."""

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from hooks.catalogue.attachments import is_markdown
from hooks.catalogue.sources import HANDBOOK
from hooks.engine.edition import Edition

#: Parts of Material that no page here uses; our style sheets go out joined.
_UNUSED = ("assets/javascripts/", "assets/stylesheets/palette", "assets/css/", "assets/images/favicon.png")


def public_only(files: Files, config: MkDocsConfig, edition: Edition) -> Files:
    """`files` without sources of documents (their pages are ours to make) and without what is not public."""
    return Files([file for file in files if _is_public(file, config, edition)])


def _is_public(file: File, config: MkDocsConfig, edition: Edition) -> bool:
    path = file.src_uri
    if file.src_dir is None or Path(file.src_dir) != Path(config.docs_dir):
        return not path.startswith(_UNUSED) and not path.endswith(".map")
    return path.startswith(f"{HANDBOOK}/") or (path in edition.files and not is_markdown(path))
