"""The report on newer packages, asked with an index of our own on the disk."""

import hashlib
import zipfile

import pytest

from . import freshness

pytestmark = [pytest.mark.server, pytest.mark.once]

NAME = "kaab_nothing"


@pytest.fixture
def index(tmp_path, monkeypatch):
    """An index that offers one package, which holds nothing, in version 1.0."""
    folder = tmp_path / "simple" / NAME.replace("_", "-")
    folder.mkdir(parents=True)
    with zipfile.ZipFile(folder / f"{NAME}-1.0-py3-none-any.whl", "w") as wheel:
        about = f"{NAME}-1.0.dist-info"
        wheel.writestr(
            f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {NAME}\nVersion: 1.0\n"
        )
        wheel.writestr(
            f"{about}/WHEEL",
            "Wheel-Version: 1.0\nGenerator: x\n"
            "Root-Is-Purelib: true\nTag: py3-none-any\n",
        )
        wheel.writestr(f"{about}/RECORD", "")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_INDEX_URL", f"file://{tmp_path}/simple")
    for name in ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL", "PIP_NO_INDEX"):
        monkeypatch.delenv(name, raising=False)
    return folder


def offer(index, attributes=""):
    wheel = f"{NAME}-1.0-py3-none-any.whl"
    (index / "index.html").write_text(f'<a href="{wheel}" {attributes}>{wheel}</a>')


def lock(index, version="1.0"):
    [wheel] = index.glob("*.whl")
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    file = index.parent / "lock.txt"
    file.write_text(f"{NAME.replace('_', '-')}=={version} --hash=sha256:{digest}\n")
    return file


def test_what_is_still_offered_breaks_nothing(index, capsys):
    offer(index)

    freshness.main(lock(index))

    assert "packages have newer versions" in capsys.readouterr().out


def test_what_was_taken_back_is_refused(index):
    offer(index, 'data-yanked="it harms"')

    with pytest.raises(SystemExit, match="Taken back by its authors"):
        freshness.main(lock(index))


def test_what_is_offered_no_longer_is_refused(index):
    offer(index)

    with pytest.raises(SystemExit, match="No matching distribution"):
        freshness.main(lock(index, version="0.9"))


def test_without_an_index_nothing_is_refused(index, capsys, monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", f"file://{index}/nowhere")

    freshness.main(lock(index))

    assert "cannot be reached" in capsys.readouterr().out
