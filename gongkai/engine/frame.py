"""What MkDocs itself makes of a site: the theme's files, ours beside them, the 404 page, in a preview the handbook.

MkDocs builds these into a folder of its own, from a docs folder that holds nothing but a link to the handbook, so that
it never walks through the documents. What belongs to documents is ours to put in place.
"""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel

from gongkai import INSTALLATION
from gongkai.catalogue.sources import HANDBOOK
from gongkai.engine.settings import open_config
from gongkai.engine.templates import style_sheets, template_folders
from gongkai.outputs import OutputFile

#: In `config.extra`: that this build makes the frame only.
MARK = "frame_only"
#: Parts of Material that no page here uses; our style sheets go out joined.
_UNUSED = (
    "assets/javascripts/",
    "assets/stylesheets/palette",
    "assets/css/",
    "assets/images/favicon.png",
    "sitemap.xml",
)
#: What parts of a page are made from, beside their templates.
_SOURCES = (".css", ".mjs", ".yml", ".sha256")


def frame_files(config_file: str, docs_dir: str, *, site_url: str, has_handbook: bool) -> tuple[OutputFile, ...]:
    """The frame's files; `has_handbook` in a preview that is served at `site_url`."""
    with TemporaryDirectory(prefix="gongkai-frame-") as made:
        folder = Path(made)
        (folder / "docs").mkdir()
        if has_handbook:
            (folder / "docs" / HANDBOOK).symlink_to(handbook_of(Path(docs_dir)).resolve())
        config = open_config(Path(config_file), folder / "docs")
        config.site_url, config.site_dir = site_url, str(folder / "site")
        config.extra[MARK] = True
        config.plugins.on_startup(command="serve" if has_handbook else "build", dirty=False)
        mkdocs_build(config, serve_url=site_url if has_handbook else None)
        config.plugins.on_shutdown()
        return (*_files_below(folder / "site"), *style_sheets(template_folders(config)))


def is_frame(config: MkDocsConfig) -> bool:
    return bool(config.extra.get(MARK))


def framing_only(files: Files, config: MkDocsConfig) -> Files:
    """`files` without the sources of documents and whatever lies beside them.

    Where MkDocs builds by itself and the site has no handbook, the software's own is added, as drafts.
    """
    kept = [file for file in files if _is_framing(file, config)]
    is_settled = is_frame(config) or any(file.src_uri.startswith(f"{HANDBOOK}/") for file in kept)
    return Files(kept if is_settled else [*kept, *_our_handbook(config)])


def handbook_of(docs_dir: Path) -> Path:
    """The folder of the site's handbook: the software's own, which is upgraded with it, where the site has none."""
    own = docs_dir / HANDBOOK
    return own if own.is_dir() else INSTALLATION / "docs" / HANDBOOK


def _our_handbook(config: MkDocsConfig) -> Iterator[File]:
    folder = INSTALLATION / "docs"
    for path in sorted((folder / HANDBOOK).rglob("*.md")):
        yield File(
            path.relative_to(folder).as_posix(),
            src_dir=str(folder),
            dest_dir=config.site_dir,
            use_directory_urls=config.use_directory_urls,
            inclusion=InclusionLevel.DRAFT,
        )


def has_handbook(files: Files) -> bool:
    """Whether this build makes pages of the handbook: drafts have one in `serve` only."""
    file = files.get_file_from_path(f"{HANDBOOK}/index.md")
    return file is not None and file.page is not None


def _is_framing(file: File, config: MkDocsConfig) -> bool:
    path = file.src_uri
    if file.src_dir is not None and Path(file.src_dir) == Path(config.docs_dir):
        return path.startswith(f"{HANDBOOK}/")
    is_source = path.startswith("parts/") and path.endswith(_SOURCES)
    return not (is_source or path.startswith(_UNUSED) or path.endswith(".map"))


def _files_below(folder: Path) -> tuple[OutputFile, ...]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return tuple(OutputFile(path.relative_to(folder).as_posix(), path.read_bytes()) for path in paths)
