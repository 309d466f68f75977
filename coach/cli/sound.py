"""The audio source and the speaker of a session."""

from __future__ import annotations

from coach.audio import Microphone, NoPlayer, Player, Recording, Source, Speaker
from coach.cli.options import names_a_file
from coach.cli.saying import say
from coach.core.errors import BadInput, Missing
from coach.core.resources import asset
from coach.core.settings import Settings

SAMPLE = "sample"


def source_for(settings: Settings, channels: int, anything: bool) -> tuple[Source, str]:
    """The source that the settings name, and its name. With `anything`, falls back to the sample."""
    wanted = settings.input
    if wanted == SAMPLE:
        return Recording(asset("sample.flac"), block_s=0.02), SAMPLE
    if names_a_file(wanted):
        recording = Recording(wanted, block_s=0.02)
        if recording.channels < channels:
            raise BadInput(
                f"{recording.name} has {recording.channels} channel(s), but --channels asks for channel {channels}"
            )
        return recording, wanted
    try:
        return Microphone(wanted or None, channels), wanted
    except (BadInput, Missing) as error:
        if not anything:
            raise
        say(str(error))
        say("playing the sample conversation in real time instead; no microphone is used")
        return Recording(asset("sample.flac"), block_s=0.02), SAMPLE


def speaker_for(settings: Settings) -> tuple[Speaker, str]:
    """The speaker, or a silent one and a message that explains why."""
    if settings.cues == "none":
        return NoPlayer(unheard="cues are switched off"), ""
    try:
        return Player(settings.output or None), ""
    except (BadInput, Missing) as error:
        if settings.output:
            raise
        return NoPlayer(unheard="there is no speaker"), f"cues will only be shown, not heard: {error}"
