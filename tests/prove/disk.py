"""A disk of a proof's own, in memory, whose room it may take away."""

import errno
import os
import subprocess
from pathlib import Path

import pytest

MEGABYTE = 1_000_000
PAGE = 4096


class Disk:
    def __init__(self, folder):
        self.folder, self.ballast = Path(folder), Path(folder) / "ballast"

    def __enter__(self):
        if os.geteuid() != 0:
            pytest.skip("needs root, to mount a disk")
        self.run("mount", "-t", "tmpfs", "-o", "size=2g,mode=700", "tmpfs")
        return self

    def __exit__(self, *_):
        self.run("umount")

    def run(self, *command):
        subprocess.run([*command, self.folder], check=True)

    def leave_free(self, megabytes):
        """Make it larger or smaller, so that no more is free than that."""
        space = os.statvfs(self.folder)
        used = (space.f_blocks - space.f_bfree) * space.f_frsize
        size = used + megabytes * MEGABYTE
        self.run("mount", "-o", f"remount,size={size}")

    def fill(self):
        """Fill it to the last byte."""
        with self.ballast.open("ab", buffering=0) as file:
            try:
                while file.write(b"\0" * PAGE):
                    pass
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise

    def empty(self):
        self.ballast.unlink()
