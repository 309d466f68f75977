"""The devices of a live session: where its sound comes from, and where its cues go."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

from coach.audio import Block, Microphone, NoPlayer, Player, Recording, Source, Speaker, silence_native_stderr
from coach.core.errors import BadInput, Missing
from coach.core.events import Event
from coach.core.messages import Message, message_of
from coach.core.resources import SAMPLE_FILE, asset
from coach.core.settings import Settings

SAMPLE = "sample"
_SOUND_FILES = {".wav", ".flac", ".mp3", ".ogg", ".opus", ".m4a", ".mp4", ".webm", ".aac"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleConfig:
    """How loud the sample is played. Its talk lies at -26 dBFS, the coach's words at -28."""

    talk_db: float = -6.0  # dB; softly
    cues_db: float = -10.0  # dB; the coach 6 dB below the talk, as it is in a room


CONFIG = SampleConfig()


@dataclass(frozen=True, slots=True)
class Devices:
    """An open source and an open speaker. `told` are lines for the people, for example why there is no speaker.

    `played_back`: the source is a recording, so that nobody in it can hear the coach. `louder_db` is what the loudness
    of cues needs beside it.
    """

    source: Source
    speaker: Speaker
    sample: bool
    played_back: bool
    told: tuple[str, ...] = ()
    louder_db: float = 0.0

    def close(self) -> None:
        """Closes the source, and with it any loop over its blocks, and then the speaker."""
        self.source.close()
        self.speaker.close()


def open_devices(settings: Settings, channels: int = 1, *, or_sample: bool = False, silent: bool = False) -> Devices:
    """Opens what the settings name. With `or_sample`, plays the sample where there is no microphone.

    The sample sounds through the speaker, unless it is to be `silent` or cues are switched off.

    Raises BadInput for a device or file that cannot be used, and Missing without PortAudio.
    """
    with silence_native_stderr(), ExitStack() as opened:
        source, sample, told = _source(settings.input, channels, or_sample)
        opened.callback(source.close)
        speaker, mute = open_speaker(settings)
        opened.pop_all()
    told = (*told, *filter(None, [mute]))
    if isinstance(source, Recording) and sample and not (silent or mute or settings.cues == "none"):
        return Devices(SampleAloud(source, speaker), speaker, True, True, told, CONFIG.cues_db)
    return Devices(source, speaker, sample, isinstance(source, Recording), told)


class SampleAloud:
    """The sample conversation, which people hear while the coach listens to it: a `Source` that plays itself."""

    behind = 0

    def __init__(self, sample: Recording, speaker: Speaker) -> None:
        self.name, self.channels, self.length = sample.name, sample.channels, sample.length
        self._sample = sample
        sound, _ = soundfile.read(sample.path, dtype="float32", always_2d=True)
        self._begin = speaker.lay_under(np.asarray(sound.mean(axis=1), np.float32), CONFIG.talk_db)

    def blocks(self) -> Iterator[Block | Event]:
        """The sample's blocks; with the first one, the speaker begins to play them all."""
        begun = False
        for item in self._sample.blocks():
            if isinstance(item, Block) and not begun:
                begun = True
                self._begin()
            yield item

    def close(self) -> None:
        """Ends `blocks`. What the speaker plays goes on until the speaker is closed."""
        self._sample.close()


def open_speaker(settings: Settings) -> tuple[Speaker, str]:
    """The speaker, or a silent one and a line that says why.

    What is kept of people's words or sound is always said aloud, even if cues are switched off.
    """
    if settings.cues == "none" and settings.keep == "stats":
        return NoPlayer(unheard=Message("unheard.off")), ""
    try:
        return Player(settings.output or None), ""
    except (BadInput, Missing) as error:
        if settings.output:
            raise
        silent = NoPlayer(unheard=Message("unheard.no_speaker"))
        return silent, Message("notice.only_shown", reason=message_of(error))


def names_a_file(wanted: str) -> bool:
    """Whether --input names a file, existing or not, rather than a microphone."""
    path = Path(wanted)
    return bool(wanted) and (path.is_file() or "/" in wanted or path.suffix.casefold() in _SOUND_FILES)


def _source(wanted: str, channels: int, or_sample: bool) -> tuple[Source, bool, tuple[str, ...]]:
    if wanted == SAMPLE:
        return _sample(), True, ()
    if names_a_file(wanted):
        recording = Recording(wanted, block_s=0.02)
        if recording.channels < channels:
            raise BadInput(
                f"{recording.name} has {recording.channels} channel(s), but --channels asks for channel {channels}"
            )
        return recording, False, ()
    try:
        return Microphone(wanted or None, channels), False, ()
    except (BadInput, Missing) as error:
        if not or_sample:
            raise
        return _sample(), True, (message_of(error), Message("notice.sample_instead"))


def _sample() -> Recording:
    return Recording(asset(SAMPLE_FILE), block_s=0.02)
