"""The rehearsal: one person speaks, and the coach leaves room. It has two cues, and gives neither over speech.

Pure. The pipeline uses a `Rehearsal` in the same way as a `Coach`. Two things can open a case, both after speech ends:

    inward     ▓▓▓▓▓ ▓▓▓▓▓▓▓ ▓▓▓▓▓▓├── 2.5 s ──┤"…and how is that in you?"     a run that stayed at event level
    slower     ▓▓▓▓▓▓▓▓▓▓ ▓▓▓▓▓▓▓▓▓├ 0.7 s ┤"…there is time for this."         a rush, against their own first minute

Silence alone opens no case, however long it is, because a rehearsal is meant to have silence. If the person speaks
again while a case waits for words, the case is dropped. Every decision is a `Cue`. If the cue is held back, its reason
is named after the gate of a conversation that decides the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from coach.coaching.cases import Figures, SharingRun, Story
from coach.coaching.catalogue import Catalogue
from coach.coaching.gates import permission, relevance
from coach.coaching.pace import Pace
from coach.coaching.policy import Policy
from coach.coaching.recent import Recent
from coach.conversation import SpeechState
from coach.core.events import Cue, Event, Hushed, Words
from coach.core.span import RATE, as_seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsalConfig:
    """The silences after which the coach may speak. All times are samples."""

    room: int = 5 * RATE // 2  # before an invitation: longer than at a table, since nobody else is waiting
    breath: int = 7 * RATE // 10  # somebody in a rush takes breath: a longer silence may not come


@dataclass(frozen=True, slots=True)
class _Case:
    kind: str
    story: Story
    ended: int  # the sample at which the speech before the case ended
    figures: Figures


@dataclass(slots=True)
class _Given:
    """The cues given so far: the sample of the last one, the stories they were about, and the texts of each kind."""

    last: int | None = None
    stories: set[Story] = field(default_factory=set)
    texts: dict[str, list[str]] = field(default_factory=dict)


class Rehearsal:
    """Decides cues for `who`, who speaks alone, in place of a `Coach`; `words_on`: a recogniser runs.

    All times are samples at 16 kHz. In each hop, call `hear` and `consider` for what is new, then `tick`. Raises
    BadSetting if the policy switches off a kind that is not in the catalogue.
    """

    def __init__(
        self,
        policy: Policy,
        catalogue: Catalogue,
        who: str,
        *,
        words_on: bool,
        config: RehearsalConfig = RehearsalConfig(),
    ) -> None:
        for kind in sorted(policy.disabled):
            catalogue[kind]
        self._policy, self._catalogue, self._who, self._config = policy, catalogue, who, config
        self._recent = Recent()
        self._speech = SpeechState()
        self._pace = Pace(words_on=words_on)
        self._run: SharingRun | None = None
        self._mentioned: set[str] = set()
        self._hushed = False
        self._begins = 0
        self._given = _Given()
        self._rushes = 0  # the number of rushes, including one that is still going on
        self._rushing = False
        self._looked: dict[str, int] = {}  # for each kind, the end of the speech that was last decided on
        self._reported: set[tuple[Story, str]] = set()

    def begin(self, now: int) -> None:
        """Begins the rehearsal at the sample `now`; nothing before it counts."""
        self._begins = now
        self._pace = Pace(words_on=self._pace.words_on, begins=now)
        self._run = None
        self._mentioned.clear()

    def lose_words(self) -> None:
        """Goes on without a recogniser: no more invitations inward, and only pauses show a rush."""
        self._pace.words_on = False

    def speak(self, catalogue: Catalogue) -> None:
        """Takes the wordings of cues from `catalogue` from now on."""
        self._catalogue = catalogue

    def hear(self, event: Event) -> None:
        """Takes an event, in the order in which it became known; those that do not matter here are ignored."""
        self._recent.hear(event)
        self._pace.hear(event)
        match event:
            case Hushed(on=on):
                self._hushed = on
            case Words(kinds=kinds):
                self._mentioned.update(kinds)

    def consider(self, run: SharingRun) -> None:
        """Takes the newest estimate of whether `who` has told only of events; it replaces the one before."""
        self._run = run

    def tick(self, speech: SpeechState) -> list[Event]:
        """The cues decided by the sample `speech.now`, given and held back; call it once per hop.

        A decision that was reported before, about the same story and with the same reason, is not reported again.
        """
        self._speech = speech
        ended = speech.ended(self._who)
        if ended is None:
            return []
        silence = speech.silence
        cases = [
            self._inward(ended) if silence >= self._config.room else None,
            self._slower(ended, silence) if silence >= self._config.breath else None,
        ]
        decided = (self._decide(case, speech.now) for case in cases if case is not None)
        return [cue for cue in decided if cue is not None]

    def finish(self, now: int) -> list[Event]:
        """Ends the rehearsal; there are no cues left, since a case does not outlast its silence."""
        return []

    # ------------------------------------------------------------------------------------------- opening a case

    def _inward(self, ended: int) -> _Case | None:
        run = self._run
        if run is None or not run.events or self._looked.get("inward") == ended:
            return None
        told: Figures = {
            "told_s": as_seconds(run.speech),
            "sentences": run.sentences,
            "p_event": round(run.p_event, 3),
        }
        return _Case("inward", (self._who, run.story), ended, told)

    def _slower(self, ended: int, silence: int) -> _Case | None:
        if self._looked.get("slower") == ended:
            return None
        waited = silence - self._config.breath
        if self._pace.words_on and not self._read(ended) and waited < self._policy.defer_at_most:
            return None  # stretches are long in a rush and their words come late, so the word rate is not known yet
        rushes = self._pace.rushing
        self._rushes += rushes and not self._rushing
        self._rushing = rushes
        first, recent = self._pace.first, self._pace.recent
        if not rushes or first is None or recent is None:
            self._looked["slower"] = ended
            return None
        figures: Figures = {
            "silence_part": round(recent.silence, 2),
            "silence_part_at_first": round(first.silence, 2),
        }
        if first.rate is not None and recent.rate is not None:
            figures |= {"words_a_minute": round(60 * recent.rate), "words_a_minute_at_first": round(60 * first.rate)}
        return _Case("slower", ("slower", self._rushes), ended, figures)

    # ------------------------------------------------------------------------------------------------- deciding

    def _decide(self, case: _Case, now: int) -> Cue | None:
        """The cue, given or held back; None while it waits for words, and if the same decision was reported before."""
        if case.kind == "inward" and not self._read(case.ended):
            if now - case.ended - self._config.room < self._policy.defer_at_most:
                return None
            reason: str | None = relevance.WordsRead.reason
        else:
            reason = self._objection(case, now)
        self._looked[case.kind] = case.ended
        if reason is not None and (case.story, reason) in self._reported:
            return None
        text = self._catalogue.wording(case.kind, self._given.texts.get(case.kind, ()), self._mentioned)
        if reason is None:
            self._given.last = now
            self._given.stories.add(case.story)
            self._given.texts.setdefault(case.kind, []).append(text)
        else:
            self._reported.add((case.story, reason))
        return Cue(
            at=now,
            kind=case.kind,
            form=self._catalogue[case.kind].form,
            text=text,
            to=self._who,
            given=reason is None,
            held_back=reason,
            because=case.figures | {"silence_s": as_seconds(self._speech.silence)},
        )

    def _read(self, ended: int) -> bool:
        """Whether the speech up to the sample `ended` has been recognised."""
        return self._recent.read(self._who, ended, self._speech) is not None

    def _objection(self, case: _Case, now: int) -> str | None:
        """The first reason against the case, in the order of a conversation's gates; None if there is none."""
        policy, last = self._policy, self._given.last
        tone = self._catalogue[case.kind].form == "tone"
        against = (
            (permission.QuietFirst, now - self._begins < policy.quiet_first),
            (permission.Budget, last is not None and now - last < (policy.tone_every if tone else policy.spoken_every)),
            (permission.OncePerStory, case.story in self._given.stories),
            (permission.SwitchedOn, case.kind in policy.disabled or not self._catalogue[case.kind].enabled),
            (permission.AskedFor, policy.mode == "none" or (policy.mode == "tones" and not tone)),
            (permission.NotHushed, self._hushed),
            (permission.NotSounding, last is not None and now - last < policy.nominal_spoken),
        )
        return next((gate.reason for gate, holds in against if holds), None)
