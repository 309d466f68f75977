"""The gates: small classes, each deciding one thing and giving one reason.

A case goes through its gates in the order of the lists at the end, and stops at the first that objects. That gate's
`reason` then stands in the cue that was held back, with the figures it looked at. A gate with patience may change its
mind for so long: a tone waits a moment for the words of the share it follows, words wait for silence.

    case opened            case decided
      │   objects, patient     │
      ├────────────────────────┤ given, when every gate is content
      │ ◄──── patience ──────► │ held back, when the patience is over

Where the numbers come from: `policy.py`. What the terms mean (share, floor transfer, FTO): the conversation room.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from coach.coaching.cases import Case, Figures, Paused, Stretch, Taken
from coach.coaching.catalogue import Catalogue
from coach.coaching.ledger import Ledger
from coach.coaching.policy import Policy
from coach.coaching.room import EDGE, Room
from coach.events import UNKNOWN, FloorTaken
from coach.span import RATE, Span, as_seconds

RECENTLY = 10 * RATE  # samples of the sharer's talk that tell how sure the name is; a last "so…" alone is too short


@dataclass(slots=True)
class Scene:
    """All that a gate may look at."""

    now: int
    policy: Policy
    catalogue: Catalogue
    people: tuple[str, ...]
    room: Room
    ledger: Ledger
    stretches: dict[str, Stretch]
    words_on: bool
    names_known: bool
    hushed: bool
    begins: int


class Gate:
    """One decision. `reason` is its id, `sentence` says it to a person."""

    reason: ClassVar[str]
    sentence: ClassVar[str]

    def objection(self, case: Case, scene: Scene) -> Figures | None:
        """None when the case may pass, else the figures that speak against it (seconds; maybe none)."""
        raise NotImplementedError

    def patience(self, case: Case, policy: Policy) -> int:
        """For how many samples after the case was opened the objection may still go away."""
        return 0


class NotAnAnswer(Gate):
    reason = "answer"
    sentence = "The share ended in a question or a request, and an answer is not jumping in."

    def objection(self, case: Case, scene: Scene) -> Figures | None:
        words = scene.room.read(case.sharer, case.share_end)
        return {} if words is not None and (words.question or words.request) else None


class NotLogistics(Gate):
    reason = "logistics"
    sentence = "It was about arrangements, and those may go quickly."

    def objection(self, case: Case, scene: Scene) -> Figures | None:
        words = scene.room.read(case.sharer, case.share_end)
        return {} if words is not None and words.logistics else None


class OwnLife(Gate):
    reason = "elsewhere"
    sentence = "It was about a film, the news or a joke, and that is no share."

    def objection(self, case: Case, scene: Scene) -> Figures | None:
        words = scene.room.read(case.sharer, case.share_end)
        return {} if words is not None and words.elsewhere else None


class NotABackchannel(Gate):
    reason = "backchannel"
    sentence = "The listener only showed that they were listening."

    def objection(self, case: Case, scene: Scene) -> Figures | None:
        if not isinstance(case, Taken):
            return None
        words = scene.room.read(case.to, case.taken.onset + EDGE)
        return {"words": words.count} if words is not None and words.acknowledgement else None


class NamesKnown(Gate):
    reason = "who-unknown"
    sentence = "It was not certain enough who spoke."

    def objection(self, case: Case, scene: Scene) -> Figures | None:
        share = Span(case.share_end - RECENTLY, case.share_end)
        if isinstance(case, Paused):
            stretches = [(case.sharer, share)]
        else:
            stretches = [(case.sharer, share), (case.to, Span(case.taken.onset, scene.now))]
        if not scene.names_known or any(who == UNKNOWN or who not in scene.people for who, _ in stretches):
            return {"confidence": 0.0}
        surest = min(scene.room.confidence(who, span) for who, span in stretches)
        return None if surest >= scene.policy.confidence else {"confidence": round(surest, 3)}


class WordsRead(Gate):
    reason = "words-late"
    sentence = "The words before it had not been read in time."

    def objection(self, case: Case, scene: Scene) -> Figures | None:
        if not scene.words_on or scene.room.read(case.sharer, case.share_end) is not None:
            return None
        return {"waited_s": as_seconds(scene.now - case.moment)}

    def patience(self, case: Case, policy: Policy) -> int:
        return policy.defer_at_most if isinstance(case, Paused) else policy.words_wait


class StillEvents(Gate):
    reason = "told-inward"
    sentence = "What was told last was no longer about events only."

    def objection(self, case: Case, scene: Scene) -> Figures | None:
        if not isinstance(case, Paused):
            return None
        latest = scene.stretches[case.to]
        same = latest.events and latest.story == case.stretch.story
        return None if same else {"p_event": round(latest.p_event, 3)}


class StillTheirFloor(Gate):
    reason = "floor-taken"
    sentence = "Somebody else had taken the floor."

    def objection(self, case: Case, scene: Scene) -> Figures | None:
        return {"floor": scene.room.floor} if scene.room.floor not in (None, case.to) else None


class QuietFirst(Gate):
    reason = "quiet-first"
    sentence = "Nothing sounds at the beginning."

    def objection(self, case: Case, scene: Scene) -> Figures | None:
        since = scene.now - scene.begins
        return {"since_beginning_s": as_seconds(since)} if since < scene.policy.quiet_first else None


class Budget(Gate):
    reason = "budget"
    sentence = "Another cue had sounded not long before."

    def objection(self, case: Case, scene: Scene) -> Figures | None:
        form = scene.catalogue[case.kind].form
        every = scene.policy.tone_every if form == "tone" else scene.policy.spoken_every
        last = scene.ledger.last(form)
        if last is None or scene.now - last >= every:
            return None
        return {"since_last_s": as_seconds(scene.now - last)}


class OncePerStory(Gate):
    reason = "same-story"
    sentence = "Words had been said in this story already."

    def objection(self, case: Case, scene: Scene) -> Figures | None:
        spoken = scene.catalogue[case.kind].form == "spoken"
        return {} if spoken and scene.ledger.told(case.story) else None


class SwitchedOn(Gate):
    reason = "switched-off"
    sentence = "This cue is switched off."

    def objection(self, case: Case, scene: Scene) -> Figures | None:
        on = case.kind not in scene.policy.disabled and scene.catalogue[case.kind].enabled
        return None if on else {}


class AskedFor(Gate):
    reason = "not-asked-for"
    sentence = "Cues of this form were not asked for in this session."

    def objection(self, case: Case, scene: Scene) -> Figures | None:
        tone = scene.catalogue[case.kind].form == "tone"
        asked = scene.policy.mode == "full" or (scene.policy.mode == "tones" and tone)
        return None if asked else {}


class NotHushed(Gate):
    reason = "hushed"
    sentence = "The coach had been asked to be quiet."

    def objection(self, case: Case, scene: Scene) -> Figures | None:
        return {} if scene.hushed else None


class NotSounding(Gate):
    reason = "sounding"
    sentence = "Another cue was still sounding."

    def objection(self, case: Case, scene: Scene) -> Figures | None:
        return {} if scene.ledger.sounding(scene.now) else None


class NobodySpeaks(Gate):
    reason = "speaking"
    sentence = "Somebody was speaking, and the coach talks over nobody."

    def objection(self, case: Case, scene: Scene) -> Figures | None:
        if scene.catalogue[case.kind].form != "spoken" or scene.room.silence(scene.now) >= scene.policy.natural_end:
            return None
        return {"waited_s": as_seconds(scene.now - case.moment)}

    def patience(self, case: Case, policy: Policy) -> int:
        return policy.defer_at_most


class InTime(Gate):
    reason = "too-late"
    sentence = "The moment it was about had passed."

    def objection(self, case: Case, scene: Scene) -> Figures | None:
        late = scene.now - case.began
        return {"late_s": as_seconds(late)} if late > scene.policy.defer_at_most else None


# The order is the order of the questions: was it that at all? who was it? may a cue sound now?
GATES: tuple[Gate, ...] = (
    NotABackchannel(),
    NotAnAnswer(),
    NotLogistics(),
    OwnLife(),
    NamesKnown(),
    WordsRead(),
    StillEvents(),
    StillTheirFloor(),
    QuietFirst(),
    Budget(),
    OncePerStory(),
    SwitchedOn(),
    AskedFor(),
    NotHushed(),
    NotSounding(),
    NobodySpeaks(),
    InTime(),
)

SENTENCES = {gate.reason: gate.sentence for gate in GATES} | {"ended": "The session ended before it could sound."}


def too_soon(taken: FloorTaken, policy: Policy) -> bool:
    """Whether a case is opened at all: after a share · by another · under the target breath · a real turn.

    That a turn is real (neither backchannel nor answer, as far as words were known by then) is what the conversation
    room says with `FloorTaken.too_soon`. A transfer that fails here was simply not too soon, and nothing is recorded.
    """
    return taken.after_share and taken.who != taken.after and taken.fto < policy.breath and taken.too_soon
