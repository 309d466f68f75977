"""SHELL. The sounds of the coach: synthesised wordings in a cache, people's own recordings, and the tones that ship.

`CueSounds.prepare` synthesises each wording once, ahead of time (`coach.cues.tts`), and caches the result.
`CueSounds.clip` only reads. Every sound is one channel of float32 at 16 kHz, at one loudness, with a soft beginning and
end.

A person's own recording takes precedence: in their folder, `inward.wav` replaces every wording of "inward", and
`inward-2.wav` replaces the second. It gets the same loudness. Piper voices are read from `voices/` in that folder if
the Piper package is installed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import soundfile

from coach.coaching import Catalogue
from coach.core.errors import BadInput, CoachError, reason_of
from coach.core.resources import asset
from coach.cues.recordings import Sound, accepted, read
from coach.cues.tts.rendering import CONFIG as RENDERING
from coach.cues.tts.rendering import render, shape, voice_for

PIPERS = "voices"  # the folder of Piper voices, inside a person's own cues
RECIPE = 2  # the version of the shaping; increase it when the shaping changes, so that old caches are not used


class CueSounds:
    """Every sound of `catalogue`: from the person's `own` folder, the `cache` folder, or the tones that ship.

    `rate` is in words per minute, `volume` from 0 to 1; `voice` is as in `render`, None for the calmest one. Further
    keyword arguments go to `render`. Call `prepare` first; `clip` is then quick.
    """

    def __init__(
        self,
        cache: Path,
        catalogue: Catalogue,
        *,
        own: Path | None = None,
        rate: int = RENDERING.words_a_minute,
        volume: float = RENDERING.volume,
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
        """Renders everything that is not in the cache yet: all enabled spoken cues, and `lines` as (kind, text).

        `progress` is called with (done, total). Returns notices for the user: own files that cannot be used, and at
        most one about a failed rendering. It does not raise for these: the coach goes on with tones.
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
        """The sound (n,) of a cue or line, rendered now if it is not in the cache. Raises CoachError if that fails."""
        if (clip := self.clip(kind, text)) is not None:
            return clip
        path, by = self._path(text), self._rendering | {"language": self._catalogue.language, "voice": self._voice}
        try:
            render(text, path, rate=self._rate, volume=self._volume, **by)
            return read(path)
        except (OSError, soundfile.SoundFileError) as error:
            reason = reason_of(error) if isinstance(error, OSError) else error
            raise CoachError(f"rendered cues cannot be kept ({reason})") from None

    def replacement(self, kind: str, text: str = "") -> Path | None:
        """The path of the person's own recording for a cue or line, whether or not it is usable; None if none."""
        return next(iter(self._replacements(kind, text)), None)

    def clip(self, kind: str, text: str = "") -> Sound | None:
        """The sound (n,) of a cue or line; None if it has neither a recording nor a tone nor a cached rendering."""
        for path in self._replacements(kind, text):
            try:
                return shape(accepted(path, self._catalogue[kind].form))
            except BadInput:
                continue  # `prepare` has reported it; use the coach's own sound
        entry = self._catalogue[kind]
        if entry.tone is not None:
            return read(asset(entry.tone))
        try:
            return read(self._path(text)) if self._path(text).is_file() else None
        except BadInput:
            return None  # a broken file in the cache is rendered again

    def _replacements(self, kind: str, text: str) -> list[Path]:
        if self._own is None:
            return []
        kind = self._catalogue[kind].sounds_as or kind  # a borrowed sound comes with its recordings
        wordings = self._catalogue[kind].wordings
        names = [f"{kind}-{wordings.index(text) + 1}.wav"] if text in wordings else []
        return [path for name in [*names, f"{kind}.wav"] if (path := self._own / name).is_file()]

    def unusable(self) -> list[str]:
        """One notice for each of the person's own files that is not a valid recording, or that no cue plays."""
        notices = []
        for path in sorted(self._own.glob("*.wav")) if self._own is not None else []:
            kind, _, number = path.stem.partition("-")
            try:
                if self._catalogue[kind].sounds_as:
                    continue  # it is a recording for this kind's usual form, which is not in use now
                if number and not 0 < int(number) <= len(self._catalogue[kind].wordings):
                    raise BadInput(f"{path.name}: {kind!r} has no wording {number}")
                accepted(path, self._catalogue[kind].form)
            except (CoachError, ValueError) as error:
                notices.append(f"your cue {path.name} is not used: {error}")
        return notices

    def _path(self, text: str) -> Path:
        key = repr((RECIPE, text, self._catalogue.language, self._voice, self._rate, self._volume))
        return self._cache / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.wav"
