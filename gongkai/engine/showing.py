"""What a site shows, in the few words that whoever keeps several sites needs to tell them apart."""

from typing import NamedTuple

from gongkai.engine.edition import Edition
from gongkai.outputs.addresses import redirects


class Showing(NamedTuple):
    """`documents` are (index number, extent), `files` the paths of attachments, `moves` (old, new) addresses.

    Addresses are relative to the site's root and percent-encoded.
    """

    documents: tuple[tuple[str, str], ...] = ()
    files: tuple[str, ...] = ()
    moves: tuple[tuple[str, str], ...] = ()


def showing_of(edition: Edition) -> Showing:
    return Showing(
        tuple((public.record.index.text, public.decision.extent.value) for public in edition.documents),
        tuple(sorted(edition.files)),
        tuple((move.old, move.new) for move in redirects(edition.documents, edition.checked.claims)),
    )
