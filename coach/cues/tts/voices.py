"""Which of a machine's voices is the calmest in a language.

Pure. A machine has from one voice to some hundreds; most of their ids say what they are:

    com.apple.voice.premium.en-US.Zoe       macOS: compact, enhanced, premium; eloquence and novelties are no company
    …\\TTS_MS_EN-US_ZIRA_11.0                Windows
    gmw/en   gmw/en-us-nyc                  espeak-ng: the shorter the plainer
    en_US-lessac-medium.onnx                Piper: a file; x_low, low, medium, high

Those that are recorded or learnt from recordings sound calmer than those that are computed by rule, so the quality that
an id names comes first, then the plainest id, then the machine's own order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from coach.core.errors import Missing

PIPER = ".onnx"  # how the id of a Piper voice, the path of its model, ends

_QUALITIES = (  # from the best; what names none of them lies at `_PLAIN`
    ("premium", "natural", "neural", "high.onnx"),
    ("enhanced", "medium.onnx"),
    (),
    ("low.onnx", "eloquence", "speech.synthesis.voice"),
)
_PLAIN = _QUALITIES.index(())
_NOVELTIES = frozenset({  # macOS: they sing, whisper and squeak
    "albert", "badnews", "bahh", "bells", "boing", "bubbles", "cellos", "deranged", "goodnews", "hysterical", "jester",
    "junior", "organ", "superstar", "trinoids", "whisper", "wobble", "zarvox",
})  # fmt: skip
_REGION = re.compile(r"(?<![a-z])([a-z]{2,3})[-_][a-z]{2}(?![a-z])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MachineVoice:
    """A voice as its system calls it; `languages` are codes such as "en", "en-GB" or "en_US", and may be missing."""

    id: str
    name: str
    languages: tuple[str, ...] = ()

    def speaks(self, language: str) -> bool:
        """Whether it is a voice for the two-letter code `language`; an id may say so where the system does not."""
        codes = self.languages or tuple(found[1] for found in _REGION.finditer(self.id))
        return any(re.split("[-_]", code.lower().strip("\x02\x05"))[0] == language for code in codes)


def calmest(voices: Iterable[MachineVoice], language: str) -> MachineVoice | None:
    """The one to take for `language`; None when no voice speaks it."""
    fit = [voice for voice in voices if voice.speaks(language) and not _is_novelty(voice)]
    return min(fit, key=lambda voice: (_quality(voice), len(voice.id) if "/" in voice.id else 0), default=None)


def named(voices: Sequence[MachineVoice], wanted: str) -> MachineVoice:
    """The voice with that id or name. Raises Missing, with the nearest one, when there is none."""
    for voice in voices:
        if wanted.lower() in (voice.id.lower(), voice.name.lower()):
            return voice
    near = get_close_matches(wanted, [voice.id for voice in voices], 1, 0.0)
    raise Missing(f"there is no voice {wanted!r}" + (f"; did you mean {near[0]!r}?" if near else ""))


def _quality(voice: MachineVoice) -> int:
    what = f"{voice.id} {voice.name}".lower()
    return next((rank for rank, words in enumerate(_QUALITIES) if any(word in what for word in words)), _PLAIN)


def _is_novelty(voice: MachineVoice) -> bool:
    return re.sub(r"[^a-z]", "", voice.id.lower().rpartition(".")[2]) in _NOVELTIES
