"""Errors whose message is meant for the person who uses the coach.

    CoachError                 one line for the person, exit status 1
    ├── BadInput               a file, a device or a recording that cannot be used
    ├── BadSetting             a setting that is unknown or out of range
    ├── Missing                a part of the machine that is not there (PortAudio, a voice, a model)
    └── NotWritable            a file or folder that takes nothing: it is read-only, or permission is denied

The message says in one line what went wrong, what it means and what to do. The command line prints it to stderr, and
shows a traceback only with `--debug`.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk is full for this user",
    errno.EROFS: "it is read-only",
    errno.EACCES: "permission is denied",
    errno.EPERM: "permission is denied",
    errno.EFBIG: "the file would be too large",
    errno.ENAMETOOLONG: "the name is too long",
    errno.EIO: "the disk has a fault",
}


_NOT_WRITABLE = (errno.EROFS, errno.EACCES, errno.EPERM)


def reason_of(error: OSError) -> str:
    """Why the system refused, in words for the person."""
    if error.errno in _REASONS:
        return _REASONS[error.errno]
    said = error.strerror or str(error)
    return f"{said[:1].lower()}{said[1:]}"


def first_line(error: Exception) -> str:
    """What an error of somebody else's code says, in one line; its type if that line is empty.

    >>> first_line(RuntimeError("no such operation\\nat line 3"))
    'no such operation'
    >>> first_line(MemoryError()), first_line(RuntimeError("\\nat line 3"))
    ('MemoryError', 'RuntimeError')
    """
    return next(iter(str(error).splitlines()), "") or type(error).__name__


def nearest(word: str, known: Iterable[str]) -> str:
    """A question that suggests the name in `known` that is closest to `word`."""
    return f"did you mean {get_close_matches(word, list(known), 1, 0.0)[0]!r}?"


class CoachError(Exception):
    """Base of all errors that the coach raises on purpose."""


class BadInput(CoachError):
    """A file, device or recording that cannot be used."""


class BadSetting(CoachError):
    """A setting that is unknown or out of range."""


class Missing(CoachError):
    """A part that this machine lacks: a library, a voice or a model."""


class NotWritable(CoachError):
    """A file or folder that takes nothing: it is read-only, or permission is denied."""


def not_writable(error: OSError, path: Path) -> NotWritable | None:
    """The failure as a NotWritable about `path`; None if the system refused for another reason."""
    if error.errno not in _NOT_WRITABLE:
        return None
    return NotWritable(f"{path} cannot be written: {reason_of(error)}")
