"""The units of systemd and the containers of deploy/, each asked of its own tool."""

import ctypes
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from kaab.management import commands

from .portal import ROOT

pytestmark = pytest.mark.once
UNITS = sorted((ROOT / "deploy/systemd").iterdir())
SERVICES = [unit for unit in UNITS if unit.suffix == ".service"]
COMPOSE = ROOT / "deploy/compose/compose.yaml"
KNOWN = {file.stem for file in Path(commands.__path__[0]).glob("*.py")}
# Django's own.
KNOWN |= {"collectstatic", "migrate"}
# Of ten: 9.6 is a service without any protection, 2 what systemd calls safe.
EXPOSURE = 20


def by_name(path):
    return path.name


@pytest.fixture
def units(tmp_path):
    """The units as they would stand with the program where it is here."""
    for unit in UNITS:
        text = unit.read_text().replace("/srv/kaab", str(ROOT))
        (tmp_path / unit.name).write_text(text)
    return tmp_path


@pytest.mark.server
def test_systemd_understands_every_unit(units):
    done = subprocess.run(
        ["systemd-analyze", "verify", *units.iterdir()],
        capture_output=True,
        text=True,
    )

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.server
@pytest.mark.parametrize("unit", SERVICES, ids=by_name)
def test_a_service_can_do_little_harm(units, unit):
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager"]
    done = subprocess.run(
        [*command, f"--threshold={EXPOSURE}", units / unit.name],
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("unit", SERVICES, ids=by_name)
def test_every_service_is_hardened_alike(unit):
    def hardening(file):
        text = file.read_text()
        return text[text.index("StateDirectory=") :].partition("\n[Install]")[0].strip()

    assert hardening(unit) == hardening(ROOT / "deploy/systemd/kaab.service")


@pytest.mark.parametrize("unit", SERVICES, ids=by_name)
def test_a_service_dumps_no_memory_and_knows_no_demo(unit):
    text = unit.read_text()

    assert "LimitCORE=0" in text
    assert "DEMO=0" in text


@pytest.mark.parametrize("unit", SERVICES, ids=by_name)
def test_a_unit_runs_commands_that_there_are(unit):
    run = set(re.findall(r"manage\.py (\w+)", unit.read_text()))

    assert run <= KNOWN


def test_every_timer_has_its_service():
    timers = {unit.stem for unit in UNITS if unit.suffix == ".timer"}

    assert timers == {"kaab-daily", "kaab-backup"}
    assert timers <= {unit.stem for unit in SERVICES}


@pytest.mark.server
def test_the_program_needs_no_memory_that_is_written_and_run():
    """MemoryDenyWriteExecute of the units; Linux 6.3 refuses by itself when asked."""

    def refuse():
        ctypes.CDLL(None).prctl(65, 1, 0, 0, 0)

    work = (
        "import argon2, cryptography.fernet as f, psycopg2, waitress, brotli;"
        "argon2.PasswordHasher().hash('x'); f.Fernet(f.Fernet.generate_key())"
    )
    done = subprocess.run(
        [sys.executable, "-c", work], preexec_fn=refuse, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stderr


# The containers


@pytest.fixture
def containers(tmp_path):
    """What the composing tool makes of the file, with the examples for secrets."""
    shutil.copytree(ROOT / "deploy", tmp_path / "deploy")
    folder = tmp_path / "deploy/compose"
    for example in folder.glob("*.example"):
        example.rename(example.with_suffix(""))
    done = subprocess.run(
        ["docker-compose", "--file", folder / "compose.yaml", "config"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return yaml.safe_load(done.stdout)["services"]


@pytest.mark.server
def test_the_composing_tool_understands_the_containers(containers):
    assert set(containers) == {"database", "portal", "nginx"}
    assert all("healthcheck" in one for one in containers.values())
    assert containers["nginx"]["network_mode"] == "service:portal"
    # Only the portal has the keys.
    assert "SECRET_KEY" not in containers["database"]["environment"]


def test_the_image_is_made_of_files_that_there_are():
    lines = (ROOT / "deploy/compose/Dockerfile").read_text()
    copied = re.findall(r"^COPY (\S+)", lines, re.M)

    assert "requirements.txt" in copied
    assert [name for name in copied if not (ROOT / name).exists()] == []
    assert set(re.findall(r"manage\.py (\w+)", lines)) <= KNOWN


def test_the_image_holds_every_app_and_no_secret():
    copied = (ROOT / "deploy/compose/Dockerfile").read_text()
    ignored = (ROOT / "deploy/compose/Dockerfile.dockerignore").read_text().split()

    assert all(f"COPY {app} {app}" in copied for app in ("centers", "concerns"))
    assert all(f"COPY {app} {app}" in copied for app in ("meetings", "kaab"))
    assert {"var", ".git", "**/*.env"} <= set(ignored)


def test_what_a_container_mounts_of_the_repository_is_there():
    services = yaml.safe_load(COMPOSE.read_text())["services"]
    mounted = [
        volume.partition(":")[0]
        for service in services.values()
        for volume in service.get("volumes", [])
        if volume.startswith("..")
    ]

    assert len(mounted) == 2
    assert all((COMPOSE.parent / path).exists() for path in mounted)
