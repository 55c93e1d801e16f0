"""Pictures that are too large to open on a telephone: their bytes, and their pixels as their own header tells them."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import imagesize  # type: ignore[import-untyped]  # ships no types

from gongkai.catalogue.attachments import resolve
from gongkai.catalogue.order import Decided
from gongkai.records.disclosure import Extent
from gongkai.records.findings import Finding
from gongkai.site import Checks

_KINDS = (".png", ".jpg", ".jpeg", ".gif", ".webp")


def picture_findings(everything: Iterable[Decided], docs_dir: Path, limits: Checks) -> Iterator[Finding]:
    """Findings on the pictures that public bodies show; they name files relative to docs/."""
    known: dict[str, str] = {}
    for one in everything:
        if one.decision.extent is not Extent.FULL:
            continue
        for target in one.document.links:
            path = resolve(target.address, one.document.folder)
            if path and path.lower().endswith(_KINDS):
                message = known[path] if path in known else _complaint(docs_dir / path, limits)
                known[path] = message
                if message:
                    yield Finding(one.document.path, target.line, "", "image-large", message)


def _complaint(file: Path, limits: Checks) -> str:
    try:
        kilobytes = file.stat().st_size // 1024
        width, height = imagesize.get(file)
    except (OSError, ValueError, IndexError):
        return ""  # a file that is not there is a finding of its own
    told = []
    if kilobytes > limits.image_kilobytes:
        told.append(f"有 {kilobytes:,} KB（限 {limits.image_kilobytes:,} KB）")
    if max(width, height) > limits.image_pixels:
        told.append(f"有 {width}×{height} 像素（长边限 {limits.image_pixels}）")
    if not told:
        return ""
    return f"图片“{file.name}”{'，'.join(told)}，手机上要等很久。请缩小后换上"
