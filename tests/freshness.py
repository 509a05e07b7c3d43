"""What the index offers beside the locked packages: a report, and a refusal.

A newer version breaks no build. One that was taken back or is offered no longer does:
nobody should, or nobody could, install the portal anew. Without an index it says so.
"""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
PATIENCE = ["--timeout", "10", "--retries", "1"]
LOCK = ROOT / "requirements.txt"


def main(lock=LOCK):
    # Looked for, not installed. The packages of the tests alone never reach a server.
    looked = pip(
        "install", "--dry-run", "--ignore-installed", "--no-deps", "-r", str(lock)
    )
    for line in looked.stderr.splitlines():
        if "is a yanked version" in line:
            sys.exit(f"Taken back by its authors: {line}")
    if "from versions: none" in looked.stderr:
        print("The index cannot be reached: nothing is known about newer versions.")
        return
    if looked.returncode:
        sys.exit(looked.stderr)
    behind = json.loads(pip("list", "--outdated", "--format", "json").stdout or "[]")
    ours = direct()
    for one in behind:
        mark = "*" if one["name"].lower() in ours else " "
        print(
            f"{mark} {one['name']} {one['version']}, there is {one['latest_version']}"
        )
    print(f"{len(behind)} packages have newer versions (*: named in pyproject.toml).")


def pip(command, *arguments):
    return subprocess.run(
        [*PIP, command, *PATIENCE, *arguments], capture_output=True, text=True
    )


def direct():
    """Return the names of the packages that pyproject.toml asks for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = project["project"]["dependencies"] + project["dependency-groups"]["test"]
    return {Requirement(line).name for line in asked}


if __name__ == "__main__":
    main()
