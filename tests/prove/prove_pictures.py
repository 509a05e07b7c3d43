"""A thousand pictures that broke decoders: refused, or kept with nothing else."""

import io
import resource
import subprocess
import sys
import tarfile
import time
from importlib.metadata import version

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from centers import pictures

pytestmark = pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")

SECONDS, MEGABYTES = 2, 500


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

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    assert wrong == []
    assert len(corpus) > 1000
    assert slowest < SECONDS
    assert peak < MEGABYTES
    proved(
        "T7",
        f"{len(corpus)} pictures: {refused} refused, {kept} kept clean, the slowest"
        f" {slowest:.1f} s, {peak} MB at most",
    )


def holds_more(content):
    """Return what a JPEG holds beside what it shows."""
    image = Image.open(io.BytesIO(content), formats=["JPEG"])
    known = {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    known |= {"progressive", "progression"}
    return sorted(image.info.keys() - known)
