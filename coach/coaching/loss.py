"""What may be lost when somebody takes the floor right after a share. Only then does the tone for "too soon" sound.

    inner         Ana ▓▓▓▓ "I was so alone" ▓▓▓           she had just told something of her inner experience
                  Ben                         ▓▓▓▓▓▓

    mid-thought   Ana ▓▓▓▓▓▓▓▓▓▓ "and then I"             her words break off, or she goes on under the other's voice
                  Ben                        ▓▓▓▓▓▓

    long          Ana ▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓      she had been telling for 20 s or more
                  Ben                              ▓▓▓▓

The strongest reason counts, in this order. Other answers that come too soon are counted in the review and not sounded.
"""

from __future__ import annotations

from coach.coaching.cases import Taken
from coach.coaching.policy import Policy
from coach.coaching.recent import Recent
from coach.conversation import SpeechState
from coach.core.events import Words
from coach.core.span import Span

INNER, MID_THOUGHT, LONG = ("inner", "mid-thought", "long")  # the strongest first


def loss(case: Taken, recent: Recent, speech: SpeechState, policy: Policy) -> str | None:
    """What may be lost by this transfer, as far as it is known by the sample `speech.now`; None if nothing."""
    if any(_is_inner(words, policy) for words in _last_told(case, recent, policy)):
        return INNER
    last = recent.read(case.sharer, case.share_end, speech)
    goes_on = recent.spoke(case.sharer, Span(case.taken.onset, speech.now), speech)
    if (last is not None and last.unfinished) or goes_on >= policy.goes_on:
        return MID_THOUGHT
    return LONG if case.taken.told >= policy.long_share else None


def _last_told(case: Taken, recent: Recent, policy: Policy) -> list[Words]:
    """The last words of the share, `Policy.just_told` of speech."""
    told: list[Words] = []
    left = policy.just_told
    for words in reversed(recent.words(case.sharer, case.taken.since)):
        if left <= 0:
            break
        if words.span.start < case.share_end:
            told.append(words)
            left -= words.span.duration
    return told


def _is_inner(words: Words, policy: Policy) -> bool:
    p = words.p_experience or 0.0
    return p >= (policy.mourning if "mourning" in words.kinds else policy.inner)
