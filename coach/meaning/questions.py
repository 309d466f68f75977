"""Whether a stretch puts a direct question to the other.

A recogniser's text is judged like a typed one: a question is found by its word order where its mark is missing, and a
question mark is not believed after a tag that asks nothing ("you know?"), a question to oneself ("what was I to do?")
or one that is only told ("and he's like, why?").
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from coach.meaning.tokens import sentences, word_set

Words = tuple[str, ...]

_AUXILIARIES = word_set("do does did is are was were am have has had can could will would shall should may might")
_WH = word_set("what when where who whom whose why how which")
_PRONOUNS = word_set("you he she it they we there")
_DETERMINERS = word_set("that this those these your his her their our the my a any anyone anybody yours theirs hers")
_SUBJECTS = _PRONOUNS | _DETERMINERS
_OPENERS = word_set(
    "so and but well okay ok oh then now hey um uh er right yeah yes no because or anyway hmm mm like just sorry wait "
    "also actually seriously honestly really ah look listen"
)
_TELLING = word_set("said says asked asks saying asking goes")  # verbs that introduce somebody's question
_EMBEDS = word_set(
    "know wonder wondered wondering said says ask asked tell told see sure idea of about than as to so nor neither i"
)
_OFFERS = word_set("should shall can may could")  # before "I", these do ask: "should I bring wine"
_TAGS_THAT_ASK_NOTHING = (
    ("you", "know"),
    ("you", "know", "what", "i", "mean"),
    ("know", "what", "i", "mean"),
    ("you", "see"),
)
_SUGGESTIONS: tuple[Words, ...] = (
    ("have", "you", "tried"),
    ("have", "you", "ever", "tried"),
    ("have", "you", "considered"),
    ("did", "you", "try"),
    ("why", "do", "not", "you"),
    ("why", "not", "just"),
    ("could", "you", "try"),
    ("could", "not", "you", "just"),
    ("what", "about", "trying"),
    ("how", "about", "trying"),
)
_LAST_CLAUSE = 14  # words: a question that began farther from the end has been left behind by what followed it
_AFTERTHOUGHT = 3  # words that may follow a question without taking it back ("do you mind? Only a minute")


def is_question(text: str, stream: Sequence[str]) -> bool:
    """Whether the stretch `text`, whose tokens are `stream`, ends in a direct question or is one."""
    said = sentences(stream)
    if not said:
        return False
    last = said[-1]
    if _asks_nothing(last):
        return False
    if text.rstrip(" \t\n\"'”’)]").endswith("?") or _asks(last, alone=len(said) == 1):
        return True
    return len(said) > 1 and len(last) <= _AFTERTHOUGHT and not _asks_nothing(said[-2]) and _asks(said[-2], alone=False)


def is_suggestion(stream: Sequence[str]) -> bool:
    """Whether a question suggests something: "have you tried…", "why don't you…", "how about trying…"."""
    return any(
        words[place : place + len(form)] == form and not _TELLING & set(words[:place])
        for words in sentences(stream)
        for form in _SUGGESTIONS
        for place in range(min(_LAST_CLAUSE, len(words)))
    )


def _asks_nothing(words: Words) -> bool:
    return _ends_in_empty_tag(words) or _asks_oneself(words) or _is_told(words)


def _asks(words: Words, alone: bool) -> bool:
    """Whether word order asks: an auxiliary before its subject, near enough to the end, or a tag."""
    if _has_tag(words):
        return True
    opened = True
    for place in range(len(words) - 1):
        near = len(words) - place <= _LAST_CLAUSE
        if opened and (near or alone) and _opens_question(words[place:]):
            return True
        if not opened and near and _breaks_in(words, place):
            return True
        opened = opened and words[place] in _OPENERS
    return False


def _opens_question(words: Words) -> bool:
    """ "do you", "is the", "should I", "where did she", "what time is it", "how about": a question begins here."""
    head, after = words[0], words[1]
    if head in _AUXILIARIES:
        return after in _SUBJECTS or after == "not" or (head in _OFFERS and after in ("i", "we"))
    if head not in _WH:
        return False
    if (head, after) in (("how", "about"), ("what", "about"), ("why", "not"), ("how", "come")):
        return True
    if after in _AUXILIARIES:
        return len(words) > 2
    if after in _SUBJECTS | {"i"}:
        return False  # "what you do", "when she left": a clause, no question
    return any(verb in _AUXILIARIES and subject in _PRONOUNS | _DETERMINERS for verb, subject in pairwise(words[2:5]))


def _breaks_in(words: Words, place: int) -> bool:
    """Whether "do you", "what did you" in the middle of unmarked words is asked by the speaker, not embedded."""
    before = words[place - 1]
    if before in _EMBEDS | _SUBJECTS | _WH | _AUXILIARIES:
        return False
    if words[place] in _AUXILIARIES:
        return words[place + 1] == "you"
    return words[place] in _WH and words[place + 1] in _AUXILIARIES and words[place + 2 : place + 3] == ("you",)


def _has_tag(words: Words) -> bool:
    """ "…, isn't it", "…, don't you", "… do you think", "… don't you think"."""
    if len(words) < 4:
        return False
    auxiliary, negation, pronoun = words[-3:]
    if words[-2:] == ("you", "think"):
        return words[-3] == "do" or words[-4:-2] == ("do", "not")
    return auxiliary in _AUXILIARIES and negation == "not" and pronoun in _PRONOUNS


def _ends_in_empty_tag(words: Words) -> bool:
    """ "you know", but not "do you know"."""
    return any(
        words[-len(tag) :] == tag and words[-len(tag) - 1 : -len(tag)] not in (("do",), ("did",), ("would",))
        for tag in _TAGS_THAT_ASK_NOTHING
    )


def _asks_oneself(words: Words) -> bool:
    """ "what was I to do", "why did I ever", "who am I": the speaker asks the speaker."""
    for place, word in enumerate(words):
        if word in _WH:
            for verb, subject in pairwise(words[place + 1 : place + 4]):
                if verb in _AUXILIARIES and subject == "i":
                    return not (verb in _OFFERS and word in ("what", "where", "when", "which")) and (word, verb) != (
                        "how",
                        "do",
                    )
    return False


def _is_told(words: Words) -> bool:
    """ "he asked me where are you going", "and she's like why": somebody's question is told, not asked."""
    for place, word in enumerate(words[:-1]):
        quotes = word == "like" and place > 0 and words[place - 1] in ("was", "is", "am", "were", "are")
        if word in _TELLING or quotes:
            return not any(w in _WH | _AUXILIARIES - {"is", "was", "am", "were", "are"} for w in words[:place])
    return False
