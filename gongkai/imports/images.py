"""Pictures: what kind they are, the name they are filed under, and their metadata taken off.

Cameras and drawing programs write who, where and with what into a picture (EXIF, XMP, IPTC, text chunks). Of all that
only the way up of a photograph is kept.
"""

import hashlib
import struct
from typing import Final

_KINDS: Final = {
    **{b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg", b"GIF87a": "gif", b"GIF89a": "gif", b"BM": "bmp"},
}
_PNG_WORDS: Final = (b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME")
_JPEG_WORDS: Final = (0xE1, 0xED, 0xFE)
"""APP1 (EXIF, XMP), APP13 (IPTC), comment."""
_ORIENTATION: Final = 0x0112


def kind_of(data: bytes) -> str:
    """The ending for a picture that every browser shows; "" for any other file."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    return next((kind for start, kind in _KINDS.items() if data.startswith(start)), "")


def named_by_content(data: bytes, ending: str, stem: str = "") -> str:
    """A file name that is another for other content and the same for the same."""
    digest = hashlib.sha256(data).hexdigest()[:12]
    return f"{stem}-{digest[:8]}.{ending}" if stem else f"{digest}.{ending}"


def without_metadata(data: bytes) -> bytes:
    """The picture without what it tells of its makers; a damaged one as it is."""
    try:
        if data.startswith(b"\x89PNG"):
            return _png(data)
        if data.startswith(b"\xff\xd8\xff"):
            return _jpeg(data)
    except (struct.error, IndexError):
        pass
    return data


def _png(data: bytes) -> bytes:
    kept, at = [data[:8]], 8
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        end = at + 12 + length
        if data[at + 4 : at + 8] not in _PNG_WORDS:
            kept.append(data[at:end])
        at = end
    return b"".join(kept)


def _jpeg(data: bytes) -> bytes:
    kept, at = [data[:2]], 2
    while data[at] == 0xFF and data[at + 1] != 0xDA:
        (length,) = struct.unpack_from(">H", data, at + 2)
        segment = data[at : at + 2 + length]
        if data[at + 1] not in _JPEG_WORDS:
            kept.append(segment)
        elif segment[4:10] == b"Exif\x00\x00":
            kept.append(_way_up(segment[10:]))
        at += 2 + length
    return b"".join([*kept, data[at:]])


def _way_up(exif: bytes) -> bytes:
    """A segment that says only how a turned photograph is to be shown; b"" for one that is not turned."""
    order = "<" if exif[:2] == b"II" else ">"
    (first,) = struct.unpack_from(f"{order}I", exif, 4)
    (count,) = struct.unpack_from(f"{order}H", exif, first)
    for entry in range(count):
        tag, _, _, value = struct.unpack_from(f"{order}HHIH", exif, first + 2 + 12 * entry)
        if tag == _ORIENTATION and value in range(2, 9):
            words = struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, _ORIENTATION, 3, 1, value, 0, 0)
            body = b"Exif\x00\x00" + words
            return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
    return b""
