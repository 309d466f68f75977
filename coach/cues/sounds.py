"""SHELL. The sounds of the coach, by their order of precedence.

    1  a person's own recording       `inward-2.wav` in their folder replaces the second wording, `inward.wav` all
    2  a recording that ships         of each wording as it ships, if no other voice was chosen
    3  a rendering in the cache       by the first voice that can speak: neural, Piper, Pico, system (`coach.cues.tts`)

`CueSounds.prepare` synthesises what is missing, ahead of time. `CueSounds.clip` only reads. Every sound is one channel
of float32 at 16 kHz, at one loudness, with a soft beginning and end.

Names are said as `coach.cues.names` says them. If a voice cannot speak, the next one does, and a notice says so once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import soundfile

from coach.coaching import Catalogue
from coach.core.errors import BadInput, CoachError, Missing, reason_of
from coach.core.messages import Message, message_of
from coach.core.resources import asset
from coach.cues.names import NamedWordings, SaidNames
from coach.cues.recordings import Sound, accepted, read
from coach.cues.shipped import ShippedVoice
from coach.cues.tts.installed import neural_model, voices_for
from coach.cues.tts.manners import manner_of
from coach.cues.tts.rendering import CONFIG as RENDERING
from coach.cues.tts.rendering import render, shape
from coach.cues.tts.voices import NEURAL

INSTEAD = "notice.other_voice"  # the message about a voice that cannot speak
PIPERS = "voices"  # the folder of Piper voices and fetched neural voices, inside a person's own cues
RECIPE = 3  # the version of the shaping; increase it when the shaping changes, so that old caches are not used


class CueSounds:
    """Every sound of `catalogue`: from the person's `own` folder, what ships, or the `cache` folder.

    `rate` is in words per minute. `voice` is the id or the name of the voice that the person chose; None for the
    coach's own. `shipped` is False to render every wording. Further keyword arguments go to `render`. Call `prepare`
    first; `clip` is then quick.

    Raises BadSetting if the person's respelt names cannot be read.
    """

    def __init__(
        self,
        cache: Path,
        catalogue: Catalogue,
        *,
        own: Path | None = None,
        rate: int = RENDERING.words_a_minute,
        voice: str | None = None,
        shipped: bool = True,
        **rendering: Any,
    ) -> None:
        self._cache, self._catalogue, self._own = cache, catalogue, own
        self._rate = rate
        self._voices = list(voices_for(catalogue.language, voice or "", own / PIPERS if own else None))
        ships = ShippedVoice(catalogue.language)
        as_usual = rate == RENDERING.words_a_minute and (not voice or self._voices == [ships.voice])
        self._shipped = ships if shipped and as_usual else None
        self._named = NamedWordings(catalogue, SaidNames.of(own))
        self._rendering = rendering
        self._notices: list[str] = []

    def prepare(
        self, lines: Iterable[tuple[str, str]] = (), progress: Callable[[int, int], None] | None = None
    ) -> list[str]:
        """Renders everything that has no sound yet: all enabled spoken cues, and `lines` as (kind, text).

        `progress` is called with (done, total). Returns notices for the user: own files that cannot be used, voices
        that cannot speak, and at most one about a failed rendering. It does not raise for these: the coach goes on with
        tones.
        """
        notices = self.unusable()
        wanted = [*lines, *self._catalogue.spoken()]
        for done, (kind, text) in enumerate(wanted):
            try:
                self.ready(kind, text)
            except CoachError as error:
                return [*notices, *self.notices(), message_of(error)]
            if progress is not None:
                progress(done + 1, len(wanted))
        return [*notices, *self.notices()]

    def ready(self, kind: str, text: str = "") -> Sound:
        """The sound (n,) of a cue or line, rendered now if there is none yet. Raises CoachError if that fails."""
        if (clip := self.clip(kind, text)) is not None:
            return clip
        failed: list[Missing] = []
        for voice in self._voices:
            try:
                sound = self._rendered(kind, text, voice)
            except Missing as error:
                failed.append(error)
                continue
            if failed:
                self._notices.append(Message(INSTEAD, reason=message_of(failed[0])))
                self._voices = self._voices[len(failed) :]
            return sound
        raise failed[-1]

    def notices(self) -> list[str]:
        """Lines for the user since the last call: a voice that cannot speak is reported once."""
        notices, self._notices = self._notices, []
        return notices

    @property
    def voice(self) -> str | None:
        """The id of the voice that renders; None for the calmest system voice."""
        return self._voices[0]

    def _rendered(self, kind: str, text: str, voice: str | None) -> Sound:
        path, said = self._path(kind, text, voice), self._said(kind, text, voice)
        by = self._rendering | {"language": self._catalogue.language, "voice": voice, "model": self._model(voice)}
        try:
            render(said, path, rate=self._rate, **by)
            return read(path)
        except (OSError, soundfile.SoundFileError) as error:
            reason = reason_of(error) if isinstance(error, OSError) else str(error)
            raise CoachError(Message("notice.not_rendered", reason=reason)) from None

    def _said(self, kind: str, text: str, voice: str | None) -> str:
        """`text` as `voice` should read it."""
        return self._named.said(kind, text, with_phonemes=bool(voice and voice.startswith(NEURAL)))

    def _model(self, voice: str | None) -> Path | None:
        if self._own is None or not voice or not voice.startswith(NEURAL):
            return None
        return neural_model(manner_of(voice)[0], self._own / PIPERS)

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
        for path in self._files(kind, text):
            try:
                return read(path)
            except BadInput:
                continue  # a broken file in the cache is rendered again
        return None

    def _files(self, kind: str, text: str) -> list[Path]:
        """The files that hold `text`: the one that ships, then the renderings of the voices, in their order."""
        ships = self._shipped.recording(self._said(kind, text, None)) if self._shipped is not None else None
        rendered = (self._path(kind, text, voice) for voice in self._voices)
        return [path for path in (ships, *rendered) if path is not None and path.is_file()]

    def _replacements(self, kind: str, text: str) -> list[Path]:
        if self._own is None:
            return []
        kind = self._catalogue[kind].sounds_as or kind  # a borrowed sound comes with its recordings
        wordings = self._catalogue[kind].wordings
        names = [f"{kind}-{wordings.index(text) + 1}.wav"] if text in wordings else []
        return [path for name in [*names, f"{kind}.wav"] if (path := self._own / name).is_file()]

    def unusable(self) -> list[str]:
        """One notice for each of the person's own files that is not a valid recording, or that no cue plays."""
        notices: list[str] = []
        for path in sorted(self._own.glob("*.wav")) if self._own is not None else []:
            kind, _, number = path.stem.partition("-")
            try:
                if self._catalogue[kind].sounds_as:
                    continue  # it is a recording for this kind's usual form, which is not in use now
                if number and not 0 < int(number) <= len(self._catalogue[kind].wordings):
                    raise BadInput(f"{path.name}: {kind!r} has no wording {number}")
                accepted(path, self._catalogue[kind].form)
            except (CoachError, ValueError) as error:
                notices.append(Message("notice.own_cue_unused", file=path.name, reason=str(error)))
        return notices

    def _path(self, kind: str, text: str, voice: str | None) -> Path:
        said = self._said(kind, text, voice)
        key = repr((RECIPE, said, self._catalogue.language, voice, self._rate, RENDERING.volume))
        return self._cache / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.wav"
