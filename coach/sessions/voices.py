"""Voice models that people agreed to keep, so that they need not check in next time.

Each person has one file, which only its owner can read. It holds the model of the voice as named arrays, and no sound.
The file is named after the person; characters that a file system may refuse are written as %XX. A name too long for
that is in the file, which is then named after a digest of it.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, unquote
from zipfile import BadZipFile

import numpy as np

from coach.core.errors import BadInput, CoachError, reason_of
from coach.core.files import write_private
from coach.core.names import plain_name
from coach.core.settings import private_folder

VOICES_FOLDER = "voices"
_LONGEST_FILE = 200  # bytes of a file's name; most file systems take 255
_DIGEST = "%%"  # begins the name of a file that is not named after its person; no quoted name does
_WHO = "who"  # the entry of such a file with the person's name

Arrays = dict[str, np.ndarray]


def keep_voice(data: Path, who: str, arrays: Mapping[str, np.ndarray]) -> Path:
    """Write the voice of `who` into the folder `data`, whole or not at all, and return its path. Raises CoachError."""
    folder = private_folder(data / VOICES_FOLDER)
    path = _file(folder, who)
    whole = io.BytesIO()
    np.savez(whole, **arrays, **_named(path, who))  # type: ignore[arg-type]
    try:
        write_private(path, whole.getvalue())
    except OSError as error:
        raise CoachError(f"the voice of {who} could not be kept ({reason_of(error)})") from error
    return path


def kept_voices(data: Path, people: Iterable[str]) -> dict[str, Arrays]:
    """The voices of all `people` by name, or none if one of them is not kept: attribution needs them all.

    Raises CoachError for a damaged file.
    """
    voices = {}
    for who in people:
        path = _file(data / VOICES_FOLDER, who)
        if not path.is_file():
            return {}
        try:
            with np.load(path, allow_pickle=False) as stored:
                voices[who] = {name: stored[name] for name in stored.files if name != _WHO}
        except (OSError, ValueError, EOFError, BadZipFile) as error:
            raise CoachError(
                f"the kept voice of {who} cannot be read ({error}); "
                "remove it with `coach forget voices` and check in again"
            ) from error
    return voices


def names_kept(data: Path) -> list[str]:
    """The names of the people whose voices are kept, sorted."""
    return sorted(map(_who, (data / VOICES_FOLDER).glob("*.npz")))


def forget_voice(data: Path, who: str) -> None:
    """Delete the kept voice of one person. Raises BadInput if there is none, CoachError if the disk refuses."""
    path = _file(data / VOICES_FOLDER, who)
    if not path.is_file():
        kept = names_kept(data)
        raise BadInput(
            f"no voice of {who} is kept; " + (f"kept are: {', '.join(kept)}" if kept else "no voice is kept")
        )
    try:
        path.unlink()
    except OSError as error:
        raise CoachError(f"the voice of {who} could not be deleted ({reason_of(error)}); remove {path}") from error


def forget_voices(data: Path) -> int:
    """Delete all kept voices and the remains of interrupted writes. Returns the number of voices."""
    paths = list((data / VOICES_FOLDER).glob("*"))
    for path in paths:
        path.unlink()
    return sum(path.suffix == ".npz" for path in paths)


def _file(folder: Path, who: str) -> Path:
    """The file of `who`: one that is there under another form of the name in Unicode, or the one to make."""
    there = (path for path in folder.glob("*.npz") if plain_name(_who(path)) == plain_name(who))
    return next(there, folder / f"{_file_name(who)}.npz")


def _file_name(who: str) -> str:
    quoted = quote(who, safe=" ")
    return quoted if len(quoted) <= _LONGEST_FILE else _DIGEST + hashlib.sha256(who.encode()).hexdigest()[:32]


def _named(path: Path, who: str) -> Arrays:
    return {_WHO: np.array(who)} if path.stem.startswith(_DIGEST) else {}


def _who(path: Path) -> str:
    """The person of a kept voice. A file that has lost the name is called by its own."""
    if path.stem.startswith(_DIGEST):
        with suppress(OSError, ValueError, EOFError, BadZipFile, KeyError), np.load(path, allow_pickle=False) as stored:
            return str(stored[_WHO])
    return unquote(path.stem)
