"""Which tiers of a file are the speech of people.

Files of Praat and ELAN also hold gestures, gaze, sounds, words beside utterances, translations and notes. A tier is
left out if its name says so, if it is empty while others hold speech, or if it divides the speech of another tier into
smaller parts. A notice names what was left out. Tiers that are surely speech, as those that the coach exported, stay.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from coach.core.span import MILLISECOND, Span, joined


@dataclass(frozen=True, slots=True)
class LabelledTier:
    """One tier: `who` speaks in the `intervals`, and not in the `silences`, whose labels mean silence.

    `sure`: it is known to be the speech of `who`, and all of it.
    """

    name: str
    who: str
    intervals: list[tuple[Span, str]]
    silences: list[tuple[Span, str]] = field(default_factory=list)
    sure: bool = False


def _listed(*lines: str) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


_SAME = 20 * MILLISECOND  # samples; edges this close were meant to be the same
_USUAL = 2  # people; with more, a tier that is no speech may be among them
_NO_SPEECH = _listed(
    "gesture gestures gesturing gest gaze gazes eye eyes hand hands head nod nods posture body face facial smile",
    "movement movements motion phone phones phoneme phonemes phonetic segmental syllable syllables syll mora",
    "note notes comment comments remark remarks translation translations gloss glosses glossing morph morphs morpheme",
    "morphemes pos lemma lemmas ipa pitch f0 tone tones tobi breaks intensity formant formants noise noises music",
    "silence silences pause pauses topic topics laugh laughs laughter breath breaths breathing emotion emotions",
    "event events prosody intonation scene scenes section sections stimulus stimuli task tasks video camera overlap",
    "overlaps phases coding codes annotator background",
    "gestik geste gesten blick blicke hände kopf kopfbewegung mimik laute phoneme silben silbe notiz notizen anmerkung",
    "anmerkungen kommentar kommentare übersetzung pausen lachen thema themen geräusche handbewegung handbewegungen",
    "gestes regard regards tête mains syllabes traduction remarque remarques commentaire commentaires",
    "pausas silencio silencios silêncio silêncios 視線 ジェスチャー",
    "gesto gestos mirada miradas manos cabeza fonema fonemas fonos sílaba sílabas notas comentario comentarios",
    "gesti sguardo sguardi mani testa fonemi sillabe commenti traduzione gebaren gebaar blikken opmerkingen vertaling",
)
_MAUS = re.compile("(?:KAN|KAS|MAS|TRN|TRO)-MAU|MAU")  # pronunciation and sounds, of WebMAUS; its ORT-MAU holds words
_UTTERANCES = _listed(
    "utterance utterances utt utts ipu ipus sentence sentences phrase phrases transcription transcript speech talk",
    "äußerung äußerungen satz sätze transkript énoncé énoncés enunciado enunciados enunciato enunciati",
)
_WORDS = _listed("word words token tokens wort wörter mot mots palabra palabras parola parole woord woorden")
_LEVEL_NAMES = "|".join(sorted(_UTTERANCES | _WORDS, key=len, reverse=True))
_BETWEEN = r"[\s_.:/@()\[\]-]+"
_LEVEL_LAST = re.compile(rf"(?P<who>.*[^\W_].*?){_BETWEEN}(?:{_LEVEL_NAMES})[)\]]?", re.IGNORECASE)
_LEVEL_FIRST = re.compile(rf"[(\[]?(?:{_LEVEL_NAMES}){_BETWEEN}(?P<who>.*[^\W_].*)", re.IGNORECASE)


def person_of(tier: str) -> str:
    """The person whose speech a tier with this name holds.

    >>> [person_of(tier) for tier in ("Ana - words", "utterances@Ben", "Ana", "words", "Wordsworth")]
    ['Ana', 'Ben', 'Ana', 'words', 'Wordsworth']
    """
    found = _LEVEL_LAST.fullmatch(tier) or _LEVEL_FIRST.fullmatch(tier)
    return (found["who"].strip(" _.:/@()[]-") or tier) if found else tier


def of_speech(tiers: Sequence[LabelledTier]) -> tuple[list[LabelledTier], list[str]]:
    """The tiers that are the speech of people, and notices of what was left out or put together."""
    reasons: dict[str, str] = {}
    for rule in (_no_speech_by_name, _empty, _second_levels, _parts_of_others):
        kept = [tier for tier in tiers if tier.name not in reasons]
        found = rule(kept)
        if any((tier.intervals or tier.sure) and tier.name not in found for tier in kept):  # somebody must be left
            reasons.update(found)
    kept = [tier for tier in tiers if tier.name not in reasons]
    notices = []
    if reasons:
        notices.append(
            f"left out {', '.join(f'{name} ({why})' for name, why in reasons.items())}; --people NAME,NAME takes others"
        )
    people = list(dict.fromkeys(tier.who for tier in kept))
    for who in people:
        theirs = [tier.name for tier in kept if tier.who == who]
        if len(theirs) > 1:
            notices.append(f"took the tiers {', '.join(theirs)} together as the speech of {who}")
    sure = [tier.who for tier in kept if tier.sure]
    others = [tier.name for tier in kept if not tier.sure]
    if sure and others:
        notices.append(
            f"took {', '.join(others)} for speech too, although the coach wrote no turns beside it; if it is none, "
            f"name the others, as in --people {','.join(sure)}"
        )
    elif others and len(people) > _USUAL:
        notices.append(
            f"took {len(people)} tiers for people: {', '.join(people)}; if some hold no speech, name the others, as in "
            f"--people {people[0]},{people[1]}"
        )
    return kept, notices


def _no_speech_by_name(tiers: Sequence[LabelledTier]) -> dict[str, str]:
    return {
        tier.name: "no speech, by its name"
        for tier in tiers
        if not tier.sure and (_name_words(tier.name) & _NO_SPEECH or _MAUS.fullmatch(tier.name))
    }


def _empty(tiers: Sequence[LabelledTier]) -> dict[str, str]:
    """Empty tiers, if two others hold speech. With fewer, an empty tier may be somebody who said nothing."""
    if sum(bool(tier.intervals) for tier in tiers) < _USUAL:
        return {}
    return {tier.name: "empty" for tier in tiers if not (tier.intervals or tier.sure)}


def _second_levels(tiers: Sequence[LabelledTier]) -> dict[str, str]:
    """Words beside the utterances of the same person, and anything beside a tier that surely has their speech."""
    found = {}
    best: dict[str, int] = {}
    for tier in tiers:
        best[tier.who] = min(best.get(tier.who, 2), _level(tier))
    for tier in tiers:
        if _level(tier) > best[tier.who]:
            found[tier.name] = f"another tier of {tier.who} has the utterances"
    return found


def _level(tier: LabelledTier) -> int:
    """0 for utterances, 2 for words, 1 for a tier whose name says neither; -1 for one that is surely speech."""
    if tier.sure:
        return -1
    words = _name_words(tier.name)
    return 0 if words & _UTTERANCES else 2 if words & _WORDS else 1


def _parts_of_others(tiers: Sequence[LabelledTier]) -> dict[str, str]:
    """Tiers that divide the speech of another one: two people never begin and end together again and again."""
    spans = {tier.name: sorted(span for span, _ in tier.intervals) for tier in tiers}
    found: dict[str, str] = {}
    for whole in tiers:
        for part in tiers:
            if part is whole or part.sure or {part.name, whole.name} & found.keys():
                continue
            if _divides(spans[part.name], spans[whole.name]):
                found[part.name] = f"the same speech as {whole.name}"
    return found


def _divides(parts: Sequence[Span], wholes: Iterable[Span]) -> bool:
    """Whether `parts` (in order) lie in the stretches of `wholes` and begin and end with each of them."""
    stretches = joined(wholes)
    if len(stretches) < 2 or not parts or len(parts) < len(stretches):
        return False
    place = 0
    for stretch in stretches:
        first = place
        while place < len(parts) and parts[place].start < stretch.end - _SAME:
            place += 1
        if first == place:
            return False
        end = max(each.end for each in parts[first:place])
        if abs(parts[first].start - stretch.start) > _SAME or abs(end - stretch.end) > _SAME:
            return False
    return place == len(parts)


def _name_words(name: str) -> set[str]:
    apart = re.sub(r"(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ])", " ", unicodedata.normalize("NFC", name))
    return {word.casefold() for word in re.split(r"[\W_]+", apart)}
