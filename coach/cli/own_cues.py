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
        """The language whose wordings the commands read and change, as a code."""
        return cue_language(self.settings)

    @property
    def copy(self) -> Path:
        """The file of the person's own wordings in that language, whether or not it exists."""
        return copy_of(self.language)

    def catalogue(self) -> Catalogue:
        """The cues as the files say now. Raises BadSetting if the person's wordings break a rule."""
        return own_catalogue(self.settings)
