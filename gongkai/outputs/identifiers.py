"""`/id/<index number>/`: a page for each number that leads to its document, wherever that lies."""

from html import escape

from gongkai.catalogue.order import PublicDocument
from gongkai.outputs.files import OutputFile

_PAGE = """<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex"><meta http-equiv="refresh" content="0; url={address}">
<title>信息索取号 {index}</title>
<p><a href="{address}">{title}</a></p>
"""


def identifier_page(public: PublicDocument) -> OutputFile:
    """A document's redirect; its links are relative, so the site may lie below any address."""
    number = public.record.index.text
    up = "../" * (number.count("/") + 2)
    page = _PAGE.format(
        address=escape(up + public.url), title=escape(public.record.title), index=escape(number)
    )
    return OutputFile(f"id/{number}/index.html", page.encode())
