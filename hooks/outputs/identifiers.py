"""`/id/<index number>/`: a page for each number that leads to its document, wherever that lies."""

from collections.abc import Iterable, Iterator
from html import escape

from hooks.catalogue.order import PublicDocument
from hooks.outputs.files import OutputFile

_PAGE = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
<link rel="canonical" href="{address}">
<meta http-equiv="refresh" content="0; url={address}">
</head>
<body><p>信息索取号 {index}：<a href="{address}">{title}</a></p></body>
</html>
"""


def identifier_pages(documents: Iterable[PublicDocument]) -> Iterator[OutputFile]:
    """A redirect for each document; links are relative, so the site may lie below any address."""
    for public in documents:
        number = public.record.index.text
        up = "../" * (number.count("/") + 2)
        page = _PAGE.format(
            address=escape(up + public.url), title=escape(public.record.title), index=escape(number)
        )
        yield OutputFile(f"id/{number}/index.html", page.encode())
