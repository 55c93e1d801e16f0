"""Preview on this machine: the same builds as for publishing, into a folder of their own, behind MkDocs' live reload."""

import logging
import os
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from mkdocs.livereload import LiveReloadServer

from gongkai.engine.build import Request, build_site
from gongkai.engine.edition import BuildFailedError
from gongkai.engine.plugins import watched_places
from gongkai.engine.settings import open_config
from gongkai.engine.templates import template_folders
from gongkai.search.synonyms import NAME as SYNONYMS

#: Seconds between looks at the files, and for which they must rest before a build begins.
_LOOK, _REST = 0.25, 0.05
log = logging.getLogger("mkdocs.hooks.serve")


def serve_site(request: Request, *, address: str) -> None:
    """Serve until interrupted; raises BuildFailedError when the first build fails."""
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise BuildFailedError(f"--address 应为“地址:端口”，如 127.0.0.1:8000，实为“{address}”")
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    with TemporaryDirectory(prefix="gongkai-preview-") as folder:
        _serve(request, host, int(port), Path(folder) / "site")


def _serve(request: Request, host: str, port: int, site_dir: Path) -> None:
    config = open_config(request.config_file, request.docs_dir)
    mount = urlsplit(config.site_url or "/").path
    url = f"http://{host}:{port}/{mount.strip('/')}".rstrip("/") + "/"
    preview = replace(request, site_dir=site_dir, preview_url=url)
    build_site(preview)
    server = LiveReloadServer(lambda: _rebuild(preview), host, port, str(site_dir), mount, polling_interval=_LOOK)
    server.build_delay = _REST
    server.error_handler = lambda code: _error_page(site_dir, code)
    synonyms = Path(config.config_file_path).with_name(SYNONYMS)
    places = (config.docs_dir, config.config_file_path, str(synonyms), *map(str, template_folders(config)))
    for watched in filter(os.path.exists, (*places, *watched_places(config))):
        server.watch(watched)
    try:
        server.serve()  # type: ignore[no-untyped-call]  # MkDocs types it not
    except KeyboardInterrupt:
        log.info("预览结束")
    except OSError as problem:
        raise BuildFailedError(
            f"无法在 {host}:{port} 上提供预览：{problem.strerror}。端口可能已被占用，可用 --address 另指一个"
        ) from None
    finally:
        server.shutdown(wait=False)


def _rebuild(preview: Request) -> None:
    """Build again; what is wrong is told here, and the last good site stays: MkDocs' server would hang till it is mended."""
    try:
        for line in build_site(preview).report.lines():
            log.info(line)
    except BuildFailedError as problem:
        log.error("%s", problem)


def _error_page(site_dir: Path, code: int) -> bytes | None:
    page = site_dir / f"{code}.html"
    return page.read_bytes() if page.is_file() else None
