"""Which files MkDocs may see: the theme's and the handbook. What belongs to documents is ours to put in place."""

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from gongkai.catalogue.sources import HANDBOOK

#: Parts of Material that no page here uses; our style sheets and scripts go out joined.
_UNUSED = (
    "assets/javascripts/",
    "assets/stylesheets/palette",
    "assets/css/",
    "assets/js/",
    "assets/images/favicon.png",
    "sitemap.xml",
)


def framing_only(files: Files, config: MkDocsConfig) -> Files:
    """`files` without the sources of documents and whatever lies beside them."""
    return Files([file for file in files if _is_framing(file, config)])


def has_handbook(files: Files) -> bool:
    """Whether this build makes pages of the handbook: drafts have one in `serve` only."""
    file = files.get_file_from_path(f"{HANDBOOK}/index.md")
    return file is not None and file.page is not None


def _is_framing(file: File, config: MkDocsConfig) -> bool:
    path = file.src_uri
    if file.src_dir is None or Path(file.src_dir) != Path(config.docs_dir):
        return not path.startswith(_UNUSED) and not path.endswith(".map")
    return path.startswith(f"{HANDBOOK}/")
