"""The voice thread: plays cues and lines, rendered ahead of time, while nobody speaks.

    ear thread     say(kind, text) ──► queue ──► this thread: the sound, from the cache ──► player, one at a time
                   follow(speech) ─────────────► somebody speaks: a spoken cue is dropped, or fades out if it is playing
                   hush(True) ─────────────────► the same, for tones too

The first rendering of a sentence takes about a second. This thread also does the rendering, in the order of expected
use, and only while nothing is waiting to be played. The first sentence therefore plays as soon as it is ready.

A cue belongs to the moment at which it was given: if it cannot begin within `OutputConfig.latest`, it is dropped. Every
dropped cue is reported with its reason.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from queue import SimpleQueue

from coach.audio import Played, Samples, Speaker, drain
from coach.coaching import Catalogue, Policy
from coach.conversation import SpeechState
from coach.core.errors import CoachError
from coach.core.messages import Message, message_of
from coach.core.span import RATE
from coach.cues.loudness import headroom_db
from coach.cues.recordings import Sound
from coach.cues.sounds import CueSounds

# lines that everybody must hear; they are never cut short
LISTENED_TO = ("consent", "consent_alone", "keep_stats", "keep_words", "keep_audio", "consent_aloud")


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputConfig:
    """The timing of playback. Times are samples unless the name says otherwise."""

    latest: int = Policy().defer_at_most  # a cue that cannot begin within this time is dropped
    breath: int = 7 * RATE // 10  # silence before a line that follows another sound, as it is a new thought
    look_s: float = 0.02  # seconds between two checks whether a sound has ended


CONFIG = OutputConfig()

SPEAKING, LATE, HUSHED = "unheard.speaking", "unheard.late", "unheard.hushed"  # the messages why a cue is dropped


@dataclass(frozen=True, slots=True)
class _Said:
    kind: str
    text: str
    at: int  # in samples of the far end, as `CueOutput._now`


@dataclass(frozen=True, slots=True)
class _OtherWordings:
    sounds: CueSounds
    catalogue: Catalogue
    ahead: tuple[tuple[str, str], ...]


class CueOutput:
    """Plays cues and lines through `speaker`, one after the other.

    `ahead` lists the (kind, text) to render ahead of time, in this order. `gain_db` (dB) is added to every clip, up to
    full scale. Lines address people in the room; they are left out if `heard` is False, since nobody there can hear
    them. Samples are of the far end, at 16 kHz. A sound that cannot be rendered or played is reported by `finished` and
    `notices`; nothing is raised.

    `say`, `speak`, `follow`, `hush`, `reference`, `skip`, `finished` and `notices` are called on the ear thread and
    never wait.
    """

    def __init__(
        self,
        speaker: Speaker,
        sounds: CueSounds,
        catalogue: Catalogue,
        *,
        ahead: Iterable[tuple[str, str]],
        gain_db: float = 0.0,
        heard: bool = True,
    ) -> None:
        self._speaker, self._sounds, self._catalogue = speaker, sounds, catalogue
        self._gain_db, self._heard = gain_db, heard
        self.room_db = 0.0  # gain that this room needs on top of `gain_db`; set on the ear thread
        self._queue: SimpleQueue[_Said | _OtherWordings | None] = SimpleQueue()
        self._dropped: SimpleQueue[Played] = SimpleQueue()
        self._notices: SimpleQueue[str] = SimpleQueue()
        self._now = 0  # samples of the far end that the ear thread has requested
        self._speech = SpeechState()  # as of the last hop; replaced on the ear thread, read on the voice thread
        self._hushed = False
        self._closing = threading.Event()
        self._begins = threading.Lock()  # held while a clip is handed to the speaker, and while the speaker is closed
        self._unfinished = 0  # cues and lines given to `say` that have not finished yet …
        self._to_announce = 0  # … and how many of them everybody must hear
        self._sounds_now = ""  # the kind that is playing, or that played last
        self._ahead = deque(ahead)  # still to be rendered
        self._voiceless = False
        self._thread = threading.Thread(target=self._run, name="voice", daemon=True)
        self._thread.start()

    def say(self, kind: str, text: str) -> None:
        """Queue `text` of the catalogue's `kind`; it plays as soon as it may.

        A cue that could not begin within `OutputConfig.latest` is dropped, and `finished` says why; a line waits.
        Raises BadSetting for a kind that the catalogue does not have.
        """
        wanted = self._catalogue[kind]
        if not wanted.enabled or (wanted.form == "line" and not self._heard):
            return
        self._unfinished += 1
        self._to_announce += kind in LISTENED_TO
        self._queue.put(_Said(kind, text, self._now))

    def speak(self, sounds: CueSounds, catalogue: Catalogue, ahead: Iterable[tuple[str, str]]) -> None:
        """Take the sounds of another catalogue with the same kinds, such as that of another language, from now on."""
        self._queue.put(_OtherWordings(sounds, catalogue, tuple(ahead)))

    def follow(self, speech: SpeechState) -> None:
        """Takes the state of speech, once a hop. When somebody begins to speak, the coach gives way to them."""
        begins = speech.somebody and not self._speech.somebody
        self._speech = speech
        if begins:
            self.give_way()

    def hush(self, on: bool) -> None:
        """Silences the coach, or lets it speak again. Lines that everybody must hear still play."""
        self._hushed = on
        if on:
            self.give_way()

    def give_way(self) -> None:
        """Stops playback, unless it is a line that everybody must hear, or a tone. While hushed, tones stop too."""
        if self._speaker.playing and self._objection(self._sounds_now, somebody_speaks=True):
            self._speaker.stop()

    @property
    def announcing(self) -> bool:
        """Whether lines that everybody must hear are still playing; until they end, speech is attributed to nobody."""
        return self._to_announce > 0

    @property
    def rendering(self) -> bool:
        """Whether cues are still being rendered ahead of time."""
        return bool(self._ahead)

    @property
    def busy(self) -> bool:
        """Whether anything given to `say` is playing or still waiting."""
        return self._unfinished > 0

    def finished(self) -> list[Played]:
        """The cues and lines that have ended since the last call, those that were dropped first.

        `failed` says why one was dropped or broke off. Nothing of a dropped one was played: its `samples` are 0.
        """
        over = [*drain(self._dropped), *self._speaker.finished()]
        self._unfinished -= len(over)
        self._to_announce -= sum(played.name in LISTENED_TO for played in over)
        return over

    def notices(self) -> list[str]:
        """Lines for the people since the last call, for example why a voice cannot speak."""
        return list(drain(self._notices))

    def reference(self, n: int) -> Samples:
        """The next `n` samples of what the speaker was handed, (n,) float32 at 16 kHz, for the echo canceller."""
        self._now += n
        return self._speaker.reference(n)

    def skip(self, n: int) -> None:
        """Lets `n` samples pass for which there is no microphone sound."""
        self._now += n
        self._speaker.skip(n)

    def close(self) -> None:
        """Ends playback for good. A cue that is still being rendered does not open the speaker again."""
        self._closing.set()
        self._queue.put(None)
        with self._begins:
            self._speaker.close()

    # ------------------------------------------------------------------------------------------- the voice thread

    def _run(self) -> None:
        try:
            for notice in self._sounds.unusable():
                self._notices.put(notice)
        except Exception as error:  # the coach's own sounds can still play
            self._notices.put(Message("notice.own_cues_unchecked", reason=str(error)))
        while (said := self._next()) is not None:
            try:
                reason = self._say(said)
            except Exception as error:  # a cue that cannot be played is reported; the thread goes on
                reason = Message("unheard.not_played", reason=message_of(error))
            if reason:
                self._dropped.put(Played(said.kind, 0, cut=False, failed=reason))

    def _next(self) -> _Said | None:
        """The next cue or line to play. Renders ahead of time while it waits. None when closed."""
        while True:
            while self._ahead and self._queue.empty():
                try:
                    self._sound(*self._ahead.popleft())
                except Exception as error:  # a cue that turns out to be needed is tried again then
                    self._notices.put(Message("notice.not_in_advance", reason=message_of(error)))
                    self._ahead.clear()
            said = self._queue.get()
            if self._closing.is_set():
                return None
            if not isinstance(said, _OtherWordings):
                return said
            self._sounds, self._catalogue, self._ahead = said.sounds, said.catalogue, deque(said.ahead)
            self._voiceless = False

    def _sound(self, kind: str, text: str) -> Sound | None:
        """The sound (n,), rendered now if necessary; None if there is none. A failed rendering is reported once."""
        if not self._voiceless:
            try:
                return self._sounds.ready(kind, text)
            except CoachError as error:
                self._notices.put(message_of(error))
                self._voiceless = True
                self._ahead.clear()
            finally:
                for notice in self._sounds.notices():
                    self._notices.put(notice)
        return self._sounds.clip(kind, text)

    def _say(self, said: _Said) -> str:
        """Plays `said` once the sound before it has ended; returns the reason if it is dropped, otherwise "".

        It waits here and not in the player, because only here can it still be dropped.
        """
        clip = self._sound(said.kind, said.text)
        if clip is None:
            return Message("unheard.no_sound")
        until = self._now
        while self._speaker.playing or self._now < until:
            if self._speaker.playing and self._catalogue[said.kind].form == "line":
                until = self._now + CONFIG.breath
            if self._closing.wait(CONFIG.look_s):
                return ""
        if self._catalogue[said.kind].form != "line" and self._now - said.at > CONFIG.latest:
            return Message(LATE)
        if reason := self._objection(said.kind, self._speech.somebody):
            return reason
        self._sounds_now = said.kind
        gain = min(self._gain_db + self.room_db, headroom_db(clip))
        with self._begins:
            if self._closing.is_set():
                return ""
            self._speaker.play(clip, gain, name=said.kind)
        if self._objection(said.kind, self._speech.somebody):  # somebody may have begun to speak since the last check
            self.give_way()
        return ""

    def _objection(self, kind: str, somebody_speaks: bool) -> str:
        """The reason why `kind` may not play now; "" if it may."""
        if kind in LISTENED_TO:
            return ""
        if self._hushed:
            return Message(HUSHED)
        return Message(SPEAKING) if somebody_speaks and self._catalogue[kind].tone is None else ""
