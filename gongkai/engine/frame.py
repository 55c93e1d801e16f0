"""What MkDocs itself makes of a site: the theme's files, ours beside them, the 404 page, in a preview the handbook.

MkDocs builds these into a folder of its own, from a docs folder that holds nothing but a link to the handbook, so that
it never walks through the documents.
"""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from mkdocs.commands.build import build as mkdocs_build
from mkdocs.config.defaults import MkDocsConfig

from gongkai.catalogue.sources import HANDBOOK
from gongkai.engine.settings import open_config
from gongkai.engine.templates import package_templates, stylesheet, template_folders
from gongkai.outputs import OutputFile
from gongkai.outputs.scripts import scripts

#: In `config.extra`: that this build makes the frame only.
MARK = "frame_only"


def frame_files(
    config_file: str, docs_dir: str, *, site_url: str, has_handbook: bool
) -> tuple[OutputFile, ...]:
    """The frame's files; `has_handbook` in a preview that is served at `site_url`."""
    with TemporaryDirectory(prefix="gongkai-frame-") as made:
        folder = Path(made)
        (folder / "docs").mkdir()
        if has_handbook:
            (folder / "docs" / HANDBOOK).symlink_to(Path(docs_dir, HANDBOOK).resolve())
        config = open_config(Path(config_file), folder / "docs")
        config.site_url, config.site_dir = site_url, str(folder / "site")
        config.extra[MARK] = True
        config.plugins.on_startup(command="serve" if has_handbook else "build", dirty=False)
        mkdocs_build(config, serve_url=site_url if has_handbook else None)
        config.plugins.on_shutdown()
        return (*_files_below(folder / "site"), *joined_files(template_folders(config)))


def joined_files(folders: Sequence[Path]) -> tuple[OutputFile, ...]:
    """The style sheet and the scripts, joined from the parts in which they are written."""
    return (stylesheet(folders), *scripts(package_templates() / "assets" / "js"))


def is_frame(config: MkDocsConfig) -> bool:
    return bool(config.extra.get(MARK))


def _files_below(folder: Path) -> tuple[OutputFile, ...]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return tuple(OutputFile(path.relative_to(folder).as_posix(), path.read_bytes()) for path in paths)
