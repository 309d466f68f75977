"""The person's own cues, as the commands of `coach cues` use them."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from coach.audio import Player
from coach.coaching import Catalogue
from coach.core.errors import Missing
from coach.core.settings import Settings
from coach.cues import Sound, copy_of, cue_language, own_catalogue

POLL_S = 0.05  # how often to check whether a cue has ended


@dataclass(frozen=True, slots=True)
class OwnCues:
    """The settings and files that all of these commands use."""

    settings: Settings

    @property
    def language(self) -> str:
        """The language whose wordings the commands read and change, as a code."""
        return cue_language(self.settings)

    @property
    def copy(self) -> Path:
        """The file of the person's own wordings in that language, whether or not it exists."""
        return copy_of(self.language)

    def catalogue(self) -> Catalogue:
        """The cues as the files say now. Raises BadSetting if the person's wordings break a rule."""
        return own_catalogue(self.settings)


def play_to_end(player: Player, clip: Sound, gain_db: float) -> None:
    """Plays `clip` (n,) and waits for its end. Raises Missing if the speaker fails."""
    player.play(clip, gain_db)
    while not (over := player.finished()):
        time.sleep(POLL_S)
    if over[0].failed:
        raise Missing(over[0].failed)
