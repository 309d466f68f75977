"""The choice of the calmest voice on this machine in a language.

Pure. A machine has between one voice and several hundred. Most ids name a quality:

    com.apple.voice.premium.en-US.Zoe       macOS: compact, enhanced, premium; eloquence and novelties come last
    …\\TTS_MS_EN-US_ZIRA_11.0                Windows
    gmw/en   gmw/en-us-nyc                  espeak-ng: a shorter id is a plainer voice
    en_US-lessac-medium.onnx                Piper: a file; x_low, low, medium, high
    neural/heart   neural/heart-lower       the neural voice, and a manner of speaking
    pico/de-DE                              Pico

Voices made from recordings sound calmer than rule-based ones. So the quality in the id decides first, then the shortest
id, then the machine's own order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from coach.core.errors import Missing

PIPER = ".onnx"  # the suffix of a Piper voice's id, which is the path of its model
NEURAL = "neural/"  # the prefix of a neural voice's id
PICO = "pico/"  # the prefix of a Pico voice's id, which ends in its language

_QUALITIES = (  # the best first; an id that names no quality ranks as `_PLAIN`
    ("premium", "natural", "neural", "high.onnx"),
    ("enhanced", "medium.onnx"),
    (),
    ("low.onnx", "eloquence", "speech.synthesis.voice"),
)
_PLAIN = _QUALITIES.index(())
_NOVELTIES = frozenset({  # macOS voices that sing, whisper or squeak
    "albert", "badnews", "bahh", "bells", "boing", "bubbles", "cellos", "deranged", "goodnews", "hysterical", "jester",
    "junior", "organ", "superstar", "trinoids", "whisper", "wobble", "zarvox",
})  # fmt: skip
_REGION = re.compile(r"(?<![a-z])([a-z]{2,3})[-_][a-z]{2}(?![a-z])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MachineVoice:
    """A voice as its system describes it.

    `languages` holds codes such as "en", "en-GB" or "en_US"; it is empty if the system does not say.
    """

    id: str
    name: str
    languages: tuple[str, ...] = ()

    @property
    def engine(self) -> str:
        """The kind of synthesiser, as people see it."""
        prefixes = {NEURAL: "neural", PICO: "Pico"}
        known = next((engine for prefix, engine in prefixes.items() if self.id.startswith(prefix)), "system")
        return "Piper" if self.id.endswith(PIPER) else known

    def speaks(self, language: str) -> bool:
        """Whether the voice speaks `language`, a two-letter code. Without `languages`, the id decides."""
        codes = self.languages or tuple(found[1] for found in _REGION.finditer(self.id))
        return any(re.split("[-_]", code.lower().strip("\x02\x05"))[0] == language for code in codes)


def calmest(voices: Iterable[MachineVoice], language: str) -> MachineVoice | None:
    """The calmest voice for `language`, a two-letter code; None if no voice speaks it. Novelty voices never count."""
    fit = [voice for voice in voices if voice.speaks(language) and not _is_novelty(voice)]
    return min(fit, key=lambda voice: (_quality(voice), len(voice.id) if "/" in voice.id else 0), default=None)


def named(voices: Sequence[MachineVoice], wanted: str) -> MachineVoice:
    """The voice with the id or the name `wanted`. Raises Missing, naming the nearest id, if there is none."""
    for voice in voices:
        if wanted.lower() in (voice.id.lower(), voice.name.lower()):
            return voice
    near = get_close_matches(wanted, [voice.id for voice in voices], 1, 0.0)
    raise Missing(f"there is no voice {wanted!r}" + (f"; did you mean {near[0]!r}?" if near else ""))


def _quality(voice: MachineVoice) -> int:
    text = f"{voice.id} {voice.name}".lower()
    return next((rank for rank, words in enumerate(_QUALITIES) if any(word in text for word in words)), _PLAIN)


def _is_novelty(voice: MachineVoice) -> bool:
    return re.sub(r"[^a-z]", "", voice.id.lower().rpartition(".")[2]) in _NOVELTIES
