"""A file server that sends parts of files, several at once if asked, as nginx does and Python's own does not."""

from collections.abc import Sequence
from http.server import SimpleHTTPRequestHandler
from pathlib import Path


class Parted(SimpleHTTPRequestHandler):
    """Sends the parts of a file that are asked for, as RFC 9110 has it."""

    def end_headers(self) -> None:
        self.send_header("Accept-Ranges", "bytes")
        super().end_headers()

    def do_GET(self) -> None:
        wanted = self.headers.get("Range")
        if not wanted:
            super().do_GET()
            return
        data = Path(self.translate_path(self.path)).read_bytes()
        self.send_parts(data, [one.split("-") for one in wanted.removeprefix("bytes=").split(",")])

    def send_parts(self, data: bytes, spans: Sequence[Sequence[str]]) -> None:
        parts = [(int(first), int(last), data[int(first) : int(last) + 1]) for first, last in spans]
        if len(parts) == 1:
            ((first, last, body),) = parts
            self.send_all(206, body, {"Content-Range": f"bytes {first}-{last}/{len(data)}"})
            return
        body = b"".join(
            b"\r\n--seam\r\nContent-Type: text/plain\r\n"
            + f"Content-Range: bytes {first}-{last}/{len(data)}\r\n\r\n".encode()
            + part
            for first, last, part in parts
        )
        self.send_all(206, body + b"\r\n--seam--\r\n", {"Content-Type": "multipart/byteranges; boundary=seam"})

    def send_all(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in (headers | {"Content-Length": str(len(body))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass
