"""The plan of one build: all of its units, and what a worker must know to make them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig

from gongkai.engine.edition import BuildFailedError, Edition
from gongkai.engine.frame import frame_files, handbook_of
from gongkai.engine.plugins import plugin_digests, snippet_digest
from gongkai.engine.rendering import Spec
from gongkai.engine.settings import settings_digests
from gongkai.engine.templates import Templates, gallery, style_sheets, template_folders
from gongkai.engine.units import Basis, FilesJob, Inputs, Unit, page_unit, shown_settings, units
from gongkai.memory.digests import canonical, code_digest, digest, folder_digest
from gongkai.search.synonyms import NAME as SYNONYMS
from gongkai.search.synonyms import read_synonyms
from gongkai.site import Site

FRAME = "frame"


@dataclass(frozen=True, slots=True)
class BuildSettings:
    """What a build depends on beside its documents.

    `folders` are those of templates, `appearance` is a digest of all that lies there and of the bureau's synonyms;
    `compressions` are the forms (`gz`, `br`) that files are put in beside themselves.
    """

    site: Site
    site_url: str
    docs_dir: Path
    config_file: Path
    folders: tuple[Path, ...]
    appearance: bytes
    basis: Basis
    frame_plugins: bytes
    has_handbook: bool
    compressions: tuple[str, ...]
    is_unlisted: bool = False
    synonyms: tuple[tuple[str, ...], ...] = ()

    @property
    def spec(self) -> Spec:
        basis = self.basis
        version = digest(basis.code, basis.plugins, basis.settings, basis.markdown, self.appearance)
        return Spec(
            str(self.config_file),
            str(self.docs_dir),
            self.site_url,
            self.has_handbook,
            self.basis.code,
            version,
            self.is_unlisted,
        )


def build_settings(
    config: MkDocsConfig,
    site: Site,
    *,
    has_handbook: bool = False,
    is_unlisted: bool = False,
    compressions: tuple[str, ...] = (),
) -> BuildSettings:
    """The settings of a build under `config`; raises BuildFailedError where synonyms.yml has a mistake."""
    synonyms = read_synonyms(Path(config.config_file_path).with_name(SYNONYMS))
    if synonyms.problems:
        raise BuildFailedError("\n".join(synonyms.problems))
    folders = template_folders(config)
    plugins = plugin_digests(config)
    options = canonical((has_handbook, is_unlisted))
    basis = _basis(config, site, plugins.pages, options=options, compressions=compressions)
    return BuildSettings(
        site=site,
        site_url=config.site_url or "",
        docs_dir=Path(config.docs_dir).resolve(),
        config_file=Path(config.config_file_path).resolve(),
        folders=folders,
        appearance=digest(*map(folder_digest, folders), canonical(synonyms.groups)),
        basis=basis,
        frame_plugins=plugins.frame,
        has_handbook=has_handbook,
        compressions=compressions,
        is_unlisted=is_unlisted,
        synonyms=synonyms.groups,
    )


def _basis(config: MkDocsConfig, site: Site, plugins: bytes, *, options: str, compressions: tuple[str, ...]) -> Basis:
    folders = template_folders(config)
    pages, extensions = settings_digests(config)
    sheet = style_sheets(folders)[0].path
    return Basis(
        code=code_digest(),
        compressions=canonical(compressions).encode(),
        settings=digest(pages, shown_settings(site), config.site_url or "", sheet, options),
        markdown=digest(extensions, snippet_digest(config)),
        plugins=plugins,
        templates=Templates(folders, config.theme.dirs),
    )


def planned(edition: Edition, settings: BuildSettings) -> Iterator[Unit]:
    """Every unit of `edition`, the frame among them; no sitemap of a site that wants no visitors from search engines."""
    for unit in units(edition, settings.basis):
        if not (settings.is_unlisted and unit.kind == "sitemap"):
            yield unit
    yield _frame(settings)
    if settings.has_handbook:
        yield page_unit(gallery(settings.folders), settings.basis)


def _frame(settings: BuildSettings) -> Unit:
    """The theme's files and the 404 page; with the handbook where it is shown."""
    basis = settings.basis
    handbook = folder_digest(handbook_of(settings.docs_dir)) if settings.has_handbook else b""
    inputs = Inputs(
        source=handbook,
        template=settings.appearance,
        settings=basis.settings + basis.compressions + basis.markdown,
        code=basis.code + settings.frame_plugins,
    )
    arguments = (str(settings.config_file), str(settings.docs_dir))
    options = {"site_url": settings.site_url, "has_handbook": settings.has_handbook}
    return Unit(FRAME, FRAME, inputs, partial(FilesJob, frame_files, arguments, options))
