"""SHELL. The coach's voice: words rendered into sound ahead of time, kept in a cache, and the tones.

Nothing is synthesised while people talk. `CueSounds.prepare` renders every wording once (a child process each, see
`speak.py`), `CueSounds.clip` only reads. What the player gets is always one channel of float32 at 16 kHz, slow, low and
quiet, with a soft beginning and end.

A person's own recording wins: `inward.wav` in their folder replaces every wording of "inward", `inward-2.wav` the
second. It is set to the same loudness. Piper's voices, where its package is installed, lie in `voices/` there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import soundfile

from coach.coaching import Catalogue
from coach.core.errors import BadInput, CoachError
from coach.core.resources import asset
from coach.cues.recordings import Sound, accepted, read
from coach.cues.tts.rendering import VOLUME, WORDS_A_MINUTE, render, shape, voice_for

PIPERS = "voices"  # the folder of Piper's voices, among a person's own cues
RECIPE = 2  # counts up when the shaping of a sound changes, so that old caches are not used


class CueSounds:
    """Every sound of the catalogue, from the person's `own` folder, the `cache` folder, or the tones that ship.

    `prepare` first; `clip` is then quick enough for the voice thread.
    """

    def __init__(
        self,
        cache: Path,
        catalogue: Catalogue,
        *,
        own: Path | None = None,
        rate: int = WORDS_A_MINUTE,
        volume: float = VOLUME,
        voice: str | None = None,
        **rendering: Any,
    ) -> None:
        self._cache, self._catalogue, self._own = cache, catalogue, own
        self._rate, self._volume = rate, volume
        self._voice = voice_for(catalogue.language, voice or "", own / PIPERS if own else None)
        self._rendering = rendering

    def prepare(
        self, lines: Iterable[tuple[str, str]] = (), progress: Callable[[int, int], None] | None = None
    ) -> list[str]:
        """Renders what is not in the cache yet: the spoken cues that are on, and `lines` as (kind, text).

        `progress` is told (done, of). Returns notices for the people: broken files of their own, and, at most once,
        that there is no voice. Nothing is raised for these, since the coach goes on with tones.
        """
        notices = self.unusable()
        wanted = [*lines, *self._catalogue.spoken()]
        for done, (kind, text) in enumerate(wanted):
            try:
                self.ready(kind, text)
            except CoachError as error:
                return [*notices, str(error)]
            if progress is not None:
                progress(done + 1, len(wanted))
        return notices

    def ready(self, kind: str, text: str = "") -> Sound:
        """The sound of a cue or line, rendered now if it was not before. Raises CoachError when that cannot be done."""
        if (clip := self.clip(kind, text)) is not None:
            return clip
        path, by = self._path(text), self._rendering | {"language": self._catalogue.language, "voice": self._voice}
        try:
            render(text, path, rate=self._rate, volume=self._volume, **by)
            return read(path)
        except (OSError, soundfile.SoundFileError) as error:
            raise CoachError(f"rendered cues cannot be kept ({error})") from None

    def replacement(self, kind: str, text: str = "") -> Path | None:
        """The person's own recording that sounds instead, usable or not."""
        return next(iter(self._replacements(kind, text)), None)

    def clip(self, kind: str, text: str = "") -> Sound | None:
        """The sound of a cue or line; None when it is spoken and there is no rendering of it."""
        for path in self._replacements(kind, text):
            try:
                return shape(accepted(path, self._catalogue[kind].form))
            except BadInput:
                continue  # `prepare` has said so; the coach's own sound is used
        entry = self._catalogue[kind]
        if entry.tone is not None:
            return read(asset(entry.tone))
        try:
            return read(self._path(text)) if self._path(text).is_file() else None
        except BadInput:
            return None  # a broken cache is rendered again

    def _replacements(self, kind: str, text: str) -> list[Path]:
        if self._own is None:
            return []
        kind = self._catalogue[kind].sounds_as or kind  # a recording of words is none of the tone in their place
        wordings = self._catalogue[kind].wordings
        names = [f"{kind}-{wordings.index(text) + 1}.wav"] if text in wordings else []
        return [path for name in [*names, f"{kind}.wav"] if (path := self._own / name).is_file()]

    def unusable(self) -> list[str]:
        """One notice for each file of the person's own that is no sound, or that no cue will ever play."""
        notices = []
        for path in sorted(self._own.glob("*.wav")) if self._own is not None else []:
            kind, _, number = path.stem.partition("-")
            try:
                if self._catalogue[kind].sounds_as:
                    continue  # it waits for the form that it is a recording of
                if number and not 0 < int(number) <= len(self._catalogue[kind].wordings):
                    raise BadInput(f"{path.name}: {kind!r} has no wording {number}")
                accepted(path, self._catalogue[kind].form)
            except (CoachError, ValueError) as error:
                notices.append(f"your cue {path.name} is not used: {error}")
        return notices

    def _path(self, text: str) -> Path:
        key = repr((RECIPE, text, self._catalogue.language, self._voice, self._rate, self._volume))
        return self._cache / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.wav"
