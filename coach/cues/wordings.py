"""The cues as this person has them: the coach's own, with their copy laid over, in the language of their settings.

cues/en.toml          their words: a copy, or only what differs
cues/inward-2.wav     their voice in place of one wording; cues/inward.wav in place of all of a kind
cues/voices/          voices for Piper
cues/cache/           what was rendered
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import soundfile

from coach.audio import Block, Source
from coach.coaching import FIRST_LANGUAGE, Catalogue, with_forms, wording_languages
from coach.core.errors import BadInput, BadSetting
from coach.core.settings import Settings, data_folder, private_folder
from coach.core.span import RATE
from coach.cues.recordings import FULL, Sound
from coach.cues.sounds import CueSounds

THE_RECORDING = "the recording"  # what was heard just now is called so in complaints
CLIPPED = 12  # samples at full scale in any channel, from which it was too loud


def cues_folder() -> Path:
    """Where copies and recordings of one's own lie, and under `cache` what was rendered."""
    return data_folder() / "cues"


def cue_language(settings: Settings) -> str:
    """The language in which the coach speaks: the one that is spoken, if there are cues in it."""
    return settings.language if settings.language in wording_languages() else FIRST_LANGUAGE


def foreign(settings: Settings) -> str:
    """One line for whoever speaks a language that the coach does not; else empty."""
    if settings.language in wording_languages():
        return ""
    return f"there are no cues in {settings.language!r}, so they are in {FIRST_LANGUAGE!r}"


def own_text(language: str) -> str | None:
    """What the person's copy says; None where there is none. Raises BadSetting when it cannot be read."""
    path = copy_of(language)
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise BadSetting(f"{path} is not text in UTF-8 (byte {error.start}); save it as UTF-8") from None
    except OSError as error:
        raise BadSetting(f"{path} cannot be read ({error.strerror or error})") from None


def copy_of(language: str) -> Path:
    """Where the person's copy of that language lies, whether or not there is one."""
    return cues_folder() / f"{language}.toml"


def cues_for(settings: Settings, catalogue: Catalogue) -> Catalogue:
    """What may sound, each cue as the settings want it."""
    on, in_words, as_tones = settings.cues_on, settings.cues_in_words, settings.cues_as_tones
    return with_forms(catalogue, on=on, in_words=in_words, as_tones=as_tones)


def own_catalogue(settings: Settings) -> Catalogue:
    """What may sound, in the form that the settings ask for.

    Raises BadSetting, in one line, when the person's copy breaks a rule.
    """
    language = cue_language(settings)
    return cues_for(settings, Catalogue.load(language, own_text(language), str(copy_of(language))))


def own_sounds(settings: Settings, catalogue: Catalogue) -> CueSounds:
    """How it sounds."""
    folder = cues_folder()
    return CueSounds(folder / "cache", catalogue, own=folder, voice=settings.voice or None)


# -------------------------------------------------------------------------------------------------------- writing


def write_text(path: Path, text: str) -> None:
    with _whole(path) as made:
        made.write_text(text, encoding="utf-8")


def write_sound(path: Path, sound: Sound) -> None:
    """One channel at 16 kHz, 16 bit."""
    with _whole(path) as made:
        soundfile.write(made, sound, RATE, subtype="PCM_16", format="WAV")


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """A file to write that takes the place of `path` once it is whole; readable by its owner alone."""
    private_folder(path.parent)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    os.close(descriptor)
    made = Path(name)
    try:
        yield made
        made.replace(path)
    finally:
        made.unlink(missing_ok=True)


def heard_from(source: Source, longest: int) -> Sound:
    """What `source` gives up to `longest` samples, as one channel; the source is closed then.

    Raises BadInput when it was so loud that it was cut off.
    """
    pieces, left, full = [np.zeros(0, np.float32)], longest, 0
    try:
        for item in source.blocks():
            if not isinstance(item, Block):
                continue
            pieces.append(item.samples.mean(axis=1)[:left])
            full += int(np.sum(np.abs(item.samples[:left]) >= FULL))
            left -= len(pieces[-1])
            if left <= 0:
                break
    finally:
        source.close()
    if full >= CLIPPED:
        raise BadInput(f"{THE_RECORDING} is clipped: it was too loud; record it again from further away")
    return np.concatenate(pieces)
