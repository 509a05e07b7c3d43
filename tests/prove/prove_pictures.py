"""A thousand pictures that broke decoders: refused, or kept with nothing else."""

import io
import re
import subprocess
import sys
import tarfile
import time
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple
from warnings import simplefilter

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from centers import pictures

SECONDS, MEGABYTES = 2, 300


@pytest.fixture(scope="session")
def corpus(tmp_path_factory):
    """The pictures on which the decoders themselves are tested, of the same version."""
    folder = tmp_path_factory.mktemp("corpus")
    subprocess.run(
        [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        + ["--no-binary", "pillow", "--dest", folder, f"pillow=={version('pillow')}"],
        check=True,
        capture_output=True,
    )
    [file] = folder.glob("*.tar.gz")
    with tarfile.open(file) as sources:
        return {
            member.name: sources.extractfile(member).read()
            for member in sources
            if member.isfile() and "/Tests/images/" in member.name
        }


def test_each_is_refused_or_kept_with_nothing_else(corpus, proved):
    # In a process of its own: how much memory a process took is known for all its life.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
        figures = alone.submit(draw_all, corpus).result()

    assert figures.wrong == []
    assert figures.refused + figures.kept == len(corpus) > 1000
    assert figures.slowest < SECONDS
    assert figures.peak < MEGABYTES
    proved(
        "T7",
        f"{len(corpus)} pictures: {figures.refused} refused, {figures.kept} kept clean,"
        f" the slowest {figures.slowest:.1f} s, {figures.peak} MB at most",
    )


class Figures(NamedTuple):
    refused: int
    kept: int
    wrong: list
    slowest: float
    peak: int


def draw_all(corpus):
    simplefilter("ignore", Image.DecompressionBombWarning)
    refused, kept, wrong, slowest = 0, 0, [], 0
    for name, content in corpus.items():
        started = time.monotonic()
        try:
            drawn = pictures.drawn(SimpleUploadedFile("photo", content))
        except (pictures.NotAPicture, pictures.TooLarge):
            refused += 1
        else:
            kept += 1
            wrong += [name] if holds_more(drawn.large) + holds_more(drawn.small) else []
        slowest = max(slowest, time.monotonic() - started)
    # What `getrusage` says is at least what the process that started this one took.
    status = Path("/proc/self/status").read_text()
    peak = int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) // 1024
    return Figures(refused, kept, wrong, slowest, peak)


def holds_more(content):
    """Return what a JPEG holds beside what it shows."""
    image = Image.open(io.BytesIO(content), formats=["JPEG"])
    known = {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    known |= {"progressive", "progression"}
    return sorted(image.info.keys() - known)
