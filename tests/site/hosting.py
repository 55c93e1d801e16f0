"""Debian's nginx on the loopback interface, with the configuration that the project ships."""

import http.client
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from gongkai.receiving.server import Settings, nginx

_SURROUNDINGS = """\
worker_processes {workers};
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 2048; }}
http {{
    access_log off;
    keepalive_requests 100000;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    include {folder}/gongkai.conf;
}}
"""


#: Seconds, for a machine that is busy with other things.
_PATIENCE = 120


class Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: bytes


class Nginx(NamedTuple):
    """A running nginx; `folder` is its own."""

    port: int
    process: "subprocess.Popen[bytes]"
    folder: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str, *, method: str = "GET", **headers: str) -> Answer:
        """What is answered, no redirect followed; underscores in names of headers are hyphens."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE)
        is_named, is_packed = "Host" in headers, "Accept_Encoding" in headers
        connection.putrequest(method, path, skip_host=is_named, skip_accept_encoding=is_packed)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, body)

    def reload(self) -> None:
        """Let nginx read its configuration again; back when the last worker with the old one is gone."""
        old = self._workers()
        subprocess.run([program(), "-c", str(self.folder / "nginx.conf"), "-s", "reload"], check=True)
        _wait_until(lambda: bool(self._workers()) and self._workers().isdisjoint(old))

    def _workers(self) -> frozenset[str]:
        master = self.process.pid
        return frozenset(Path(f"/proc/{master}/task/{master}/children").read_text("ascii").split())


def program() -> str:
    """nginx, wherever Debian puts it; scripts/test sees to it that there is one."""
    found = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if found is None:
        raise RuntimeError("nginx is not installed (Debian: apt-get install nginx-light)")
    return found


@contextmanager
def served_by_nginx(site: Path, folder: Path, *, workers: int = 1) -> Iterator[Nginx]:
    """nginx before the releases below `site`; it ends with the context."""
    folder.mkdir(parents=True)
    port = _free_port()
    settings = Settings(site=site)
    text = nginx(settings, server_name="_", listen=f"127.0.0.1:{port}")
    (folder / "gongkai.conf").write_text(text, "utf-8")
    surroundings = _SURROUNDINGS.format(folder=folder, workers=workers)
    user = "user root;\n" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(user + surroundings, "utf-8")
    process = subprocess.Popen(
        [program(), "-c", str(folder / "nginx.conf"), "-p", str(folder), "-g", "daemon off;"], stderr=subprocess.PIPE
    )
    try:
        _wait_until(lambda: _answers(port, process))
        yield Nginx(port, process, folder)
    finally:
        process.terminate()
        process.communicate(timeout=_PATIENCE)


def _answers(port: int, process: "subprocess.Popen[bytes]") -> bool:
    if process.poll() is not None:
        raise RuntimeError(process.communicate()[1].decode())
    try:
        socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE).close()
    except OSError:
        return False
    return True


def _wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + _PATIENCE
    while not is_so():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.02)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
