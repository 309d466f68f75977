"""Voices that people agreed to have kept, so that they need not check in the next time.

What is kept is the model of a voice, as arrays of numbers under names, and no sound: one file a person, readable by
its owner alone. The file's name is the person's, with what a file system might not take written as %XX.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import quote, unquote
from zipfile import BadZipFile

import numpy as np

from coach.core.errors import BadInput, CoachError
from coach.core.settings import private_folder

VOICES_FOLDER = "voices"

Arrays = dict[str, np.ndarray]


def keep_voice(data: Path, who: str, arrays: Mapping[str, np.ndarray]) -> Path:
    """Writes the voice of `who` into the folder `data`, all of it or nothing. Raises CoachError when it cannot."""
    folder = private_folder(data / VOICES_FOLDER)
    path = _file(folder, who)
    part: Path | None = None
    try:
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:  # made with mode 0600
            part = Path(file.name)
            np.savez(file, **arrays)  # type: ignore[arg-type]
        os.replace(part, path)
    except OSError as error:
        if part is not None:
            part.unlink(missing_ok=True)  # half a voice is somebody's too
        raise CoachError(f"the voice of {who} could not be kept ({error.strerror or error})") from error
    return path


def kept_voices(data: Path, people: Iterable[str]) -> dict[str, Arrays]:
    """The voices of all `people`; none at all when one of them is not kept, since one alone is of no use.

    Raises CoachError for a file that is damaged.
    """
    voices = {}
    for who in people:
        path = _file(data / VOICES_FOLDER, who)
        if not path.is_file():
            return {}
        try:
            with np.load(path, allow_pickle=False) as stored:
                voices[who] = {name: stored[name] for name in stored.files}
        except (OSError, ValueError, EOFError, BadZipFile) as error:
            raise CoachError(
                f"the kept voice of {who} cannot be read ({error}); "
                "remove it with `coach forget voices` and check in anew"
            ) from error
    return voices


def names_kept(data: Path) -> list[str]:
    """Whose voices are kept."""
    return sorted(unquote(path.stem) for path in (data / VOICES_FOLDER).glob("*.npz"))


def forget_voice(data: Path, who: str) -> None:
    """Deletes the kept voice of one person. Raises BadInput when there is none, CoachError when it cannot be."""
    path = _file(data / VOICES_FOLDER, who)
    if not path.is_file():
        kept = names_kept(data)
        raise BadInput(f"no voice of {who} is kept; " + (f"kept are: {', '.join(kept)}" if kept else "none is at all"))
    try:
        path.unlink()
    except OSError as error:
        raise CoachError(f"the voice of {who} is not deleted ({error.strerror or error}); remove {path}") from error


def forget_voices(data: Path) -> int:
    """Deletes all kept voices, and what a write that was cut off left of one; how many whole ones there were."""
    paths = list((data / VOICES_FOLDER).glob("*"))
    for path in paths:
        path.unlink()
    return sum(path.suffix == ".npz" for path in paths)


def _file(folder: Path, who: str) -> Path:
    return folder / f"{quote(who, safe=' ')}.npz"
