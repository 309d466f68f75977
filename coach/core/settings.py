"""The settings that people can change, in one table.

Each field of `Settings` is one setting: its default, its meaning in one sentence, and the allowed values. The same
table checks the settings file and the command line, so that both follow the same rules and give the same errors.

The file is TOML, `settings.toml` in the user's configuration folder:

    pause = 2.5
    people = ["Ana", "Ben"]
    cues_off = ["over"]

>>> Settings().with_options(pause=3.0, keep=None).pause      # None is an option that was not given
3.0
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import platformdirs

from coach.core.errors import BadSetting, CoachError, NotWritable, not_writable, reason_of
from coach.core.events import UNKNOWN
from coach.core.files import read_text
from coach.core.names import composed, fault_of

AUTO_LANGUAGE = "auto"  # the value of `language` for a language that the coach finds itself
ASSUMED_LANGUAGE = "en"  # until it is found, and where it cannot be


def _number(default: float, low: float, high: float, says: str) -> Any:
    return field(default=default, metadata={"says": says, "low": low, "high": high})


def _switch(default: bool, says: str) -> Any:
    return field(default=default, metadata={"says": says})


def _choice(default: str, choices: tuple[str, ...], says: str) -> Any:
    return field(default=default, metadata={"says": says, "choices": choices})


def _text(default: str, says: str) -> Any:
    return field(default=default, metadata={"says": says})


def _names(says: str) -> Any:
    return field(default=(), metadata={"says": says})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings with their defaults. Times are in seconds here and in samples everywhere inside the coach."""

    pause: float = _number(2.0, 0.5, 5.0, "The target breath in seconds: a chosen practice, not a norm.")
    pause_grows: bool = _switch(
        False, "Whether the target breath begins with how you talk, and grows with your answers up to the pause."
    )
    cues: str = _choice(
        "full",
        ("none", "tones", "full", "drill"),
        "Nothing live, tones only, tones and a few words, or a tone for every answer that came too soon.",
    )
    cue_style: str = _choice(
        "speak",
        ("speak", "ask"),
        "Whether an invitation inward is spoken at once, or a rising tone asks first and waits for a yes.",
    )
    spoken_consent: bool = _switch(False, "Whether each person is also asked if their yes and no may be said aloud.")
    keep: str = _choice(
        "stats", ("stats", "words", "audio"), "What is stored: times and counts only, words too, or sound too."
    )
    language: str = _text(
        "en", 'The spoken language, as a two-letter code; "auto" finds it from the first sentences, with Whisper.'
    )
    transcriber: str = _choice("auto", ("auto", "whisper", "moonshine", "none"), "The speech recogniser.")
    whisper_model: str = _text("", "Name or folder of an installed Whisper model; empty for the best installed one.")
    input: str = _text("", "The microphone, by name or number; empty for the default one.")
    output: str = _text("", "The speaker, by name or number; empty for the default one.")
    voice: str = _text("", "The voice of the coach, by id or name; empty for the calmest one installed.")
    volume_db: float = _number(0.0, -40.0, 12.0, "How much louder (below zero: softer) cues sound, in dB.")
    people: tuple[str, ...] = _names("Who talks, in the order of their first sentences.")
    spoken_every: float = _number(120.0, 0.0, 86_400.0, "The minimum number of seconds between two spoken cues.")
    tone_every: float = _number(60.0, 0.0, 86_400.0, "The minimum number of seconds between two tones.")
    drill_every: float = _number(20.0, 0.0, 86_400.0, 'The same with cues = "drill".')
    tones_an_hour: int = _number(8, 0, 3600, 'The largest number of tones within any hour; not with "drill".')
    long_share: float = _number(20.0, 5.0, 600.0, "How many seconds somebody has told until a tone guards the end.")
    quiet_first: float = _number(
        60.0, 0.0, 86_400.0, "How many seconds at the start of a conversation stay without cues."
    )
    cues_off: tuple[str, ...] = _names("Cues to switch off: too_soon, over, let_it_land, inward.")
    cues_on: tuple[str, ...] = _names(
        "Cues to switch on that are off by default: curious, after advice or one's own story."
    )
    cues_in_words: tuple[str, ...] = _names("Tones to speak in words instead: too_soon, over.")
    cues_as_tones: tuple[str, ...] = _names("Spoken cues to sound as a tone instead: inward, curious.")
    keep_days: int = _number(0, 0, 36_500, "Sessions older than this many days are deleted; 0 keeps them for ever.")

    def with_options(self, **options: Any) -> Settings:
        """A copy with values from the command line; None means that the option was not given.

        Raises BadSetting, which names the option, under the same rules as for the file.
        """
        given = {key: value for key, value in options.items() if value is not None}
        return replace(self, **_checked(given, lambda key: "--" + key.replace("_", "-")))

    def as_dict(self) -> dict[str, Any]:
        """The settings as JSON values, in the order of the table."""
        return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self).items()}


EARLIER_PAUSE = "earlier_pause"  # what stored settings hold besides: the median of earlier sessions, in seconds


