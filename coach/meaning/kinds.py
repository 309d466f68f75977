"""Kinds of experience in a stretch (feelings, needs, …): features from word lists and grammar, and their evidence.

Every feature is a number from 0 up that a person can check against the text. Word features are named
`kind.section.holder` ("feelings.strong.own") and counted up to `cap`. The others are densities of function words (first
person, other people, past tense …), because reports of what others did have a grammar of their own. `depth.py` weights
the features.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import log

from coach.core.events import KINDS
from coach.meaning.binding import (
    ELIDED,
    IMPERSONAL,
    NOBODY,
    OTHER,
    OWN,
    noun_holder,
    state_holder,
    verb_holder,
    without_asides,
    without_idioms,
)
from coach.meaning.lexicon import Match, Section, sections
from coach.meaning.tokens import MARKS, PAUSE, word_set, words_only

_WORDS = {  # closed classes of English words, whose densities are features
    "i": "i", "my": "my mine", "me": "me", "myself": "myself", "we": "we us our", "you": "you your yours",
    "others": "he she they him her them his their", "it": "it that this", "not": "not no never nothing",
    "told": "said says told tell asked called went came goes took got put did gave bought",
    "was": "was were had been", "am": "am", "if": "if could would might", "because": "because since",
    "but": "but though although", "the": "the a an", "stance": "think guess mean suppose know",
}  # fmt: skip
_WORD_CLASS = {word: name for name, words in _WORDS.items() for word in words.split()}
_FEEL = word_set("feel feels felt feeling")
_OPINION_ABOUT = word_set("he she they you it people everyone everybody someone the that this there your his her their")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperienceConfig:
    """How hits become features. The weights of `depth.py` were trained with these numbers."""

    cap: int = 2  # hits of one feature that are counted
    shortest: int = 8  # words: the densities of a shorter stretch are computed as if it had so many
    dense: float = 5.0  # hits of own experience per word are multiplied by this, and counted up to 1


CONFIG = ExperienceConfig()


@dataclass(slots=True)
class Experience:
    """`features` by name, the `kinds` of own experience, `faux` for faux feelings, and the words in `evidence`.

    A faux feeling is a judgement about others in the form of a feeling: "I feel that you …" (Rosenberg 2003).
    """

    features: dict[str, float] = field(default_factory=dict)
    kinds: tuple[str, ...] = ()
    faux: bool = False
    evidence: tuple[str, ...] = ()


def experience(stream: Sequence[str]) -> Experience:
    """The features, kinds and evidence in the tokens of one stretch."""
    open_text = without_idioms(stream)
    text = without_asides(open_text)
    found = Experience()
    faux_words = _faux_feelings(text)
    found.faux = bool(faux_words)
    evidence = list(faux_words)
    kinds: list[str] = []
    own_hits = 0
    for kind in KINDS:
        hits = [(name, match) for part in sections(kind) for name, match in _hits(part, text, open_text)]
        for name, _ in hits:
            found.features[name] = min(CONFIG.cap, found.features.get(name, 0.0) + 1)
        own_hits += sum(_is_own(name) for name, _ in hits)
        own = [match.words for name, match in hits if _is_own(name)]
        evidence += own
        if own:
            kinds.append(kind)
    found.kinds = tuple(kinds)
    found.evidence = tuple(dict.fromkeys(evidence))
    found.features["any"] = float(own_hits > 0)
    found.features["dense"] = min(1.0, CONFIG.dense * own_hits / max(1, len(stream)))
    for part in sections("leanings"):
        found.features[part.name] = min(5, sum(1 for _ in part.phrases.find(open_text))) / 2
    _add_plain_features(found.features, stream, text, len(faux_words))
    return found


def _hits(part: Section, text: Sequence[str], open_text: Sequence[str]) -> list[tuple[str, Match]]:
    """The matches of one section, each with the name of its feature."""
    if part.binding == "phrase":
        matches = {m.words: m for stream in (text, open_text) for m in part.phrases.find(stream)}
        return [(f"{part.file}.{part.name}", m) for m in matches.values()]
    hits: list[tuple[str, Match]] = []
    for match in part.phrases.find(text):
        holder = _HOLDERS[part.binding](text, match.start)
        if part.binding == "impersonal":
            if holder in (IMPERSONAL, ELIDED):
                hits.append((f"{part.file}.{part.name}", match))
        elif holder == OWN:
            hits.append((f"{part.file}.{part.name}.own", match))
        elif holder == ELIDED and part.file == "feelings":
            hits.append((f"{part.file}.{part.name}.elided", match))
        elif holder == NOBODY and part.file == "feelings":
            hits.append(("feelings.unbound", match))
        elif holder == OTHER and part.file in ("feelings", "energy"):
            hits.append(("others.inner_life", match))
    return hits


_HOLDERS = {"state": state_holder, "verb": verb_holder, "noun": noun_holder, "impersonal": state_holder}


def _is_own(feature: str) -> bool:
    return feature.endswith((".own", ".inner", ".softer")) and not feature.startswith("others.")


def _faux_feelings(text: Sequence[str]) -> list[str]:
    """ "I feel that you …", "I felt like he …", "I feel ignored": the words after the verb are about others."""
    found: list[str] = []
    part = sections("judgements")[0]
    for match in part.phrases.find(text):
        before = text[max(0, match.start - 3) : match.start]
        if state_holder(text, match.start) in (OWN, ELIDED) and _FEEL & set(before):
            found.append(f"feel {match.words}")
    for place, token in enumerate(text[:-1]):
        if token in _FEEL and verb_holder(text, place) == OWN:
            words = [w for w in text[place + 1 : place + 5] if w not in MARKS]
            bare = [w for w in words if w not in ("that", "like", "as", "if", "though")] if words else []
            about = len(words) > 1 and words[0] in ("that", "like", "as") and bare and bare[0] in _OPINION_ABOUT
            if about or (words and words[0] in ("he", "she", "they", "you", "people")):
                found.append(" ".join((token, *words[:3])))
    return found


def _add_plain_features(features: dict[str, float], stream: Sequence[str], text: Sequence[str], faux: int) -> None:
    words = words_only(tuple(stream))
    n = max(CONFIG.shortest, len(words))
    for word in words:
        name = _WORD_CLASS.get(word)
        if name is not None:
            features[name] = features.get(name, 0.0) + 1.0
    for name in _WORDS:
        if name in features:
            features[name] /= n
    features["past"] = sum(w.endswith("ed") and len(w) > 4 for w in words) / n
    features["number"] = sum(w[0].isdigit() for w in words) / n
    features["length"] = log(n)
    features["short"] = float(n <= 4)
    features["faux"] = min(CONFIG.cap, float(faux))
    features["feel"] = min(
        CONFIG.cap, float(sum(t in _FEEL and verb_holder(text, k) == OWN for k, t in enumerate(text)) - faux)
    )
    first = next((w for w in text if w != PAUSE), "")
    features["begins_i"] = float(first == "i")
