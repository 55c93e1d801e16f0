"""What pyproject.toml cannot say: the wheel's `gongkai/` holds what stands at the checkout's top, under the same names.

So the templates, the hook, the handbook, the default settings and the shell entries have the same places below
`gongkai.INSTALLATION` in both.
"""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).parent
#: Files and folders that a bureau's own repository is laid from, and that a server renders with.
BESIDE = (
    "mkdocs.yml",
    "synonyms.yml",
    "requirements.lock",
    "overrides",
    "docs/handbook",
    "scripts/environment.sh",
    "scripts/gongkai",
    "scripts/serve",
    "scripts/build",
    ".vscode",
)


class BuildPackage(build_py):
    """The package and what stands beside it; nothing of an earlier build, whose modules may be gone."""

    def run(self) -> None:
        """An editable install reads the checkout itself: nothing is laid then."""
        if self.editable_mode:
            super().run()
            return
        target = Path(self.build_lib, "gongkai")
        shutil.rmtree(target, ignore_errors=True)
        super().run()
        for name in BESIDE:
            self._lay(ROOT / name, target / name)

    def _lay(self, source: Path, target: Path) -> None:
        files = sorted(source.rglob("*")) if source.is_dir() else [source]
        for file in files:
            if not file.is_dir() and "__pycache__" not in file.parts:
                place = target / file.relative_to(source)
                self.mkpath(str(place.parent))
                self.copy_file(str(file), str(place))


setup(cmdclass={"build_py": BuildPackage})
