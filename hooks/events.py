"""MkDocs' events: each translates, calls one function and stores what it returns.

What belongs to one build lives in `config.extra`; this module keeps nothing, because it lives through every rebuild of
`mkdocs serve`. `gongkai build` asks MkDocs for the frame alone (`engine/frame.py`); `mkdocs build` and `mkdocs serve`
get the documents from the last event.
"""

import os
from pathlib import Path

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, ConfigurationError
from mkdocs.plugins import event_priority
from mkdocs.structure.files import Files

from gongkai.engine import frame, publishing, rendering
from gongkai.engine.edition import ContentError, prepare, read_now
from gongkai.engine.plan import build_settings
from gongkai.engine.plugins import check_plugins
from gongkai.engine.rendering import handbook_context as on_page_context  # noqa: F401 - MkDocs looks for the name
from gongkai.engine.templates import look_in_package
from gongkai.site import read_site


@event_priority(100)  # before other plugins, which may fail in this event on what is refused here
def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Validate `extra.disclosure` and the instant; take MkDocs' own sitemap out of the way of ours."""
    try:
        if not frame.is_frame(config):
            check_plugins(config)
        site = config.extra["site"] = read_site(config.extra.get("disclosure"), file=config.config_file_path)
        config.extra["instant"] = read_now(os.environ.get("GONGKAI_NOW"), site)
    except ValueError as problems:
        raise ConfigurationError(str(problems)) from None
    if not config.site_url:
        raise ConfigurationError(f"{config.config_file_path}: site_url: 缺少网站的网址，订阅和网站地图要用它。请补上")
    config.theme.static_templates.discard("sitemap.xml")
    look_in_package(config)
    return config


def on_pre_build(config: MkDocsConfig) -> None:
    """Read every document before MkDocs empties the site's folder, so that an error leaves it as it was."""
    if frame.is_frame(config):
        return
    try:
        config.extra["edition"] = prepare(
            docs_dir=Path(config.docs_dir),
            site=config.extra["site"],
            site_url=config.site_url or "",
            now=config.extra["instant"],
        )
    except ContentError as problem:
        raise Abort(str(problem)) from None


def on_files(files: Files, config: MkDocsConfig) -> Files:
    return frame.framing_only(files, config)


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> Environment:
    config.extra["has_handbook"] = frame.has_handbook(files)
    rendering.prepare_environment(env, config, config.extra["site"], has_handbook=config.extra["has_handbook"])
    return env


def on_post_build(config: MkDocsConfig) -> None:
    """Put every page and every file of the documents beside what MkDocs made."""
    if not frame.is_frame(config):
        settings = build_settings(config, config.extra["site"], has_handbook=config.extra["has_handbook"])
        publishing.publish_whole(config.extra["edition"], settings, Path(config.site_dir))
