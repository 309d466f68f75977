"""What there is to analyse: a conversation is one file, or a file for each person."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from coach.audio import Track
from coach.corpora.layouts import craig, obs, zoom
from coach.review import holds_segments

_SOUND = re.compile(
    r".*\.(wav|flac|mp[34]|og[ga]|opus|m4[abv]|webm|aac|mk[av]|mov|avi|wm[av]|amr|3gp|aif[fc]?|caf|au|mpe?g|ts|flv|wv|ape)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Item:
    """One conversation. `path` is the file, or the folder of its files; `name` is what its results are called.

    `tracks` is the file of each person, empty for one file of all; `one_device`: one program wrote them together.
    """

    path: Path
    name: str
    tracks: tuple[Track, ...] = ()
    one_device: bool = False

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file whose content counts."""
        return tuple(dict.fromkeys(track.path for track in self.tracks)) or (self.path,)


def together(tracks: Sequence[Track]) -> Item:
    """The conversation of which `tracks` are named on the command line."""
    return Item(tracks[0].path, "+".join(track.path.stem for track in tracks), tuple(tracks))


def named(path: Path) -> Item:
    """The conversation in a file or a folder that somebody named."""
    found = (zoom(path) or craig(path)) if path.is_dir() else obs(path)
    return Item(path, path.stem, found, one_device=bool(found))


def walked(folder: Path, leave_out: Path | None = None) -> Iterator[Item]:
    """Every conversation in `folder` and the folders in it, in order of their paths; what is hidden is left out.

    A folder that Zoom or Craig wrote is one conversation, with the file of each person. `leave_out` is the folder of
    the results. A file of segments beside sound of the same name is left out.
    """
    for place, folders, names in os.walk(folder):
        here = Path(place)
        tracks = zoom(here) or craig(here)
        if tracks:
            folders.clear()
            yield Item(here, _relative(here, folder), tracks, one_device=True)
            continue
        folders[:] = sorted(
            each
            for each in folders
            if not each.startswith(".") and not (leave_out and (here / each).resolve() == leave_out.resolve())
        )
        sounds = [each for each in sorted(names) if not each.startswith(".") and _is_sound(each)]
        stems = {Path(each).stem for each in sounds}
        segments = [
            each
            for each in sorted(names)
            if not each.startswith(".") and holds_segments(Path(each)) and Path(each).stem not in stems
        ]
        for name in sorted([*sounds, *segments]):
            path = here / name
            found = obs(path)
            yield Item(path, _relative(path, folder), found, one_device=bool(found))


def _is_sound(name: str) -> bool:
    return _SOUND.fullmatch(name) is not None


def _relative(path: Path, folder: Path) -> str:
    """The path below `folder`, with slashes; the folder's own name for itself."""
    return path.relative_to(folder).as_posix() if path != folder else path.resolve().name
