"""Pages at addresses that documents have left: each leads to where its document is now."""

from collections.abc import Iterable, Iterator
from html import escape
from typing import NamedTuple
from urllib.parse import unquote

from gongkai.catalogue.order import PublicDocument
from gongkai.catalogue.register import Claims
from gongkai.outputs.files import OutputFile
from gongkai.records.reading import address_of

_PAGE = """<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex"><meta http-equiv="refresh" content="0; url={address}">
<title>{title}</title>
<p>这个文件已移到：<a href="{address}">{title}</a></p>
"""


class Redirect(NamedTuple):
    """An old address and the present one, both relative to the site's root and percent-encoded."""

    old: str
    new: str
    title: str


def redirects(documents: Iterable[PublicDocument], claims: Claims) -> Iterator[Redirect]:
    """The addresses that public documents had and have left, but for those where another document now is."""
    if not claims:
        return
    everything = tuple(documents)
    taken = {public.url.casefold() for public in everything}
    for public in everything:
        claim = claims.get(public.record.index.text.casefold())
        for path in claim.paths if claim else ():
            old = address_of(path)
            if old.casefold() not in taken:
                taken.add(old.casefold())
                yield Redirect(old, public.url, public.record.title)


def redirect_page(redirect: Redirect) -> OutputFile:
    """The page at the old address; its links are relative, so the site may lie below any address."""
    path = unquote(redirect.old)
    address = escape("../" * path.count("/") + redirect.new)
    return OutputFile(
        f"{path}index.html", _PAGE.format(address=address, title=escape(redirect.title)).encode()
    )
