"""A person's own cues: the files in their data folder, merged with the cues that ship.

cues/en.toml          their wordings: a full copy, or only what differs
cues/inward-2.wav     their recording of one wording; cues/inward.wav replaces all wordings of a kind
cues/voices/          Piper voices
cues/cache/           rendered wordings
"""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import soundfile

from coach.audio import Block, Source
from coach.coaching import FIRST_LANGUAGE, Catalogue, with_forms, wording_languages
from coach.core.errors import BadInput
from coach.core.files import read_text, write_private
from coach.core.messages import Message
from coach.core.settings import AUTO_LANGUAGE, Settings, data_folder, private_folder
from coach.core.span import RATE
from coach.core.system_language import system_language
from coach.cues.recordings import CONFIG as RECORDING
from coach.cues.recordings import Sound
from coach.cues.sounds import CueSounds

THE_RECORDING = "the recording"  # the name, in error messages, of sound that was just recorded


def cues_folder() -> Path:
    """The folder of the person's own wordings, recordings and voices, with the cache inside."""
    return data_folder() / "cues"


def worded(language: str) -> str:
    """`language` if it has wordings, otherwise English."""
    return language if language in wording_languages() else FIRST_LANGUAGE


def cue_language(settings: Settings, shown_in: str = "") -> str:
    """The language in which the coach speaks: the one that people speak if it has wordings, otherwise English.

    As long as that is not known (`language = "auto"`), it is the first with wordings of these: the language `shown_in`
    a page on which people have begun, and the system's.
    """
    if settings.language != AUTO_LANGUAGE:
        return worded(settings.language)
    likely = (shown_in, system_language())
    return next((each for each in likely if each in wording_languages()), FIRST_LANGUAGE)


def foreign(settings: Settings) -> str:
    """A notice if the coach has no wordings in the language that people speak, once it is known; otherwise empty."""
    if settings.language in (*wording_languages(), AUTO_LANGUAGE):
        return ""
    return Message("notice.cues_elsewhere", language=settings.language, instead=FIRST_LANGUAGE)


def own_text(language: str) -> str | None:
    """The text of the person's own wordings; None if they have none. Raises BadSetting if it cannot be read."""
    return read_text(copy_of(language))


def copy_of(language: str) -> Path:
    """The path of the person's own wordings in `language`, whether or not the file exists."""
    return cues_folder() / f"{language}.toml"


def cues_for(settings: Settings, catalogue: Catalogue) -> Catalogue:
    """`catalogue` with each cue in the form that the settings ask for. Raises BadSetting as `with_forms` does."""
    on, in_words, as_tones = settings.cues_on, settings.cues_in_words, settings.cues_as_tones
    return with_forms(catalogue, on=on, in_words=in_words, as_tones=as_tones)


def own_catalogue(settings: Settings) -> Catalogue:
    """The catalogue with the person's own wordings, in the form that the settings ask for.

    Raises BadSetting, in one line, if the person's wordings break a rule.
    """
    language = cue_language(settings)
    return cues_for(settings, Catalogue.load(language, own_text(language), str(copy_of(language))))


def own_sounds(settings: Settings, catalogue: Catalogue) -> CueSounds:
    """The sounds of `catalogue`, with the person's own recordings and voices and their cache."""
    folder = cues_folder()
    return CueSounds(folder / "cache", catalogue, own=folder, voice=settings.voice or None)


def own_wordings(settings: Settings, language: str) -> tuple[Catalogue, CueSounds]:
    """The person's own catalogue and its sounds in `language`, a two-letter code. Raises as `own_catalogue`."""
    settings = replace(settings, language=language)
    catalogue = own_catalogue(settings)
    return catalogue, own_sounds(settings, catalogue)


# -------------------------------------------------------------------------------------------------------- writing


def write_text(path: Path, text: str) -> None:
    """Writes `text` as UTF-8, all of it or nothing."""
    _write(path, text.encode())


def write_sound(path: Path, sound: Sound) -> None:
    """Writes `sound` (n,) as a WAV file with one channel at 16 kHz and 16 bit, all of it or nothing."""
    whole = io.BytesIO()
    soundfile.write(whole, sound, RATE, subtype="PCM_16", format="WAV")
    _write(path, whole.getvalue())


def _write(path: Path, data: bytes) -> None:
    private_folder(path.parent)
    write_private(path, data)


def heard_from(source: Source, longest: int) -> Sound:
    """Records up to `longest` samples from `source` as one channel (n,) at 16 kHz, then closes the source.

    Raises BadInput if the recording is clipped.
    """
    pieces, left, full = [np.zeros(0, np.float32)], longest, 0
    try:
        for item in source.blocks():
            if not isinstance(item, Block):
                continue
            pieces.append(item.samples.mean(axis=1)[:left])
            full += int(np.sum(np.abs(item.samples[:left]) >= RECORDING.full))
            left -= len(pieces[-1])
            if left <= 0:
                break
    finally:
        source.close()
    if full >= RECORDING.full_samples:
        raise BadInput(f"{THE_RECORDING} is clipped: it was too loud; record it again from further away")
    return np.concatenate(pieces)
