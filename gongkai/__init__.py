"""公开（gongkai）: static publishing for government disclosure."""

from pathlib import Path


def installation_of(package: Path) -> Path:
    """Where the software's own mkdocs.yml, overrides/, hooks/ and docs/handbook/ stand.

    In the package itself, where a wheel has laid them (setup.py), else in the checkout around it.
    """
    return package if (package / "mkdocs.yml").is_file() else package.parent


INSTALLATION = installation_of(Path(__file__).parent)
