"""The folder of development data, as it is named on the command line."""

from __future__ import annotations

import argparse
from pathlib import Path

NEEDED = ("tools/mix_conversation.py", "data/audio/voices", "data/audio/rooms", "data/audio/noise")


def data_folder(text: str) -> Path:
    """The type of the argument DATA. Raises what argparse tells as wrong usage."""
    folder = Path(text)
    if missing := [name for name in NEEDED if not (folder / name).exists()]:
        raise argparse.ArgumentTypeError(f"{folder} has no {missing[0]}; name the folder that holds tools/ and data/")
    return folder
