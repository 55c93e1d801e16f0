"""Which files MkDocs may see: public documents and what goes with them, the pages we make, and no more."""

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from hooks.catalogue.attachments import is_markdown
from hooks.catalogue.sources import HANDBOOK
from hooks.engine.edition import Edition

#: Parts of Material that no page here uses; our style sheets go out joined.
_UNUSED = ("assets/javascripts/", "assets/stylesheets/palette", "assets/css/", "assets/images/favicon.png")


def public_only(files: Files, config: MkDocsConfig, edition: Edition) -> Files:
    """`files` without what is not public, and with a generated file for each page that is not a document."""
    kept = [file for file in files if _is_public(file, config, edition)]
    made = [File.generated(config, source, content="") for source in edition.views]
    return Files([*kept, *made])


def _is_public(file: File, config: MkDocsConfig, edition: Edition) -> bool:
    path = file.src_uri
    if file.src_dir is None or Path(file.src_dir) != Path(config.docs_dir):
        return not path.startswith(_UNUSED) and not path.endswith(".map")
    if is_markdown(path):
        return path.startswith(f"{HANDBOOK}/") or path in edition.by_path
    return path.startswith(f"{HANDBOOK}/") or path in edition.files
