"""What workers do: make the files of some units and put them into the tree. Imported by workers, so kept light."""

import gzip
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from jinja2 import TemplateNotFound

from gongkai.engine.plugins import PluginError
from gongkai.engine.rendering import DocumentJob, Renderer, SourceChangedError, Spec, renderer
from gongkai.engine.trees import Placed, place, place_copy
from gongkai.engine.units import CopyJob, FilesJob, Job
from gongkai.memory.digests import code_digest
from gongkai.outputs import OutputFile

#: Kinds of files that servers would otherwise compress at each request.
_COMPRESSED = (".html", ".css", ".mjs", ".js", ".json", ".csv", ".xml", ".svg")


class Destination(NamedTuple):
    """The tree that files are put into, the public one that may have them already, and the compressions wanted."""

    root: str
    old_root: str
    compressions: tuple[str, ...] = ()


class Batch(NamedTuple):
    spec: Spec
    destination: Destination
    jobs: tuple[tuple[str, Job], ...]


class Made(NamedTuple):
    """The files of a unit, and what others need of them: a document's text name, or SHA-256 of files."""

    files: tuple[Placed, ...]
    value: str


class WorkFailedError(Exception):
    """A unit could not be made; the arguments are its name, why, and whether its content is to blame."""


def make_batch(batch: Batch) -> list[Made]:
    """The units of a batch, made one after another; raises WorkFailedError naming the one that could not be."""
    if batch.spec.code != code_digest():
        raise WorkFailedError("gongkai", "程序在生成期间被改动了，或集群里有一台机器的版本不同", False)
    maker = renderer(batch.spec)
    return [make_unit(name, job, maker, batch.destination) for name, job in batch.jobs]


def make_unit(name: str, job: Job, maker: Renderer, destination: Destination) -> Made:
    """One unit's files, in their place."""
    try:
        if isinstance(job, CopyJob):
            return Made((place_copy(destination.root, job.path, job.source, destination.old_root),), "")
        if isinstance(job, FilesJob):
            return made_files(job, destination)
        value, files = maker.document(job) if isinstance(job, DocumentJob) else ("", (maker.page(job),))
        return Made(tuple(placed for file in files for placed in place_output(file, destination)), value)
    except TemplateNotFound as problem:  # an OSError too, but of no disk
        raise WorkFailedError(name, f"找不到模板 {problem.name}", False) from None
    except PluginError as problem:
        raise WorkFailedError(name, str(problem), False) from problem
    except (OSError, MemoryError):
        raise
    except SourceChangedError:
        raise WorkFailedError(name, "文件在生成期间被改动了。请再生成一次", True) from None
    except RecursionError:
        raise WorkFailedError(name, "引用或清单套得太深。请减少层次", True) from None
    except Exception as problem:
        raise WorkFailedError(name, f"{type(problem).__name__}: {problem}", False) from problem


def made_files(job: FilesJob, destination: Destination) -> Made:
    """The files of a job that needs no template; their SHA-256, with blanks between, are the value."""
    made = job.function(*job.arguments, **job.options)
    files = (made,) if isinstance(made, OutputFile) else tuple(made)
    sums = " ".join(hashlib.sha256(file.data).hexdigest() for file in files)
    return Made(tuple(placed for file in files for placed in place_output(file, destination)), sums)


def place_output(file: OutputFile, destination: Destination) -> Iterator[Placed]:
    """Place a file, and its compressed forms beside it."""
    path, data = file
    yield place(destination.root, path, data, destination.old_root)
    if destination.compressions and Path(path).suffix in _COMPRESSED:
        for kind in destination.compressions:
            yield place(destination.root, f"{path}.{kind}", compressed(data, kind), destination.old_root)


def compressed(data: bytes, kind: str) -> bytes:
    """`data` as `gz` (RFC 1952, without a time) or `br` (RFC 7932)."""
    if kind == "gz":
        return gzip.compress(data, 9, mtime=0)
    import brotli  # type: ignore[import-untyped]  # noqa: PLC0415 - an extra

    packed: bytes = brotli.compress(data, quality=5)  # 9 takes twenty times as long for a hundredth less
    return packed