def settings_explained() -> dict[str, str]:
    """The meaning of each setting, one sentence, by the setting's name."""
    return {spec.name: spec.metadata["says"] for spec in fields(Settings)}


def allowed_range(name: str) -> tuple[float, float]:
    """The smallest and the largest value of a setting that is a number.

    >>> allowed_range("pause")
    (0.5, 5.0)
    """
    rule = next(spec.metadata for spec in fields(Settings) if spec.name == name)
    return rule["low"], rule["high"]


def checked_settings(values: Mapping[str, Any]) -> dict[str, Any]:
    """`values`, by the settings' names, under the rules of the settings file. Raises BadSetting."""
    return _checked(values, str)


def settings_path() -> Path:
    """The path of the user's settings file, whether or not it exists."""
    return platformdirs.user_config_path("coach", appauthor=False) / "settings.toml"


def data_path() -> Path:
    """The path of the folder of the sessions, kept voices and caches, whether or not it exists."""
    return platformdirs.user_data_path("coach", appauthor=False)


def data_folder() -> Path:
    """The folder of the sessions, kept voices and caches, created if necessary with mode 0700.

    Where nothing can be written it may not exist: whoever writes there gets the NotWritable. Raises CoachError if it
    cannot be created or made private for another reason.
    """
    folder = data_path()
    with suppress(NotWritable):
        private_folder(folder)
    return folder


def private_folder(folder: Path) -> Path:
    """`folder`, created if necessary, with mode 0700. Raises NotWritable or another CoachError if not possible."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.name == "posix" and folder.stat().st_mode & 0o777 != 0o700:
            folder.chmod(0o700)
    except OSError as error:
        raise not_writable(error, folder) or CoachError(
            f"the folder {folder} cannot be used ({reason_of(error)}), so nothing can be kept; "
            "give your user permission to write there"
        ) from error
    return folder


def load_settings(path: Path | None = None) -> Settings:
    """The settings in the TOML file `path`. Without `path`: those in the user's file, or the defaults if there is none.

    Raises BadSetting for a file that cannot be read, is not TOML, or holds an unknown setting or a value that is not
    allowed.
    """
    file = settings_path() if path is None else path
    text = read_text(file)
    if text is None:
        if path is None:
            return Settings()
        raise BadSetting(f"there is no settings file {file}; check its name")
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadSetting(f"{file} is not valid TOML: {error}; correct that line or remove it") from None
    return Settings(**_checked(table, lambda key: f"{file}: {key}"))


def _checked(values: Mapping[str, Any], called: Any) -> dict[str, Any]:
    """The values after a check against the table. `called(key)` is the name of the key in error messages."""
    table = {spec.name: spec for spec in fields(Settings)}
    checked = {}
    for key, value in values.items():
        if key not in table:
            nearest = get_close_matches(key, table, n=1, cutoff=0.0)[0]
            raise BadSetting(f"{called(key)} is not a setting; did you mean {nearest}?")
        checked[key] = _allowed(table[key], value, called(key))
    return checked


def _allowed(spec: Any, value: Any, name: str) -> Any:
    """`value`, converted to the type of its field. Raises BadSetting, which lists the allowed values."""
    rule, default = spec.metadata, spec.default
    if "low" in rule:
        return _in_range(value, rule["low"], rule["high"], whole=isinstance(default, int), name=name)
    if isinstance(default, bool):
        if not isinstance(value, bool):
            raise BadSetting(f"{name} is {_shown(value)}, but it can only be true or false")
        return value
    if isinstance(default, tuple):
        return _distinct_names(value, name)
    if "choices" in rule and value not in rule["choices"]:
        raise BadSetting(f"{name} is {_shown(value)}, but it can only be one of {', '.join(rule['choices'])}")
    if not isinstance(value, str):
        raise BadSetting(f"{name} is {_shown(value)}, but it must be text in quotes")
    return value


def _in_range(value: Any, low: float, high: float, *, whole: bool, name: str) -> float:
    a_number = isinstance(value, int if whole else int | float) and not isinstance(value, bool)
    if not a_number or not low <= value <= high:  # NaN is in no range
        kind = "a whole number" if whole else "a number"
        raise BadSetting(f"{name} is {_shown(value)}, but it must be {kind} from {low:g} to {high:g}")
    return int(value) if whole else float(value)


def _distinct_names(value: Any, name: str) -> tuple[str, ...]:
    if not isinstance(value, list | tuple) or not all(isinstance(each, str) for each in value):
        raise BadSetting(f'{name} is {_shown(value)}, but it must be a list of names, such as ["Ana", "Ben"]')
    names = tuple(composed(each) for each in value)
    for each in names:
        if fault := fault_of(each, UNKNOWN):
            raise BadSetting(f"{name} contains {_shown(each)}, but {fault}")
    for place, each in enumerate(names):
        for before in names[:place]:
            if each == before:
                raise BadSetting(f"{name} contains the same name twice; give each a different name")
            if each.casefold() == before.casefold():
                raise BadSetting(f"{name} contains {before} and {each}; capitals alone do not tell two people apart")
    return names


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)
