"""Comments in a body's raw HTML: readers do not see them, and clerks do not expect them to be read, so they stay home.

`records.markdown` has taken out what it knows of the source; this sees to declarations, processing instructions, and
comments that only the parser's own reading of the source makes. Python-Markdown sets raw HTML aside piece by piece and puts it back last of all; code that a document shows is escaped
by then, so what still begins with `<!` or `<?` is a comment, a declaration or a processing instruction. An HTML parser
reads one that is not closed to the end of the page, and so does this.
"""

import re

from markdown import Markdown  # type: ignore[import-untyped]  # ships no types
from markdown.postprocessors import Postprocessor  # type: ignore[import-untyped]  # ships no types

_UNSEEN = re.compile(r"<!--.*?(?:--!?>|\Z)|<[!?].*?(?:>|\Z)", re.DOTALL)


def leave_out_comments(markdown: Markdown) -> None:
    """Let no comment of a body's raw HTML come to the page."""
    markdown.postprocessors.register(_Comments(markdown), "gongkai-comments", 100)


class _Comments(Postprocessor):  # type: ignore[misc]  # the library ships no types
    """Runs before raw HTML is put back."""

    def run(self, text: str) -> str:
        pieces = self.md.htmlStash.rawHtmlBlocks
        for place, piece in enumerate(pieces):
            if isinstance(piece, str) and ("<!" in piece or "<?" in piece):
                pieces[place] = _UNSEEN.sub("", piece)
            if pieces[place] == "" or str(pieces[place]).isspace():
                text = text.replace(f"<p>{self.md.htmlStash.get_placeholder(place)}</p>", "")
        return text
