"""Options that several commands share, and parsers for names, channels and enrolments."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

import click

from coach.audio import Track, same_file_twice
from coach.core.errors import BadInput, BadSetting
from coach.core.events import UNKNOWN
from coach.core.names import composed, fault_of
from coach.core.settings import Settings, load_settings
from coach.core.span import Span
from coach.core.texts import language_for, page_languages
from coach.core.times import parsed_time, parsed_times
from coach.runtime import Enrolment
from coach.vad import VOICE_ACTIVITIES

F = TypeVar("F", bound=Callable[..., Any])
_LIKE_TIMES = re.compile(r"[\d\s.,:s\u2010-\u2015\u2212-]+")


def people_option(function: F) -> F:
    """Adds `--people`: the names as typed, in one string; None if it is not given."""
    return click.option("--people", metavar="Ana,Ben", help="Who talks, in the order of their first words.")(function)


def channels_option(function: F) -> F:
    """Adds `--channels`: as typed, for `parsed_channels`; None if it is not given."""
    return click.option(
        "--channels", metavar="Ana=1,Ben=2", help="Which channel each person's microphone is on, from 1."
    )(function)


GROWS = "grow"


def pause_option(function: F) -> F:
    """Adds `--pause`: seconds as float, GROWS, or None if it is not given. Anything else is an error of click's."""
    return click.option(
        "--pause",
        metavar="S|grow",
        callback=lambda ctx, param, value: _pause(value),
        help="The target breath in seconds, or one that grows with you.",
    )(function)


def _pause(text: str | None) -> float | str | None:
    """Seconds, or GROWS."""
    if text is None or text == GROWS:
        return text
    try:
        return float(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} is neither a number of seconds nor {GROWS!r}.") from None


def transcriber_option(function: F) -> F:
    """Adds `--transcriber`: one of the names, or None if it is not given, so that the settings decide."""
    return click.option(
        "--transcriber",
        type=click.Choice(["auto", "whisper", "moonshine", "none"]),
        help="The speech recogniser; auto chooses the best one installed.",
    )(function)


def language_option(function: F) -> F:
    """Adds `--language`: as typed, checked with the settings; None if it is not given."""
    return click.option(
        "--language",
        metavar="CODE|auto",
        help="The language that is spoken, such as de; auto finds it, with Whisper; en by default.",
    )(function)


def page_language(code: str | None) -> str | None:
    """`code` if there are pages in that language. Raises BadSetting if there is a mistake in its folder."""
    if code is not None and language_for(code, "") != code:
        raise click.BadParameter(f"{code!r} is not one of {', '.join(map(repr, page_languages()))}.")
    return code


def voice_activity_option(function: F) -> F:
    """Adds `--voice-activity`: one of VOICE_ACTIVITIES."""
    return click.option(
        "--voice-activity",
        type=click.Choice(VOICE_ACTIVITIES),
        default="auto",
        help="The voice activity detector; auto chooses the best one that runs here.",
    )(function)


def overwrite_option(function: F) -> F:
    """Adds the flag `--overwrite`, for `refuse_to_replace`."""
    return click.option("--overwrite", is_flag=True, help="Overwrite existing files.")(function)


def refuse_to_replace(paths: Iterable[Path], overwrite: bool) -> None:
    """Refuses to replace existing files, because people edit exported files by hand. Raises BadInput."""
    for path in paths:
        if path.exists() and not overwrite:
            raise BadInput(f"{path} already exists and may contain your work; name another file, or add --overwrite")


def settings_for(
    people: str | None, channels: Mapping[str, int], *, pause: float | str | None = None, **options: Any
) -> Settings:
    """The settings file, overridden by values from the command line. A `pause` in seconds is fixed."""
    if pause == GROWS:
        options |= {"pause_grows": True}
    elif pause is not None:
        options |= {"pause": pause, "pause_grows": False}
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
        if (span := parsed_times(where)) is not None:
            if not span:
                raise BadSetting(f"--enrol {text!r} ends before it begins; write it like Ana=0.5-6.0")
            spans.setdefault(name, []).append(span)
        elif _LIKE_TIMES.fullmatch(where) and not Path(where).exists():
            raise BadSetting(
                f"--enrol {text!r} cannot be read; write from which second to which {name} speaks alone, "
                f"like {name}=0.5-6.0"
            )
        elif name in clips:
            raise BadSetting(f"--enrol gives two clips for {name}; put them into one, or give seconds in the file")
        else:
            clips[name] = Path(where)
    both = set(spans) & set(clips)
    if both:
        raise BadSetting(f"--enrol gives both seconds and a clip for {both.pop()}; choose one of them")
    by_seconds = [Enrolment(name, spans=tuple(each)) for name, each in spans.items()]
    return (*by_seconds, *(Enrolment(name, clip=clip) for name, clip in clips.items()))


def parsed_tracks(tracks: tuple[str, ...], starts: tuple[str, ...]) -> tuple[Track, ...]:
    """Parses `Ana=a.m4a` and `Ben=3.7` (seconds, or `0:03.7`; below zero is earlier). Raises BadSetting."""
    files: dict[str, Path] = {}
    for text in tracks:
        name, equals, where = text.partition("=")
        name = composed(name)
        if not equals or not where.strip():
            raise BadSetting(f"--track {text!r} cannot be read; write it like Ana=a.m4a")
        if fault := fault_of(name, UNKNOWN):
            raise BadSetting(f"--track {text!r}: {fault}")
        if name in files:
            raise BadSetting(f"--track names {name} twice; one recording for each person")
        files[name] = Path(where.strip())
    stated: dict[str, float] = {}
    for text in starts:
        name, _, when = (composed(piece) for piece in text.partition("="))
        sign, time = (-1, when[1:]) if when[:1] in ("-", "\u2212") else (1, when)
        seconds = parsed_time(time)
        if seconds is None:
            raise BadSetting(f"--starts {text!r} cannot be read; write it like Ben=3.7")
        if name not in files:
            raise BadSetting(f"--starts names {name}, who has no --track")
        if name == next(iter(files)) and seconds:
            raise BadSetting(
                f"--starts counts from the beginning of the first --track, {name}'s; say when the others begin"
            )
        stated[name] = sign * seconds
    if len(files) == 1:
        raise BadSetting("--track names one recording; name one for each person, or analyse it as FILE")
    found_tracks = tuple(Track(who, path, starts_s=stated.get(who)) for who, path in files.items())
    if twice := same_file_twice(found_tracks):
        raise BadSetting(f"--track gives {twice.who} a file that is already another person's")
    return found_tracks
