"""Preview on this machine by MkDocs' own live-reload server."""

import logging
import os
from pathlib import Path

from mkdocs.commands.serve import serve as mkdocs_serve
from mkdocs.exceptions import Abort, MkDocsException

from hooks.engine.build import BuildFailedError


def serve_site(config_file: Path, *, docs_dir: Path | None, address: str, now: str | None) -> None:
    """Serve until interrupted; raises BuildFailedError when the first build fails."""
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise BuildFailedError(f"--address 应为“地址:端口”，如 127.0.0.1:8000，实为“{address}”")
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    folder = str(docs_dir.resolve()) if docs_dir else None
    if now:
        os.environ["GONGKAI_NOW"] = now
    try:
        mkdocs_serve(config_file=str(config_file), livereload=True, dev_addr=address, docs_dir=folder)
    except Abort as stopped:
        is_content = "configuration error" not in str(stopped)
        raise BuildFailedError(str(stopped), is_content=is_content) from None
    except MkDocsException as problem:
        raise BuildFailedError(str(problem)) from None
    except OSError as problem:
        raise BuildFailedError(
            f"无法在 {address} 上提供预览：{problem.strerror}。端口可能已被占用，可用 --address 另指一个"
        ) from None
