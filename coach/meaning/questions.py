"""Whether a stretch puts a direct question to the other.

A recogniser's text is judged like a typed one: a question is found by its word order where its mark is missing, and a
question mark is not believed where nothing is asked of the listener. The last words decide: a question that more talk
followed has been left behind, and one that its speaker went on to answer never was for the other.

    asks      "so how was it for you"           word order: auxiliary before its subject
              "it was cold, wasn't it"          a tag about what both know
              "I wonder what you think"         indirect: it is the other who knows
              "you went there?"                 the mark alone
    does not  "it was so hot, you know?"        a tag that only keeps contact
              "and then he left, right?"        the same; "you're coming, right?" does ask
              "what was I to do?"               to oneself
              "who cares?"                      to nobody
              "and he's like, are you coming?"  told: somebody else's question
              "did he help? No, he did not."    answered already

Questions that only the voice marks ("you like it here" with a rise) are not found where the recogniser gives no mark.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from coach.meaning.tokens import sentences, tokens, word_set

Words = tuple[str, ...]

_BE = word_set("is are was were am")
_HAVE = word_set("have has had")
_AUXILIARIES = _BE | _HAVE | word_set("do does did can could will would shall should may might")
_WH = word_set("what when where who whom whose why how which")
_PRONOUNS = word_set("you he she it they we there")
_DETERMINERS = word_set("that this those these your his her their our the my any anyone anybody yours theirs hers")
_SUBJECTS = _PRONOUNS | _DETERMINERS
_OPENERS = word_set(
    "so and but well okay ok oh then now hey um uh er right yeah yes no because or anyway hmm mm like just sorry wait "
    "also actually seriously honestly really ah look listen mhm yep yup good great cool alright sure fine exactly"
)
_TELLING = word_set("said says asked asks saying asking goes")  # verbs that introduce somebody's question
_THINKING = word_set("thought thinking")  # these introduce one's own, unless it holds a "you"
_EMBEDS = word_set(
    "know wonder wondered wondering said says ask asked tell told see sure idea of about than as to so nor neither i"
)
_INVERTS = word_set("so neither nor than as only never")  # "so did she": inverted, and no question
_NO_SUBJECT = frozenset({("have", "it"), ("had", "it"), ("do", "this"), ("do", "that"), ("do", "it")})  # an object
_BEFORE_NO_TAG = _INVERTS | _WH | _SUBJECTS | _AUXILIARIES | {"i", "to"}
_OFFERS = word_set("should shall can may could")  # before "I", these do ask: "should I bring wine"
_ELLIPTIC = frozenset(
    tuple(phrase.split())
    for phrase in (
        "why", "why not", "how so", "how come", "since when", "where to", "what for", "like what", "which one",
        "and you", "and yours", "who with", "for how long",
    )
)  # fmt: skip
_TAGS_THAT_ASK_NOTHING = (
    ("you", "know"),
    ("you", "know", "what", "i", "mean"),
    ("know", "what", "i", "mean"),
    ("you", "see"),
)
_CHECKS = word_set("right okay ok yeah eh huh")  # tags that ask only about what the other knows
_TO_NOBODY = tuple(
    tuple(phrase.split())
    for phrase in (
        "who cares", "who knows", "god knows", "what is the point", "what is the use", "how dare",
        "who would do", "who would have thought", "who would think", "who would say", "why would anyone",
        "why would anybody", "how could anyone", "how could anybody", "how could he", "how could she", "how could they",
        "do you know what i", "do you know what he", "do you know what she", "do you know what they",
        "do you know what we", "you know what i", "you know what he", "you know what she", "you know what they",
        "you know what we",
    )
)  # fmt: skip
_NOBODY_CAN = ("what", "can", "you", "do")  # with nothing after it; "what can you do with it" asks
_DID_SOMETHING = word_set(
    "happened happens made makes told gave brought brings changed helped helps stopped keeps kept took came won started"
)  # "what happened", "who told you": the question word is the subject
_LONGEST_SUBJECT_QUESTION = 8  # words; a longer stretch goes on to tell ("what happened was …")
_INDIRECT = tuple(
    tuple(phrase.split())
    for phrase in (
        "i wonder", "i am wondering", "i was wondering", "i am curious", "i was curious", "i would like to know",
        "i would love to know", "i would like to hear", "i would love to hear", "i want to know", "i want to hear",
        "i would be interested", "i am interested",
    )
)  # fmt: skip
_SUBORDINATES = _WH | {"if", "whether", "about", "to", "in"}
_REACH = 7  # words after "I wonder" among which the other must be named
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
_ANSWERS = word_set("yes no yeah nope because never nothing nobody")
_QUOTED = re.compile(r"[^\s\"“”].*\?[\"”]\s*$", re.DOTALL)  # other words first, and a mark inside closing quotes


def is_question(text: str, stream: Sequence[str]) -> bool:
    """Whether the stretch `text`, whose tokens are `stream`, ends in a direct question or is one."""
    said = sentences(stream)
    if not said or (_QUOTED.search(text) and not text.lstrip().startswith(('"', "“"))):
        return False
    if _puts(said[-1], marked=text.rstrip(" \t\n\"'”’)]").endswith("?"), alone=len(said) == 1):
        return True
    if len(said) == 1 or len(said[-1]) > _AFTERTHOUGHT or _answers(said[-1]):
        return False
    behind = text.rpartition("?")[2]
    return _puts(said[-2], marked="?" in text and sentences(tokens(behind)) == said[-1:], alone=False)


def is_suggestion(stream: Sequence[str]) -> bool:
    """Whether a question suggests something: "have you tried…", "why don't you…", "how about trying…"."""
    return any(
        words[place : place + len(form)] == form and not _TELLING & set(words[:place])
        for words in sentences(stream)
        for form in _SUGGESTIONS
        for place in range(min(_LAST_CLAUSE, len(words)))
    )


def _puts(words: Words, marked: bool, alone: bool) -> bool:
    """Whether one sentence asks the other something; `marked`: it ended in a question mark."""
    bare = _without_empty_tag(words)
    tagged = len(bare) < len(words)
    if not bare or _is_to_nobody(bare) or _asks_oneself(bare) or _is_told(bare):
        return False
    if marked and len(bare) > 1 and bare[-1] in _CHECKS and bare[-2] != "all":  # "is that all right?" asks
        return _asks(bare[:-1], alone) or _is_about_the_other(bare[:-1])
    return (marked and not tagged) or _asks(bare, alone)


def _asks(words: Words, alone: bool) -> bool:
    """Whether word order asks: an auxiliary before its subject, near enough to the end, a tag, or "I wonder if you"."""
    bare = _opened(words)
    if (
        bare[:2] == ("any", "idea")
        or bare in _ELLIPTIC
        or words in _ELLIPTIC
        or _has_tag(words)
        or _asks_indirectly(bare)
        or _asks_for_subject(bare)
    ):
        return True
    opened = True
    for place in range(len(words) - 1):
        near = len(words) - place <= _LAST_CLAUSE
        if opened and (near or alone) and _opens_question(words[place:]):
            return not _goes_on_to_answer(words[place + 2 :])
        if not opened and near and _breaks_in(words, place):
            return not _goes_on_to_answer(words[place + 2 :])
        opened = opened and words[place] in _OPENERS
    return False


def _opened(words: Words) -> Words:
    """Without "so", "and", "well" at the front."""
    start = 0
    while start < len(words) and words[start] in _OPENERS:
        start += 1
    return words[start:]


def _opens_question(words: Words) -> bool:
    """ "do you", "is the", "should I", "where did she", "what time is it", "how about": a question begins here."""
    head, after = words[0], words[1]
    if head in _AUXILIARIES:
        return _is_inverted(words)
    if head not in _WH:
        return False
    if (head, after) in (("how", "about"), ("what", "about"), ("why", "not"), ("how", "come")):
        return True
    if after in _AUXILIARIES:
        relative = head == "which" and words[2:3] not in (("you",), ("it",), ("yours",), ("your",))
        return len(words) > 2 and not relative  # "…, which is what I said" goes on with what was told
    if after in _SUBJECTS | _DID_SOMETHING | {"i"}:
        return False  # "what you do", "when she left", "what happens is you …": a clause, no question
    return any(verb in _AUXILIARIES and subject in _SUBJECTS for verb, subject in pairwise(words[2:5]))


def _is_inverted(words: Words) -> bool:
    """Whether an auxiliary at the front has its subject behind it, and is no wish and no "had I known"."""
    verb, subject = words[0], words[1]
    if subject == "not":  # "isn't it", but not "can't complain"
        return words[2:3] != () and words[2] in _SUBJECTS | {"i", "any"}
    if words[:3] == ("were", "it", "not") or (verb == "may" and subject in ("he", "she", "they", "it")):
        return False
    if (subject == "my" and verb in _HAVE | {"did"}) or (verb, subject) in _NO_SUBJECT:
        return False  # "did my homework": the "I" was left out
    return subject in _SUBJECTS or (verb in _OFFERS and subject in ("i", "we"))


def _breaks_in(words: Words, place: int) -> bool:
    """Whether "do you", "what did you" in the middle of unmarked words is asked by the speaker, not embedded.

    Embedded questions keep the order of a statement ("I know what you did"); so after a question word the inverted
    order is sign enough, but not after an auxiliary alone.
    """
    before, head, rest = words[place - 1], words[place], words[place + 1 :]
    if head in _AUXILIARIES - {"is", "was"}:
        return before not in _EMBEDS | _SUBJECTS | _WH | _AUXILIARIES and rest[:1] == ("you",)
    if head not in ("what", "how", "where", "why", "when") or before in _TELLING | _THINKING | {"like"}:
        return False
    if head in ("what", "how") and rest[:1] == ("about",):
        return rest[1:2] != () and rest[1] in ("you", "your", "yours")
    if rest[:1] and rest[0] in _AUXILIARIES:
        asked = rest[2:] if rest[1:2] == ("not",) else rest[1:]
        return asked != () and asked[0] in ("you", "your", "yours", "it", "that")
    if not rest or rest[0] in _SUBJECTS | {"i", "to"}:
        return False
    verbs = _AUXILIARIES if head == "how" else _AUXILIARIES - _BE  # "what happens is you …" tells
    return any(verb in verbs and subject == "you" for verb, subject in pairwise(rest[1:5])) or (
        head == "how" and len(rest) > 2 and rest[1] in _BE and rest[2] in ("it", "that", "your")
    )


def _asks_for_subject(words: Words) -> bool:
    """ "what happened", "who told you", "which of them won"; not "what happened was …", "what made me …"."""
    if not 2 <= len(words) <= _LONGEST_SUBJECT_QUESTION or words[0] not in ("what", "who", "which"):
        return False
    verb = next((place for place, word in enumerate(words[:4]) if word in _DID_SOMETHING), 0)
    near = verb == 1 or (verb > 1 and words[0] == "which")
    return near and not (_BE | {"me", "i"}) & set(words[verb:])


def _asks_indirectly(words: Words) -> bool:
    """ "I wonder what you think", "I'd love to hear how it was for you": the other is named, and knows."""
    for lead in _INDIRECT:
        if words[: len(lead)] == lead:
            asked = words[len(lead) :]
            return asked[:1] != () and asked[0] in _SUBORDINATES and bool({"you", "your"} & set(asked[:_REACH]))
    return False


def _has_tag(words: Words) -> bool:
    """ "…, isn't it", "…, don't you", "they never called, did they", "… do you think", "… don't you think"."""
    if len(words) < 4:
        return False
    auxiliary, negation, pronoun = words[-3:]
    if words[-2:] in (("you", "think"), ("you", "reckon")):
        return words[-3] == "do" or words[-4:-2] == ("do", "not")
    if pronoun not in _PRONOUNS:
        return False
    if negation == "not":
        return auxiliary in _AUXILIARIES
    if pronoun == "it" and negation not in _BE:
        return False  # "…I know how he did it"
    return negation in _AUXILIARIES and pronoun in words[:-2] and auxiliary not in _BEFORE_NO_TAG


def _is_about_the_other(words: Words) -> bool:
    """Whether "…, right?" asks: about the other, or about how something is now."""
    here = any(a in ("it", "that", "this") and b == "is" for a, b in pairwise(words))
    return here or bool({"you", "your", "yours"} & set(words))


def _without_empty_tag(words: Words) -> Words:
    """Without a final "you know"; "do you know" is none."""
    for tag in sorted(_TAGS_THAT_ASK_NOTHING, key=len, reverse=True):
        before = words[-len(tag) - 1 : -len(tag)]
        if words[-len(tag) :] != tag or (tag[0] == "you" and len(tag) == 2 and before in (("did",), ("would",))):
            continue
        if before == ("do",):
            return words if len(tag) == 2 else words[: -len(tag) - 1]
        return words[: -len(tag)]
    return words


def _is_to_nobody(words: Words) -> bool:
    """ "who cares", "how dare he", "what can you do"."""
    bare = _opened(words)
    return bare == _NOBODY_CAN or any(bare[: len(phrase)] == phrase for phrase in _TO_NOBODY)


def _asks_oneself(words: Words) -> bool:
    """ "what was I to do", "why did I ever", "who am I": the speaker asks the speaker."""
    for place, word in enumerate(words):
        if word in _WH:
            for verb, subject in pairwise(words[place + 1 : place + 4]):
                if verb in _AUXILIARIES and subject == "i":
                    offers = verb in _OFFERS and (word in ("what", "where", "when", "which") or "you" in words[place:])
                    return not offers and (word, verb) != ("how", "do")
    return False


def _is_told(words: Words) -> bool:
    """ "he asked me where are you going", "and she's like why", "I thought what is this": told, not asked."""
    for place, word in enumerate(words[:-1]):
        quotes = word == "like" and place > 0 and words[place - 1] in _BE
        thinks = word in _THINKING and "you" not in words[place:]
        bids = word in ("asked", "asks", "asking") and "to" in words[place + 1 : place + 3]
        if word in _TELLING | _THINKING and (bids or "you" in words[max(0, place - 2) : place]):
            continue  # "you said he'd call, did he", "you're thinking of it?", "she asked me to go, is that all right"
        if word in _TELLING or quotes or thinks:
            return not any(w in _WH | _AUXILIARIES - _BE for w in words[:place])
    return False


def _goes_on_to_answer(words: Words) -> bool:
    """ "did he help, no he did not": a yes or no with more behind it."""
    return any(word in ("yes", "no") and place < len(words) - 1 for place, word in enumerate(words))


def _answers(words: Words) -> bool:
    """Whether a short sentence behind a question gives its answer: "No, never.", "I did."."""
    return words[0] in _ANSWERS or words[-1] in _AUXILIARIES
