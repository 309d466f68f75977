"""The person's own cues, as the commands of `coach cues` use them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from coach.coaching import Catalogue
from coach.core.settings import Settings
from coach.cues import copy_of, cue_language, own_catalogue


@dataclass(frozen=True, slots=True)
class OwnCues:
    """The settings and files that all of these commands use."""

    settings: Settings

    @property
    def language(self) -> str:
        return cue_language(self.settings)

    @property
    def copy(self) -> Path:
        return copy_of(self.language)

    def catalogue(self) -> Catalogue:
        return own_catalogue(self.settings)
