"""The visible text of rendered HTML: what the search reads and what an import is compared with."""

from selectolax.lexbor import LexborHTMLParser, LexborNode

_INLINE = frozenset(
    "a abbr b bdi bdo cite code data del dfn em i img ins kbd mark q rp rt ruby s small span strong sub sup u".split()  # noqa: SIM905
)
_UNSEEN = frozenset(("script", "style", "template", "noscript"))


def visible_text(html: str) -> str:
    """A line for each block of `html`; inline elements leave no seam; scripts and styles are left out."""
    body = LexborHTMLParser(html).body
    return text_of_node(body) if body is not None else ""


def text_of_node(node: LexborNode) -> str:
    """The same of one element that was parsed already."""
    parts: list[str] = []
    _collect(node, parts)
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _collect(node: LexborNode, parts: list[str]) -> None:
    for child in node.iter(include_text=True):
        if child.tag == "-text":
            parts.append((child.text_content or "").replace("\n", " "))
        elif child.tag not in _UNSEEN:
            seam = "" if child.tag in _INLINE else "\n"
            parts.append(seam)
            _collect(child, parts)
            parts.append(seam)
