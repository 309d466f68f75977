"""Every figure of a conversation: the one place that computes each, under one name and by one definition.

    conversation.statistics    from the times: turns, transfers, pauses, and each person
    this module                from the words: what was told, how shares were answered
                               from what is missing: lost sound, and voices of which it is unsure whose they are

    figures ─► "statistics" of the analysis ─► every screen, page, trend and export; `titles` has their names for people

A measure here is a function whose docstring is the definition that people read beside the number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from coach.conversation import Conversation, Stat, Timing, Turn, ipus, statistics
from coach.conversation.measures import OVERALL, PERSONAL, part, stat
from coach.core.events import KINDS, RESPONSES, UNKNOWN, Speech, Words
from coach.core.span import Span, as_seconds
from coach.review.readings import turn_kinds, turn_level, turn_responses

SURE = 0.8  # the least confidence, 0 to 1, in the name of a speaker; a cue that rests on a name needs as much
UNSURE_FROM = 0.1  # of the speech; if more than this is unsure, every figure that depends on who spoke says so
WHOEVER = {"unheard_s", "heard_less_s", "words_late_s", "unsure_share"}  # the figures that do not depend on who spoke

INNER = "Of the turns that shared anything, the share that probably told experience (mixed, or experience alone)."
TOLD = (
    "In how many of this person's turns something of their {kind} was probably told, of those whose words were judged."
)
ANSWERED = "How many answers to a share were probably {kind}."
UNREAD = "How many answers to a share have no kind, because no words were recognised in them."
UNHEARD = "How many seconds of sound were lost, in n gaps; pauses that touch a gap are not measured."
HEARD_LESS = (
    "How many seconds the machine was too busy to listen closely, in n stretches; what was heard then is less sure."
)
WORDS_LATE = (
    "How many of these seconds words were read only afterwards, so that no cue could rest on them, in n stretches."
)
UNMEASURED = "How often the floor changed hands while sound was lost; no other figure includes these."
UNSURE = "Share of the speech of which it is unsure who spoke; over a tenth, every figure that rests on it is marked."


@dataclass(frozen=True, slots=True)
class Missing:
    """What a session lacks, in spans of samples.

    `lost`: sound. `heard_less`: the machine was too busy to listen as closely as usual. `words_late`: within those,
    it read words only afterwards.
    """

    lost: Sequence[Span] = ()
    heard_less: Sequence[Span] = ()
    words_late: Sequence[Span] = ()


@dataclass(frozen=True, slots=True)
class Figure(Stat):
    """A statistic. `unsure`: it depends on who spoke, and that is unsure for more than a tenth of the speech."""

    unsure: bool = False


def figures(
    conversation: Conversation,
    people: Sequence[str],
    timing: Timing,
    words: Sequence[Words],
    missing: Missing,
    speech: Sequence[Speech],
) -> dict[str, Figure]:
    """All figures by name; those of one person are named NAME.PERSON.

    `people` get figures of their own, and so does an unknown voice that was heard.
    """
    everybody = [*people, *([UNKNOWN] if any(turn.who == UNKNOWN for turn in conversation.turns) else [])]
    found = statistics(conversation, everybody, timing, words)
    found |= _told(conversation.turns, everybody) | _answered(conversation) | _missing(conversation, missing, speech)
    unsure = (found["unsure_share"].value or 0) > UNSURE_FROM  # type: ignore[operator]  # never a list
    return {
        name: Figure(each.value, each.n, each.unit, each.definition, each.interval, unsure and name not in WHOEVER)
        for name, each in found.items()
    }


@cache
def definitions() -> Mapping[str, str]:
    """The definition of every figure by its name, without a person."""
    docs = {one.name: one.measure.__doc__ for one in OVERALL} | {own.name: own.measure.__doc__ for own in PERSONAL}
    nobody = Conversation((), (), (), (), ())
    own = _told((), ("",)) | _answered(nobody) | _missing(nobody, Missing(), ())
    said = {name: " ".join((doc or "").split()) for name, doc in docs.items()}
    return said | {name.rstrip("."): each.definition for name, each in own.items()}


def definition(name: str) -> str:
    """The definition of a figure; that of `holding_s` for `holding_s.Ana`. Empty if there is none."""
    return definitions().get(name.partition(".")[0], "")


def told_name(kind: str) -> str:
    """The name of the figure that counts the turns which told a kind of experience, without the person."""
    return f"told_{kind}"


def answered_name(response: str) -> str:
    """
    >>> answered_name("own story")
    'answered_own_story'
    """
    return f"answered_{response.replace(' ', '_')}"


def _told(turns: Sequence[Turn], people: Sequence[str]) -> dict[str, Stat]:
    """The share of turns that told experience, and each person's turns that told each kind of it."""
    read = [(turn, turn_level(turn)) for turn in turns if turn.kind == "turn"]
    shared = [level != "1" for _, level in read if level in ("1", "2", "3")]
    found = {"inner_share": stat(part(shared), "share", INNER)}
    for kind in KINDS:
        for who in people:
            of_person = [turn for turn, level in read if turn.who == who and level is not None]
            hits = sum(kind in turn_kinds(turn) for turn in of_person)
            found[f"{told_name(kind)}.{who}"] = Stat(hits, len(of_person), "count", TOLD.format(kind=kind))
    return found


def _answered(conversation: Conversation) -> dict[str, Stat]:
    """The answers to a share by kind; together they are all answers."""
    kinds = list(_kinds_of_answers(conversation))
    found = {
        answered_name(each): Stat(kinds.count(each), len(kinds), "count", ANSWERED.format(kind=each))
        for each in RESPONSES
    }
    return found | {"answered_unread": Stat(kinds.count(None), len(kinds), "count", UNREAD)}


def _kinds_of_answers(conversation: Conversation) -> Iterator[str | None]:
    turns = conversation.turns
    kinds = {(turn.who, turn.span.start): kind for turn, kind in zip(turns, turn_responses(turns), strict=True)}
    return (kinds.get((each.who, each.onset)) for each in conversation.transfers if each.is_answer)


def _missing(conversation: Conversation, missing: Missing, speech: Sequence[Speech]) -> dict[str, Stat]:
    units = ipus(speech)
    unsure = ipus(each for each in speech if each.who == UNKNOWN or each.confidence < SURE)
    spoken, doubtful = (sum(unit.span.duration for unit in each) for each in (units, unsure))
    share = round(min(1.0, doubtful / spoken), 3) if spoken else None
    transfers = conversation.transfers
    unmeasured = sum(not each.measured for each in transfers)
    return {
        "unheard_s": _lasting(missing.lost, UNHEARD),
        "heard_less_s": _lasting(missing.heard_less, HEARD_LESS),
        "words_late_s": _lasting(missing.words_late, WORDS_LATE),
        "unmeasured_transfers": Stat(unmeasured, len(transfers), "transfers", UNMEASURED),
        "unsure_share": Stat(share, len(units), "share", UNSURE),
    }


def _lasting(spans: Sequence[Span], says: str) -> Stat:
    return Stat(as_seconds(sum(span.duration for span in spans)), len(spans), "s", says)
