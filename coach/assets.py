"""Where the files that ship with the coach lie: inside an installed package, or at the top of a checkout."""

from __future__ import annotations

from pathlib import Path

from coach.errors import Missing

_PACKAGE = Path(__file__).resolve().parent


def asset(name: str) -> Path:
    """The path of `name` in audio_assets. Raises Missing when the installation is incomplete."""
    for folder in (_PACKAGE / "audio_assets", _PACKAGE.parent / "audio_assets"):
        if (folder / name).is_file():
            return folder / name
    raise Missing(f"the file {name} is missing from this installation of the coach; install it again")
