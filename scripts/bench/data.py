"""The development data's folder, as a command-line argument."""

from __future__ import annotations

import argparse
from pathlib import Path

NEEDED = ("tools/mix_conversation.py", "data/audio/voices", "data/audio/rooms", "data/audio/noise")


def data_folder(text: str) -> Path:
    """The argparse type of DATA. Raises ArgumentTypeError."""
    folder = Path(text)
    if missing := [name for name in NEEDED if not (folder / name).exists()]:
        raise argparse.ArgumentTypeError(f"{folder} has no {missing[0]}; name the folder that holds tools/ and data/")
    return folder
