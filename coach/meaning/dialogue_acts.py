"""Dialogue acts other than questions: acknowledgements, requests and logistics. Questions are in `questions.py`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from coach.meaning.lexicon import PhraseMatcher, section
from coach.meaning.tokens import sentences, word_set, words_only

_OPENERS = word_set(
    "so and but well okay ok oh then now hey um uh right yeah yes no or anyway just sorry wait also actually"
)
_REPORTING = word_set("said says asked asks told saying like")  # these introduce somebody else's request
_GIVE_ME = word_set("tell pass give show hand send bring help remind get lend explain describe read play")
_TALK_TO_ME = (
    ("talk", "to", "me"),
    ("talk", "to", "us"),
    ("explain", "it", "to", "me"),
    ("explain", "that", "to", "me"),
    ("describe", "it"),
    ("walk", "me", "through"),
    ("take", "me", "through"),
    ("let", "me", "hear"),
    ("let", "us", "hear"),
    ("go", "on", "tell"),
    ("keep", "going"),
)
_WANTS = (("i", "want", "you", "to"), ("i", "would", "like", "you", "to"), ("i", "need", "you", "to"))
_TO_DO = word_set(
    "tell say look listen help come stay go show give explain describe try stop take bring call hold write sit wait"
)  # after "I want you to"; "I want you to know" asks for nothing
_WONDERS = (("i", "wonder", "if"), ("i", "was", "wondering", "if"), ("i", "am", "wondering", "if"))
_ASKS_ABOUT = word_set(
    "believe imagine like say be have ever not feel prefer think remember see hear"
)  # "can you believe"
_PAST = word_set("was were had did went came said told took got picked dropped bought made forgot drove called asked")
_HOURS = word_set("one two three four five six seven eight nine ten eleven twelve half quarter noon midnight")

LAUGHTER_NOTE = re.compile(r"[\[<(][^\])>]*(?:laugh|chuckl|giggl)[^\])>]*[\])>]", re.IGNORECASE)
LAUGHTER = re.compile(r"(?:a?(?:ha|he|hee|ho)h?){2,}")
_BURST = re.compile(r"(?:a?h(?:a|e|o|i|ee|oo)h?|huh|ah?)")  # spellings of one burst of laughter
_BURSTS = re.compile(
    rf"\b{_BURST.pattern}(?:[\s,.!-]+{_BURST.pattern}){{2,}}\b", re.IGNORECASE
)  # "he he" may be a stammer; three bursts are not
_HUM = re.compile(r"m+h*m*|h+m+|u+h+|a+h+|o+h+")  # in any language; the next in English
_DRAWN_OUT = re.compile(r"a+w+|w+o+w+|ye+a+h*|no+|so+")


@dataclass(frozen=True, slots=True, kw_only=True)
class DialogueActConfig:
    """Lengths in words that decide between dialogue acts, also for `coach.meaning.questions`."""

    afterthought: int = 3  # that may follow a question or request and leave it standing ("do you mind? Only a minute")
    plan: int = 40  # a longer stretch is a story with a plan in it, not logistics
    hasty: int = 16  # a longer stretch tells of thanks or of a fire, and gives no reason for haste
    last_clause: int = 14  # a question that starts earlier than this before the end was overtaken by later talk
    subject_question: int = 8  # "what happened"; a longer stretch tells the answer ("what happened was …")
    indirect: int = 7  # after "I wonder", among which "you" or "your" must come


CONFIG = DialogueActConfig()


def is_acknowledgement(text: str, stream: Sequence[str]) -> bool:
    """Whether `text`, with the tokens `stream`, consists of acknowledgements and laughter only, and is not empty."""
    phrases = section("acknowledgements", "said"), section("acknowledgements", "laughter")
    bursts = _BURSTS.search(text) is not None  # from the text, because tokens drop repeats
    return acknowledges(text, words_only(tuple(stream)), phrases, (_DRAWN_OUT, _BURST) if bursts else (_DRAWN_OUT,))


def acknowledges(
    text: str, words: Sequence[str], phrases: Sequence[PhraseMatcher], sounds: Sequence[re.Pattern[str]] = ()
) -> bool:
    """Whether `text` is an acknowledgement, in any language: all its `words` are in entries of `phrases`, or are
    laughter, a hum or one of `sounds`. If it has no words, whether it notes laughter ("[laughs]").
    """
    if not words:
        return LAUGHTER_NOTE.search(text) is not None
    place = 0
    while place < len(words):
        sound = any(each.fullmatch(words[place]) for each in (LAUGHTER, _HUM, *sounds))
        taken = next((taken for each in phrases if (taken := each.at(words, place))), int(sound))
        if not taken:
            return False
        place += taken
    return True


def excuses_haste(stream: Sequence[str]) -> bool:
    """Whether the stretch is short and gives thanks, an apology, comfort or a warning: these may come, or be answered,
    at once."""
    words = words_only(tuple(stream))
    if len(words) > CONFIG.hasty:
        return False
    return any(True for kind in ("thanks", "sorry", "care", "urgent") for _ in section("haste", kind).find(words))


def is_request(stream: Sequence[str]) -> bool:
    """Whether the stretch asks the other person to do something: "could you…", "tell me…".

    The request must be at the end, or make up most of the stretch.
    """
    after = 0  # words after the current sentence
    for words in reversed(sentences(stream)):
        if (after <= CONFIG.afterthought or after <= len(words)) and _requests(words):
            return True
        after += len(words)
    return False


def _requests(words: tuple[str, ...]) -> bool:
    start = 0
    while start < len(words) and words[start] in _OPENERS:
        start += 1
    asked = words[start:]
    if not asked or asked[:4] == ("tell", "me", "about", "it"):
        return False
    polite = asked[0] == "please" or (asked[-1] == "please" and len(asked) > 1 and not _REPORTING & set(asked))
    imperative = (asked[0] in _GIVE_ME and asked[1:2] in (("me",), ("us",))) or asked[:3] == ("let", "me", "know")
    favour = asked[0] in ("can", "could", "may") and asked[1:3] in (
        ("i", "have"),
        ("i", "get"),
        ("i", "borrow"),
        ("i", "ask"),
    )
    minded = asked[:3] == ("do", "you", "mind")
    return polite or imperative or favour or minded or _asks_for_talk(asked) or _asks_other_to_act(asked)


def _asks_for_talk(asked: tuple[str, ...]) -> bool:
    """ "talk to me", "say a bit more", "I'd like you to look at it", "I wonder if you could"."""
    if any(asked[: len(phrase)] == phrase for phrase in _TALK_TO_ME) or (asked[0] == "say" and "more" in asked[1:4]):
        return True
    if any(asked[: len(lead)] == lead for lead in _WANTS):
        return asked[len(_WANTS[0]) :][:1] != () and not _TO_DO.isdisjoint(asked[3:6])
    return any(asked[: len(lead)] == lead and asked[len(lead) :][:1] == ("you",) for lead in _WONDERS) and (
        "could" in asked or "can" in asked or "would" in asked or "might" in asked
    )


def _asks_other_to_act(asked: tuple[str, ...]) -> bool:
    """ "could you open it", even after a name or a clause ("Ben can you…"), but not "can you believe it"."""
    for place, (verb, subject) in enumerate(pairwise(asked)):
        if verb in ("could", "can", "would", "will") and subject == "you" and not _REPORTING & set(asked[:place]):
            before = asked[place - 1 : place] if place else ()
            act = asked[place + 2 : place + 3]
            whose = before and before[0] in ("what", "how", "where", "when", "who", "why", "that", "as", "if")
            return bool(act) and act[0] not in _ASKS_ABOUT and not whose
    return False


def is_logistics(stream: Sequence[str], inner: bool) -> bool:
    """Whether the stretch makes a plan: a frame ("we need to", "I'll") with a chore, in a short stretch.

    A stretch that is `inner`, or that tells a story in the past tense, is not logistics.
    """
    words = words_only(tuple(stream))
    past = sum(word in _PAST for word in words)
    if inner or len(words) > CONFIG.plan or past > 1:
        return False
    chores = sum(1 for _ in section("logistics", "chore").find(words)) + _clock_times(words)
    frames = sum(1 for _ in section("logistics", "frame").find(words))
    return chores >= 1 and (frames >= 1 or (chores >= 2 and past == 0))


def _clock_times(words: Sequence[str]) -> int:
    """The number of times of day: "at five", "by 6"."""
    return sum(
        a in ("at", "by", "around", "until", "till") and (b in _HOURS or (b.isdigit() and int(b) <= 24))
        for a, b in pairwise(words)
    )
