"""The statistics of a conversation, each with its count, its unit, its definition and, where it has one, its interval.

One function measures one thing; its docstring is the definition that people read beside the number. `transfers` holds
the offsets, `answers` what follows a share, `silences` pauses and overlaps, `people` what each person did; `intervals`
says how far a number from few observations goes. Pauses and transfers in whose silence sound was lost are left out of
everything but the plain counts. No number is a score.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from coach.conversation.measures import answers, people, silences, transfers
from coach.conversation.measures.intervals import of_share
from coach.conversation.measures.seen import Seen
from coach.conversation.measures.stat import OVERALL, PERSONAL, Stat, stat
from coach.conversation.talk import Conversation
from coach.conversation.timing import DEFAULTS, Timing
from coach.core.events import Words

__all__ = ["OVERALL", "PERSONAL", "Stat", "answers", "of_share", "people", "silences", "statistics", "transfers"]


def statistics(
    conversation: Conversation, people: Sequence[str], timing: Timing = DEFAULTS, words: Iterable[Words] = ()
) -> dict[str, Stat]:
    """Every measure of the conversation, by name; those of one person are called `NAME.PERSON`, for each of `people`.

    words: all that was recognised; without any, the measures of words are None.
    """
    seen = Seen(conversation, timing, tuple(words))
    found = {each.name: stat(each.measure(seen), each.unit, each.measure.__doc__) for each in OVERALL}
    for own in PERSONAL:
        for who in people:
            found[f"{own.name}.{who}"] = stat(own.measure(seen, who), own.unit, own.measure.__doc__)
    return found
