"""Folders and files as programs write them that record each person apart.

    Zoom     2026-03-01 19.00.00 Talk/Audio Record/audioAnaLu12345678.m4a, one for each person
    Craig    craig-abc123/1-ana.flac, 2-ben.flac, and info.txt beside them
    OBS      2026-03-01 19-00-00.mkv with several sound tracks, the first often a mix of the others

Each program starts the sound of all people together and keeps them on one clock.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import av
import numpy as np

from coach.audio import Block, Recording, Track
from coach.core.errors import BadInput
from coach.core.events import UNKNOWN
from coach.core.names import fault_of, plain_name
from coach.core.span import RATE

_ZOOM = re.compile(r"audio(?P<who>\D.*?)\d{4,}\.m4a", re.IGNORECASE)
_CRAIG = re.compile(r"\d+-(?P<who>.+?)(?:[#_]\d{1,4})?\.(?:flac|wav|m4a|aac|mp3|ogg|opus)", re.IGNORECASE)
_OBS = re.compile(r"(?:\D+ )?\d{4}-\d\d-\d\d[ _]\d\d-\d\d-\d\d\.(?:mkv|mp4|m4v|mov|flv|ts)", re.IGNORECASE)
_UNNAMED = re.compile(r"(?:audio )?track ?\d*|simple_\w+|soundhandler|\W*", re.IGNORECASE)
_MIX_S = 120  # seconds from the start in which a mix is looked for
_MIX_REST = 0.1  # share of the power of a mix that the other tracks may leave unexplained


def zoom(folder: Path) -> tuple[Track, ...]:
    """The files of the people in a folder that Zoom wrote; () if it is none."""
    for place in (folder / "Audio Record", folder):
        if place.name == "Audio Record" and (found := _named(place, _ZOOM)):
            return found
    return ()


def craig(folder: Path) -> tuple[Track, ...]:
    """The files of the people in an archive of Craig; () if it is none."""
    beside = any((folder / name).is_file() for name in ("info.txt", "raw.dat"))
    return _named(folder, _CRAIG) if beside else ()


def obs(path: Path) -> tuple[Track, ...]:
    """The sound tracks of a file that OBS wrote, without a mix of all; () if it has fewer than two people's."""
    if not _OBS.fullmatch(path.name):
        return ()
    try:
        with closing(av.open(str(path.absolute()))) as container:
            titles = [track.metadata.get("title", "") for track in container.streams.audio]
    except (av.FFmpegError, ValueError, OSError):
        return ()
    if len(titles) < 2:
        return ()
    streams = list(range(len(titles)))
    if len(streams) > 2 and _is_mix(path, len(streams)):
        streams.remove(0)
    names = _different(_name(titles[n], f"track {n + 1}") for n in streams)
    return tuple(Track(who, path, n) for who, n in zip(names, streams, strict=True))


def _named(folder: Path, pattern: re.Pattern[str]) -> tuple[Track, ...]:
    """A track for each file of the folder that `pattern` fits, if there are two or more."""
    try:
        files = sorted(each for each in folder.iterdir() if pattern.fullmatch(each.name) and each.is_file())
    except OSError:
        return ()
    if len(files) < 2:
        return ()
    said = (match["who"] for each in files if (match := pattern.fullmatch(each.name)))
    names = _different(_name(who, f"person {n}") for n, who in enumerate(said, 1))
    return tuple(Track(who, path) for who, path in zip(names, files, strict=True))


def _name(said: str, otherwise: str) -> str:
    """What a file calls somebody, as a name that can be used."""
    name = plain_name(said.replace(",", " ").replace("=", " "))
    return otherwise if _UNNAMED.fullmatch(name) or fault_of(name, UNKNOWN) else name


def _different(names: Iterable[str]) -> list[str]:
    """The same names, numbered where they repeat: somebody who left and came back has two files."""
    found: list[str] = []
    for name in names:
        again = (f"{name} {n}" for n in range(2, len(found) + 3))
        found.append(name if name not in found else next(each for each in again if each not in found))
    return found


def _is_mix(path: Path, count: int) -> bool:
    """Whether the first of `count` sound tracks is a sum of the others."""
    try:
        sounds = [_beginning(Recording(path, 1.0, n)) for n in range(count)]
    except BadInput:
        return False
    length = min(map(len, sounds))
    first, others = sounds[0][:length], np.stack([each[:length] for each in sounds[1:]], axis=1)
    if not np.any(first):
        return False
    weights = np.linalg.lstsq(others, first, rcond=None)[0]
    rest = first - others @ weights
    return bool(np.sum(rest**2) < _MIX_REST * np.sum(first**2) and np.all(weights > 0))


def _beginning(recording: Recording) -> np.ndarray:
    pieces = [np.zeros(0, np.float32)]
    for item in recording.blocks():
        if isinstance(item, Block):
            pieces.append(item.samples.mean(axis=1))
            if item.end >= _MIX_S * RATE:
                break
    return np.concatenate(pieces)
