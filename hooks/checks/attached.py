"""Attachments whose text the search cannot find, or not all of it."""

from collections.abc import Iterator
from pathlib import Path

from hooks.catalogue.attachments import public_files
from hooks.catalogue.order import PublicDocument
from hooks.catalogue.sources import shown_path
from hooks.records.attached_text import KINDS, attached_text
from hooks.records.findings import Finding

_MESSAGES = {
    "attachment-scanned": "附件“{name}”里没有文字，像是扫描件，搜索找不到它的内容。请换成由电脑生成的文件，或先做文字识别",
    "attachment-unreadable": "附件“{name}”的内容读不出来，可能加了密码或已损坏。请打开看看，另存后换上",
    "attachment-cut": "附件“{name}”太大，搜索只找得到一部分内容，或一点也找不到。请分成几个文件",
}


def attached_findings(public: PublicDocument, docs_dir: Path) -> Iterator[Finding]:
    """What of the attachments of a document, which go public with its body, cannot be searched."""
    for path in sorted(public_files(public.document)) if public.has_body else ():
        file = docs_dir / path
        if not path.lower().endswith(KINDS) or not file.is_file():
            continue
        if trouble := attached_text(file).trouble:
            message = _MESSAGES[trouble].format(name=path.rpartition("/")[2])
            yield Finding(shown_path(docs_dir / public.document.path), 1, "attachments", trouble, message)
