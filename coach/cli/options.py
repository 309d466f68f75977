"""Options that several commands share, and parsers for names, channels and enrolments."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

import click

from coach.core.errors import BadInput, BadSetting
from coach.core.names import composed
from coach.core.settings import Settings, load_settings
from coach.core.span import Span
from coach.hearing import VOICE_ACTIVITIES
from coach.runtime import Enrolment

F = TypeVar("F", bound=Callable[..., Any])
_TIME = r"(?:(?:(\d+):)?(\d+):)?(\d+(?:[.,]\d+)?) ?s?"  # seconds, 1:30 or 1:02:03; a comma may be the decimal point
_TIMES = re.compile(rf"{_TIME} ?[-\u2010-\u2015\u2212] ?{_TIME}", re.ASCII)  # hyphens, dashes and the minus sign
_LIKE_TIMES = re.compile(r"[\d\s.,:s\u2010-\u2015\u2212-]+")
_SOUND_FILES = {".wav", ".flac", ".mp3", ".ogg", ".opus", ".m4a", ".mp4", ".webm", ".aac"}


def people_option(function: F) -> F:
    return click.option("--people", metavar="Ana,Ben", help="Who talks, in the order of their first words.")(function)


def channels_option(function: F) -> F:
    return click.option(
        "--channels", metavar="Ana=1,Ben=2", help="Which channel each person's microphone is on, from 1."
    )(function)


def transcriber_option(function: F) -> F:
    return click.option(
        "--transcriber",
        type=click.Choice(["auto", "whisper", "moonshine", "none"]),
        help="The speech recogniser; auto chooses the best one installed.",
    )(function)


def voice_activity_option(function: F) -> F:
    return click.option(
        "--voice-activity",
        type=click.Choice(VOICE_ACTIVITIES),
        default="auto",
        help="The voice activity detector; auto chooses the best one that runs here.",
    )(function)


def overwrite_option(function: F) -> F:
    return click.option("--overwrite", is_flag=True, help="Overwrite existing files.")(function)


def refuse_to_replace(paths: Iterable[Path], overwrite: bool) -> None:
    """Refuses to replace existing files, because people edit exported files by hand. Raises BadInput."""
    for path in paths:
        if path.exists() and not overwrite:
            raise BadInput(f"{path} already exists and may contain your work; name another file, or add --overwrite")


def names_a_file(wanted: str) -> bool:
    """Whether --input names a file, existing or not, rather than a microphone."""
    path = Path(wanted)
    return bool(wanted) and (path.is_file() or "/" in wanted or path.suffix.casefold() in _SOUND_FILES)


def settings_for(people: str | None, channels: Mapping[str, int], **options: Any) -> Settings:
    """The settings file, overridden by values from the command line."""
    names = [name.strip() for name in people.split(",")] if people is not None else list(channels) or None
    settings = load_settings().with_options(people=names, **options)
    if channels and settings.people:
        for name in channels:
            if name not in settings.people:
                nearest = get_close_matches(name, settings.people, 1, 0.0)[0]
                raise BadSetting(f"--channels names {name}, who is not in --people; did you mean {nearest}?")
    return settings


def parsed_channels(text: str | None) -> dict[str, int]:
    """Parses `Ana=1,Ben=2` into {"Ana": 0, "Ben": 1}. Raises BadSetting."""
    channels: dict[str, int] = {}
    for part in text.split(",") if text else []:
        name, equals, number = (composed(piece) for piece in part.partition("="))
        if not name or not equals or not number.isdecimal() or int(number) < 1:
            raise BadSetting(
                f"--channels contains {part.strip()!r}; write it like Ana=1,Ben=2, counting channels from 1"
            )
        if name in channels or int(number) - 1 in channels.values():
            raise BadSetting(
                f"--channels uses a name or a channel of {part.strip()!r} twice; give each person their own channel"
            )
        channels[name] = int(number) - 1
    return channels


def parsed_enrolments(texts: tuple[str, ...]) -> tuple[Enrolment, ...]:
    """Parses `Ana=0.5-6.0` (seconds, or `0:01-0:06`; repeatable per person) and `Ben=clip.wav`. Raises BadSetting."""
    spans: dict[str, list[Span]] = {}
    clips: dict[str, Path] = {}
    for text in texts:
        name, equals, where = (piece.strip() for piece in text.partition("="))
        name = composed(name)
        if not name or not equals or not where:
            raise BadSetting(f"--enrol {text!r} cannot be read; write it like Ana=0.5-6.0 or Ana=clip.wav")
        if times := _TIMES.fullmatch(where):
            span = Span.seconds(_seconds(*times.groups()[:3]), _seconds(*times.groups()[3:]))
            if not span:
                raise BadSetting(f"--enrol {text!r} ends before it begins; write it like Ana=0.5-6.0")
            spans.setdefault(name, []).append(span)
        elif _LIKE_TIMES.fullmatch(where) and not Path(where).exists():
            raise BadSetting(
                f"--enrol {text!r} cannot be read; write from which second to which {name} speaks alone, "
                f"like {name}=0.5-6.0"
            )
        else:
            clips[name] = Path(where)
    both = set(spans) & set(clips)
    if both:
        raise BadSetting(f"--enrol gives both seconds and a clip for {both.pop()}; choose one of them")
    by_seconds = [Enrolment(name, spans=tuple(each)) for name, each in spans.items()]
    return (*by_seconds, *(Enrolment(name, clip=clip) for name, clip in clips.items()))


def _seconds(hours: str | None, minutes: str | None, seconds: str) -> float:
    return 3600 * int(hours or 0) + 60 * int(minutes or 0) + float(seconds.replace(",", "."))
