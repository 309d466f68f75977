"""The plan of a session, as the command line assembles it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from coach.conversation import Breath, Timing, timing_of
from coach.core.settings import EARLIER_PAUSE, Settings
from coach.diarization import Voice

ALONE = "alone"  # one person rehearses, so all speech is theirs


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The plan of one session.

    Speech is attributed by `channels` (numbered from 0) if everyone has a microphone, by kept `voices`, or by a
    check-in unless `check_in` is off. `minutes` limits the session; 0 means no limit. `practice` puts the guided
    beginning before the talk. `turns` is the length in minutes of a turn-taking exercise; 0 means none. If `question`
    is set, the first of the people rehearses alone, and `question` opens the rehearsal.
    """

    people: tuple[str, ...]
    settings: Settings
    version: str
    channels: Mapping[str, int] = field(default_factory=dict)
    voices: Mapping[str, Voice] = field(default_factory=dict)
    check_in: bool = True
    minutes: float = 0.0
    practice: bool = False
    turns: float = 0.0
    question: str = ""
    shown_in: str = ""  # the language of the page on which it was begun
    played_back: bool = False  # the source is a file, so nobody in it can hear the coach
    sample: bool = False  # the file is the sample conversation
    earlier_pause: float | None = None  # seconds, in the same people's last sessions: there a growing breath begins

    @property
    def breath(self) -> int:
        """The target breath at the beginning, in samples."""
        return Breath.at_first(self.timing).target

    @property
    def timing(self) -> Timing:
        """The definitions by which the conversation is heard and looked back at."""
        return timing_of(self.settings.pause, self.settings.pause_grows, self.earlier_pause)

    @property
    def stored_settings(self) -> dict[str, Any]:
        """The settings as they are stored with the session, with what else the breath depends on."""
        settings = self.settings.as_dict()
        return settings if self.earlier_pause is None else {**settings, EARLIER_PAUSE: self.earlier_pause}

    @property
    def attribution(self) -> str:
        """How speech is attributed, in the word that the store keeps."""
        if self.question:
            return ALONE
        return "channels" if self.channels else "enrolled" if self.voices or self.check_in else "none"

    @property
    def asked(self) -> bool:
        """Whether the session begins with a check-in."""
        return self.check_in and not (self.question or self.channels or self.voices)
