"""The lines before a session and at its beginning: for consent, the check-in, the guided beginning and the talk."""

from __future__ import annotations

from dataclasses import dataclass

from coach.coaching import Catalogue, Line
from coach.cues import CueOutput
from coach.runtime.phases import FirstWords, Guided, Phase
from coach.runtime.plan import Plan

HOW_TO_STOP = "consent_aloud"  # the kind of the line on taking a yes back


@dataclass(frozen=True, slots=True)
class Opening:
    """The opening lines of `plan`, each as (kind of the catalogue, text to say); `line` opens the exercise, if any.

    `aloud`: each may take their yes back aloud, and is told how once the talk has begun. People in a recording cannot
    hear anything, so there are no lines for them.
    """

    plan: Plan
    catalogue: Catalogue
    line: Line | None
    aloud: bool = False

    @property
    def announced(self) -> list[tuple[str, str]]:
        """The lines that everybody must hear before the coach begins to listen: that it does, and what is kept.

        Empty if cues are switched off and nothing but figures is kept. Raises BadSetting if the catalogue lacks one.
        """
        settings = self.plan.settings
        if self.plan.played_back or (settings.cues == "none" and settings.keep == "stats"):
            return []  # what is kept of words or sound is said aloud, whatever is switched off
        consent = "consent_alone" if self.plan.question else "consent"
        return [(kind, self.catalogue.line(kind)) for kind in (consent, f"keep_{settings.keep}")]

    @property
    def ahead(self) -> list[tuple[str, str]]:
        """All lines and cues that the session may need, in the order in which they should be rendered."""
        return [*([] if self.plan.played_back else [*self.announced, *self._first_lines()]), *self.in_the_talk]

    @property
    def in_the_talk(self) -> list[tuple[str, str]]:
        """The line and the cues that the talk itself may need; after `replace(opening, catalogue=…)`, in its words."""
        return [*([(HOW_TO_STOP, self.catalogue.line(HOW_TO_STOP))] if self.aloud else []), *self.cues]

    def phases(self, output: CueOutput) -> list[Phase]:
        """The phases between the check-in and the talk, in order: the guided beginning, then the first words."""
        phases: list[Phase] = []
        if self.plan.practice and not self.plan.played_back:
            phases.append(Guided("practice", self.catalogue["practice"].wordings, output))
        if self.line is not None and not self.plan.played_back:
            phases.append(FirstWords(self.line.kind, self.line.text, output))
        return phases

    def _first_lines(self) -> list[tuple[str, str]]:
        asks = [
            ("checkin_ask", self.catalogue.line(kind, name=who))
            for kind in ("checkin_ask", "checkin_more", "checkin_again")
            for who in self.plan.people
        ]
        return [
            *(asks if self.plan.asked else []),
            *(("practice", text) for text in self.catalogue["practice"].wordings if self.plan.practice),
            *([(self.line.kind, self.line.text)] if self.line else []),
        ]

    @property
    def cues(self) -> list[tuple[str, str]]:
        """The spoken cues that may be given, in all their wordings; none where cues are tones or switched off."""
        settings = self.plan.settings
        if settings.cues not in ("full", "drill"):
            return []
        return [(kind, text) for kind, text in self.catalogue.spoken() if kind not in settings.cues_off]
