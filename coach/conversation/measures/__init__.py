"""The statistics of a conversation, each with its count, unit, definition and, if it has one, its interval.

One function is one measure, and its docstring is the definition that people read next to the number. `transfers`
measures floor transfer offsets, `answers` the answers to shares, `silences` pauses and overlaps, and `people` each
person; `intervals` holds confidence intervals. Pauses and transfers with lost sound count only in the plain counts. No
number is a score.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from coach.conversation.measures import answers, people, silences, transfers
from coach.conversation.measures.seen import Seen
from coach.conversation.measures.stat import OVERALL, PERSONAL, Stat, stat
from coach.conversation.measures.summaries import part
from coach.conversation.talk import Conversation
from coach.conversation.timing import DEFAULTS, Timing
from coach.core.events import Words

__all__ = [
    "OVERALL",
    "PERSONAL",
    "Stat",
    "answers",
    "part",
    "people",
    "silences",
    "stat",
    "statistics",
    "transfers",
]


def statistics(
    conversation: Conversation, people: Sequence[str], timing: Timing = DEFAULTS, words: Iterable[Words] = ()
) -> dict[str, Stat]:
    """All measures of the conversation by name; those of one person are named `NAME.PERSON`, for each of `people`.

    `words` are all recognised words; without any, the measures of words are None.
    """
    seen = Seen(conversation, timing, tuple(words))
    found = {each.name: stat(each.measure(seen), each.unit, each.measure.__doc__) for each in OVERALL}
    for own in PERSONAL:
        for who in people:
            found[f"{own.name}.{who}"] = stat(own.measure(seen, who), own.unit, own.measure.__doc__)
    return found
