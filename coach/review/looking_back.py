"""What a session's page leads with: three plain sentences, one moment worth hearing again, one thing to try.

Everything comes from the analysis and the events. Nothing compares the two people, and nothing is a score: the
sentences say what there was, the moment is one in which something had room, and the thing to try is an invitation.
What rests on who spoke is left out, in so many words, if that is unsure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from coach.coaching import ASKED
from coach.core.events import UNKNOWN, Consented, Event, Hushed, Marked, Words
from coach.core.span import as_seconds
from coach.core.texts import Texts
from coach.review.analysis import Analysis, longest_silence
from coach.review.sounded import no_tone, sounded
from coach.review.titles import busy_told
from coach.review.wording import called, clock, in_unit, lasting, seconds
from coach.sessions import taken_back_by

MOST_KINDS = 3  # kinds of experience that the third sentence names
BEFORE_MARK, AFTER_MARK = 15.0, 5.0  # seconds that are heard again around a mark
HELD = 1.0  # seconds of silence, from which a moment is told as one with room in it


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment worth hearing again, from `start` to `end` (seconds). `text` is what was said, if words were kept."""

    start: float
    end: float
    says: str
    text: str | None


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment that somebody marked: `at` in samples, as stored, its time as text, and its note.

    `start` and `end` (seconds) are what to hear again of it: people mark what they have just heard.
    """

    at: int
    time: str
    note: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class LookedBack:
    """What the page leads with. `sentences` are three, two of one person alone, or one if nobody spoke.

    There is one more if the machine was too busy to hear everything.

    `stopped` says that somebody took their yes back, and what is erased; `said` is what each person agreed to.
    `no_tone` says why no tone followed any answer that came sooner than the breath; empty if one did, or if none came.
    """

    stopped: tuple[str, ...]
    sentences: tuple[str, ...]
    moment: Moment | None
    to_try: str
    marks: tuple[Mark, ...]
    cues: tuple[tuple[str, str], ...]
    no_tone: str
    said: tuple[str, ...]


def looked_back(analysis: Analysis, events: Iterable[Event], says: Texts, *, of_recording: bool = False) -> LookedBack:
    """What the page of a session leads with, in the language of the texts `says`.

    `of_recording`: nothing sounded, and the cues are those that the coach would have given.
    """
    events = list(events)
    spoke = bool(analysis["turns"])
    return LookedBack(
        stopped=stopped(events, analysis["settings"]["keep"], says),
        sentences=(*(_sentences(analysis, says) if spoke else (says["back.nobody"],)), *busy_told(analysis, says)),
        moment=_moment(analysis, says) if spoke else None,
        to_try=_to_try(analysis, says) if spoke else "",
        marks=tuple(_mark(event) for event in events if isinstance(event, Marked)),
        cues=tuple(_sounded(analysis, events, says)),
        no_tone=no_tone(analysis, says, of_recording=of_recording),
        said=agreed_to(events, says),
    )


def _sentences(analysis: Analysis, says: Texts) -> tuple[str, ...]:
    return _talk(analysis, says), *_pauses(analysis, says), _told(analysis, says)


def _mark(event: Marked) -> Mark:
    at = as_seconds(event.at)
    return Mark(event.at, clock(at), event.note, max(0.0, at - BEFORE_MARK), at + AFTER_MARK)


def _talk(analysis: Analysis, says: Texts) -> str:
    """Who talked, how long from the first word to the last, and how often they took turns, if that is known."""
    turns = analysis["turns"]
    people = _heard(analysis)
    time = lasting(max(turn["end_s"] for turn in turns) - min(turn["start_s"] for turn in turns))
    if len(people) < 2:
        return says["back.talk_alone"].format(people=in_a_row(people, says) or says["back.somebody"], time=time)
    changes = len(analysis["transfers"])
    form = "back.talk_unsure" if not changes or _unsure(analysis) else "back.talk_once" if changes == 1 else "back.talk"
    return says[form].format(people=in_a_row(people, says), time=time, changes=changes)


def _pauses(analysis: Analysis, says: Texts) -> tuple[str, ...]:
    """The longest silence that somebody left after what another told, or why it is not known; none of one alone."""
    people = _heard(analysis)
    longest = longest_silence(analysis["transfers"])
    if _unsure(analysis):
        part = analysis["statistics"]["unsure_share"]["value"]
        form = "back.pause_unknown" if part == 1 else "back.pause_unsure"
        return (says[form].format(part=in_unit(part, "share", says)),)
    if len(people) < 2:
        return (says["back.pause_one"].format(who=in_a_row(people, says)),) if len(analysis["people"]) > 1 else ()
    if longest is not None and longest["silence_s"] >= HELD:
        return (
            says["back.pause"].format(
                who=called(longest["to"], says),
                after=called(longest["from"], says),
                s=seconds(longest["silence_s"], says),
                at=clock(longest["silence_at_s"]),
            ),
        )
    lost = analysis["statistics"]["unmeasured_transfers"]["value"]
    return (says["back.pause_lost" if lost else "back.no_pause"],)


def _heard(analysis: Analysis) -> list[str]:
    """The people who had a turn, in the order of their names on the page."""
    return [who for who in analysis["people"] if any(turn["who"] == who for turn in analysis["turns"])]


def _unsure(analysis: Analysis) -> bool:
    """Whether it is unsure who spoke in so much of the speech that nothing is said which rests on that."""
    return bool(analysis["statistics"]["transfers"].get("unsure"))


def _told(analysis: Analysis, says: Texts) -> str:
    """The kinds of experience that were probably told, by anybody; what happened, if there were none."""
    turns = [turn for turn in analysis["turns"] if turn["level"] is not None]
    if not turns:
        return says["back.no_words"]
    kinds = Counter(kind for turn in turns for kind in turn["kinds"] if turn["level"] in ("2", "3"))
    if not kinds:
        return says["back.events"]
    found = [says[f"kind.{kind}"] for kind, _ in kinds.most_common(MOST_KINDS)]
    form = "back.experience" if len(found) == len(kinds) else "back.experience_among"
    return says[form].format(kinds=in_a_row(found, says))


def _moment(analysis: Analysis, says: Texts) -> Moment | None:
    """The turn that held most experience, or else the one after which the longest silence was left."""
    deep = [turn for turn in analysis["turns"] if turn["kind"] == "turn" and turn["level"] == "3"]
    longest = longest_silence(analysis["transfers"])
    if deep:
        turn = max(deep, key=lambda each: (len(each["kinds"]), each["end_s"] - each["start_s"]))
        told = says["back.moment_told"].format(who=called(turn["who"], says), at=clock(turn["start_s"]))
        return Moment(turn["start_s"], turn["end_s"], told, turn["text"])
    if longest is None or longest["silence_s"] < HELD or _unsure(analysis):
        return None
    before = [t for t in analysis["turns"] if t["who"] == longest["from"] and t["start_s"] < longest["at_s"]]
    turn = before[-1] if before else None
    start = turn["start_s"] if turn else longest["silence_at_s"]
    told = says["back.moment_held"].format(
        who=called(longest["to"], says),
        after=called(longest["from"], says),
        s=seconds(longest["silence_s"], says),
        at=clock(start),
    )
    return Moment(start, longest["at_s"], told, turn["text"] if turn else None)


def _to_try(analysis: Analysis, says: Texts) -> str:
    """One invitation: to the breath if few answers waited for it, inward if mostly events were told, or to stay."""
    waited = analysis["statistics"]["after_breath"]
    if waited["n"] >= 2 and 2 * waited["value"] < waited["n"] and not _unsure(analysis):
        return says["try.breath"]
    levels = Counter(turn["level"] for turn in analysis["turns"] if turn["level"] is not None)
    if levels["1"] > 2 * (levels["2"] + levels["3"]):
        return says["try.inward"]
    return says["try.curious"]


def _sounded(analysis: Analysis, events: Iterable[Event], says: Texts) -> list[tuple[str, str]]:
    """The cues that were given, what was asked in vain, and when the coach was quiet, as (time, what)."""
    found = list(sounded(analysis["cues"], says))
    found += [
        (cue["at_s"], says["cue.not_taken_up"])
        for cue in analysis["cues"]
        if not cue["given"] and ASKED in cue["because"]
    ]
    found += [
        (as_seconds(event.at), says["cue.hushed" if event.on else "cue.on"])
        for event in events
        if isinstance(event, Hushed)
    ]
    return [(clock(at), what) for at, what in sorted(found, key=lambda one: one[0])]


def stopped(events: Iterable[Event], keep: str, says: Texts) -> tuple[str, ...]:
    """That the coach stopped because somebody took their yes back, and what of words and sound is erased.

    `keep` is what the session was to keep. Empty if nobody took their yes back.
    """
    events = list(events)
    people = taken_back_by(events)
    surely = [who for who in people if who != UNKNOWN]
    if not people:
        return ()
    if not surely:
        return (says["stopped.unsure"],)
    left = {event.who for event in events if isinstance(event, Words) and event.text}
    who = in_a_row(surely, says)
    if keep == "stats" or not left:
        erased = says[f"stopped.{keep}"]
    else:  # with a microphone each, the words of the others stay
        erased = "" if left & set(surely) else says[f"stopped.{keep}_theirs"].format(who=who)
    return tuple(filter(None, (says["stopped.who"].format(who=who), erased)))


def agreed_to(events: Iterable[Event], says: Texts) -> tuple[str, ...]:
    """What each person said when they were asked, or when they took a yes back, as sentences."""
    said = [event for event in events if isinstance(event, Consented)]
    return tuple(_said(event, says) for event in said)


def _said(said: Consented, says: Texts) -> str:
    which = "unsure" if said.who == UNKNOWN else "yes" if said.yes else "no"
    return says[f"said.{said.to}.{which}"].format(who=said.who, how=says[f"said.how.{said.how}"])


def in_a_row(words: Sequence[str], says: Texts) -> str:
    """Names or other words in a row, with "and" before the last, in the language of the texts `says`.

    >>> in_a_row(["Ana", "Ben", "Zoë"], {"and": "und"}), in_a_row([], {"and": "und"})
    ('Ana, Ben und Zoë', '')
    """
    if not words:
        return ""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {says['and']} {words[-1]}"
