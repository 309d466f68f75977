"""Whether a stretch asks the other person a direct question.

Recognised text is treated like typed text. Word order reveals a question without a question mark, and a question mark
alone does not prove that the listener is asked. The last words decide: a question that its speaker talked past, or went
on to answer, does not count.

    asks      "so how was it for you"           word order: the auxiliary is before its subject
              "it was cold, wasn't it"          a tag about something that both know
              "I wonder what you think"         indirect: only the other person knows
              "you went there?"                 the question mark alone
    does not  "it was so hot, you know?"        a tag that only keeps contact
              "and then he left, right?"        the same; but "you're coming, right?" asks
              "what was I to do?"               to oneself
              "who cares?"                      rhetorical
              "and he's like, are you coming?"  reported: somebody else's question
              "did he help? No, he did not."    already answered

A question that only intonation marks ("you like it here", with a rise) is missed if the recogniser writes no question
mark.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from coach.meaning.dialogue_acts import CONFIG
from coach.meaning.question_words import (
    ANSWERS,
    AUXILIARIES,
    BE,
    CHECKS,
    ELLIPTIC,
    EMBEDDING,
    HAVE,
    INDIRECT,
    NOT_BEFORE_TAG,
    OFFERS,
    OPENERS,
    PHATIC_TAGS,
    PRONOUNS,
    REPORTING,
    RHETORICAL,
    RHETORICAL_ALONE,
    SUBJECT_VERBS,
    SUBJECTS,
    SUBORDINATORS,
    SUGGESTIONS,
    THINKING,
    VERB_AND_OBJECT,
    WH,
    Words,
)
from coach.meaning.tokens import sentences, tokens

_QUOTED = re.compile(r"[^\s\"“”].*\?[\"”]\s*$", re.DOTALL)  # other words first, and a mark inside closing quotes


def is_question(text: str, stream: Sequence[str]) -> bool:
    """Whether the stretch `text`, with the tokens `stream`, is or ends in a direct question."""
    said = sentences(stream)
    if not said or (_QUOTED.search(text) and not text.lstrip().startswith(('"', "“"))):
        return False
    if _asks_listener(said[-1], marked=text.rstrip(" \t\n\"'”’)]").endswith("?"), alone=len(said) == 1):
        return True
    if len(said) == 1 or len(said[-1]) > CONFIG.afterthought or _answers(said[-1]):
        return False
    behind = text.rpartition("?")[2]
    return _asks_listener(said[-2], marked="?" in text and sentences(tokens(behind)) == said[-1:], alone=False)


def is_suggestion(stream: Sequence[str]) -> bool:
    """Whether a question makes a suggestion: "have you tried…", "why don't you…", "how about trying…"."""
    return any(
        words[place : place + len(form)] == form and not REPORTING & set(words[:place])
        for words in sentences(stream)
        for form in SUGGESTIONS
        for place in range(min(CONFIG.last_clause, len(words)))
    )


def _asks_listener(words: Words, marked: bool, alone: bool) -> bool:
    """Whether a sentence asks the listener something. `marked`: it has a question mark; `alone`: it is the stretch."""
    bare = _without_phatic_tag(words)
    tagged = len(bare) < len(words)
    if not bare or _is_rhetorical(bare) or _asks_oneself(bare) or _is_reported(bare):
        return False
    if marked and len(bare) > 1 and bare[-1] in CHECKS and bare[-2] != "all":  # "is that all right?" asks
        return _asks(bare[:-1], alone) or _is_about_the_other(bare[:-1])
    return (marked and not tagged) or _asks(bare, alone)


def _asks(words: Words, alone: bool) -> bool:
    """Whether the form is a question: an auxiliary before its subject near the end, a tag, or "I wonder if you"."""
    bare = _without_openers(words)
    if (
        bare[:2] == ("any", "idea")
        or bare in ELLIPTIC
        or words in ELLIPTIC
        or _has_tag(words)
        or _asks_indirectly(bare)
        or _asks_for_subject(bare)
    ):
        return True
    opened = True
    for place in range(len(words) - 1):
        near = len(words) - place <= CONFIG.last_clause
        if opened and (near or alone) and _opens_question(words[place:]):
            return not _goes_on_to_answer(words[place + 2 :])
        if not opened and near and _breaks_in(words, place):
            return not _goes_on_to_answer(words[place + 2 :])
        opened = opened and words[place] in OPENERS
    return False


def _without_openers(words: Words) -> Words:
    """The words without "so", "and", "well" at the start."""
    start = 0
    while start < len(words) and words[start] in OPENERS:
        start += 1
    return words[start:]


def _opens_question(words: Words) -> bool:
    """Whether a question starts here: "do you", "is the", "should I", "where did she", "what time is it"."""
    head, after = words[0], words[1]
    if head in AUXILIARIES:
        return _is_inverted(words)
    if head not in WH:
        return False
    if (head, after) in (("how", "about"), ("what", "about"), ("why", "not"), ("how", "come")):
        return True
    if after in AUXILIARIES:
        relative = head == "which" and words[2:3] not in (("you",), ("it",), ("yours",), ("your",))
        return len(words) > 2 and not relative  # "…, which is what I said" continues a statement
    if after in SUBJECTS | SUBJECT_VERBS | {"i"}:
        return False  # "what you do", "when she left", "what happens is you …": a clause, not a question
    return any(verb in AUXILIARIES and subject in SUBJECTS for verb, subject in pairwise(words[2:5]))


def _is_inverted(words: Words) -> bool:
    """Whether an auxiliary at the start is followed by its subject, and is neither a wish nor "had I known"."""
    verb, subject = words[0], words[1]
    if subject == "not":  # "isn't it", but not "can't complain"
        return words[2:3] != () and words[2] in SUBJECTS | {"i", "any"}
    if words[:3] == ("were", "it", "not") or (verb == "may" and subject in ("he", "she", "they", "it")):
        return False
    if (subject == "my" and verb in HAVE | {"did"}) or (verb, subject) in VERB_AND_OBJECT:
        return False  # "did my homework": the "I" was left out
    return subject in SUBJECTS or (verb in OFFERS and subject in ("i", "we"))


def _breaks_in(words: Words, place: int) -> bool:
    """Whether "do you" or "what did you" in the middle of unpunctuated words is a question, rather than embedded.

    An embedded question keeps the word order of a statement ("I know what you did"). So the inverted order proves a
    question after a question word, but not after an auxiliary alone.
    """
    before, head, rest = words[place - 1], words[place], words[place + 1 :]
    if head in AUXILIARIES - {"is", "was"}:
        return before not in EMBEDDING | SUBJECTS | WH | AUXILIARIES and rest[:1] == ("you",)
    if head not in ("what", "how", "where", "why", "when") or before in REPORTING | THINKING | {"like"}:
        return False
    if head in ("what", "how") and rest[:1] == ("about",):
        return rest[1:2] != () and rest[1] in ("you", "your", "yours")
    if rest[:1] and rest[0] in AUXILIARIES:
        asked = rest[2:] if rest[1:2] == ("not",) else rest[1:]
        return asked != () and asked[0] in ("you", "your", "yours", "it", "that")
    if not rest or rest[0] in SUBJECTS | {"i", "to"}:
        return False
    verbs = AUXILIARIES if head == "how" else AUXILIARIES - BE  # "what happens is you …" tells
    return any(verb in verbs and subject == "you" for verb, subject in pairwise(rest[1:5])) or (
        head == "how" and len(rest) > 2 and rest[1] in BE and rest[2] in ("it", "that", "your")
    )


def _asks_for_subject(words: Words) -> bool:
    """ "what happened", "who told you", "which of them won"; not "what happened was …", "what made me …"."""
    if not 2 <= len(words) <= CONFIG.subject_question or words[0] not in ("what", "who", "which"):
        return False
    verb = next((place for place, word in enumerate(words[:4]) if word in SUBJECT_VERBS), 0)
    near = verb == 1 or (verb > 1 and words[0] == "which")
    return near and not (BE | {"me", "i"}) & set(words[verb:])


def _asks_indirectly(words: Words) -> bool:
    """ "I wonder what you think", "I'd love to hear how it was for you": it names the other person, who knows."""
    for lead in INDIRECT:
        if words[: len(lead)] == lead:
            asked = words[len(lead) :]
            return (
                asked[:1] != () and asked[0] in SUBORDINATORS and bool({"you", "your"} & set(asked[: CONFIG.indirect]))
            )
    return False


def _has_tag(words: Words) -> bool:
    """ "…, isn't it", "…, don't you", "they never called, did they", "… do you think", "… don't you think"."""
    if len(words) < 4:
        return False
    auxiliary, negation, pronoun = words[-3:]
    if words[-2:] in (("you", "think"), ("you", "reckon")):
        return words[-3] == "do" or words[-4:-2] == ("do", "not")
    if pronoun not in PRONOUNS:
        return False
    if negation == "not":
        return auxiliary in AUXILIARIES
    if pronoun == "it" and negation not in BE:
        return False  # "…I know how he did it"
    return negation in AUXILIARIES and pronoun in words[:-2] and auxiliary not in NOT_BEFORE_TAG


def _is_about_the_other(words: Words) -> bool:
    """Whether "…, right?" asks: it is about the other person, or about the present."""
    here = any(a in ("it", "that", "this") and b == "is" for a, b in pairwise(words))
    return here or bool({"you", "your", "yours"} & set(words))


def _without_phatic_tag(words: Words) -> Words:
    """The words without a final "you know"; "do you know" stays."""
    for tag in sorted(PHATIC_TAGS, key=len, reverse=True):
        before = words[-len(tag) - 1 : -len(tag)]
        if words[-len(tag) :] != tag or (tag[0] == "you" and len(tag) == 2 and before in (("did",), ("would",))):
            continue
        if before == ("do",):
            return words if len(tag) == 2 else words[: -len(tag) - 1]
        return words[: -len(tag)]
    return words


def _is_rhetorical(words: Words) -> bool:
    """Whether the question is rhetorical: "who cares", "how dare he", "what can you do"."""
    bare = _without_openers(words)
    return bare == RHETORICAL_ALONE or any(bare[: len(phrase)] == phrase for phrase in RHETORICAL)


def _asks_oneself(words: Words) -> bool:
    """Whether speakers ask themselves: "what was I to do", "why did I ever", "who am I"."""
    for place, word in enumerate(words):
        if word in WH:
            for verb, subject in pairwise(words[place + 1 : place + 4]):
                if verb in AUXILIARIES and subject == "i":
                    offers = verb in OFFERS and (word in ("what", "where", "when", "which") or "you" in words[place:])
                    return not offers and (word, verb) != ("how", "do")
    return False


def _is_reported(words: Words) -> bool:
    """Whether the question is reported: "he asked me where are you going", "and she's like why", "I thought what"."""
    for place, word in enumerate(words[:-1]):
        quotes = word == "like" and place > 0 and words[place - 1] in BE
        thinks = word in THINKING and "you" not in words[place:]
        bids = word in ("asked", "asks", "asking") and "to" in words[place + 1 : place + 3]
        if word in REPORTING | THINKING and (bids or "you" in words[max(0, place - 2) : place]):
            continue  # "you said he'd call, did he", "you're thinking of it?", "she asked me to go, is that all right"
        if word in REPORTING or quotes or thinks:
            return not any(w in WH | AUXILIARIES - BE for w in words[:place])
    return False


def _goes_on_to_answer(words: Words) -> bool:
    """ "did he help, no he did not": a "yes" or "no" with more words after it."""
    return any(word in ("yes", "no") and place < len(words) - 1 for place, word in enumerate(words))


def _answers(words: Words) -> bool:
    """Whether a short sentence after a question answers it: "No, never.", "I did."."""
    return words[0] in ANSWERS or words[-1] in AUXILIARIES
