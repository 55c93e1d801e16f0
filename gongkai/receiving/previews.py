"""Previews: the site as a branch would have it, at an address that nobody can guess.

A branch keeps its token (128 bits) as long as it is there. Tokens are kept in the bare repository, which the public
does not see; whoever has the address sees the preview, so it shows no more than would be public now.
"""

import json
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from gongkai.memory.files import write_atomically
from gongkai.receiving.releases import link_tree
from gongkai.receiving.repository import Repository

_BYTES = 16


@dataclass(frozen=True, slots=True)
class Previews:
    """The previews of `repository`'s branches below `folder`."""

    repository: Repository
    folder: Path

    def tokens(self) -> dict[str, str]:
        """Each branch's token."""
        try:
            found = json.loads(self._file.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return {str(branch): str(token) for branch, token in found.items()}

    def token_of(self, branch: str) -> str:
        """The token of `branch`, a new one where it has none yet."""
        known = self.tokens()
        if branch not in known:
            known[branch] = secrets.token_hex(_BYTES)
            self._keep(known)
        return known[branch]

    def place_of(self, token: str) -> Path:
        return self.folder / token

    def desk_of(self, token: str) -> Path:
        return self.repository.folder / "previews" / token

    def facts_of(self, token: str) -> Path:
        """Where the facts of a preview that stands are kept."""
        return self.desk_of(token) / "facts.json"

    def workshop_of(self, token: str) -> Path:
        """Where a preview is built, out of the public's sight."""
        return self.desk_of(token) / "site"

    def show(self, token: str) -> None:
        """Put what was built in its public place."""
        self.folder.mkdir(parents=True, exist_ok=True)
        making, place, old = (
            self.folder / f".new-{token}",
            self.place_of(token),
            self.folder / f".old-{token}",
        )
        for left in (making, old):
            shutil.rmtree(left, ignore_errors=True)
        link_tree(str(self.workshop_of(token)), str(making))
        if place.exists():
            place.rename(old)
        making.rename(place)
        shutil.rmtree(old, ignore_errors=True)

    def hide(self, token: str) -> None:
        """Take a preview down; its branch keeps its token."""
        self.facts_of(token).unlink(missing_ok=True)
        shutil.rmtree(self.place_of(token), ignore_errors=True)

    def forget(self, branch: str) -> bool:
        """Take the preview of a branch away, and its token; False where it had none."""
        known = self.tokens()
        token = known.pop(branch, "")
        if not token:
            return False
        self._remove(token)
        self._keep(known)
        return True

    def clear(self) -> None:
        """Take away previews that belong to no branch."""
        known = set(self.tokens().values())
        sites = (path.name for path in self.folder.glob("*") if not path.name.startswith("."))
        desks = (path.name for path in self.desk_of("").glob("*"))
        for token in {*sites, *desks} - known:
            self._remove(token)
        for left in self.folder.glob(".*"):
            shutil.rmtree(left, ignore_errors=True)

    def _remove(self, token: str) -> None:
        for place in (self.place_of(token), self.desk_of(token)):
            shutil.rmtree(place, ignore_errors=True)

    def _keep(self, tokens: dict[str, str]) -> None:
        text = json.dumps(tokens, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        write_atomically(self._file, text.encode("utf-8", "surrogateescape"), mode=0o600)

    @property
    def _file(self) -> Path:
        return self.repository.folder / "previews.json"
