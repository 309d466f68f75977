"""The voice thread: what the coach says, rendered beforehand, played when nobody speaks.

    ear thread     say(kind, text) ──► queue ──► this thread: the sound, from the cache ──► player
                   hold(True) ─────────────────► a spoken thing that has not begun is dropped, one that sounds fades

Rendering takes a second a sentence the first time, so it is done here too, in the order in which it will be wanted.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from queue import SimpleQueue

from coach.audio.line import Played, emptied
from coach.audio.player import Speaker
from coach.audio.source import Samples
from coach.coaching.catalogue import Catalogue
from coach.coaching.loudness import headroom_db
from coach.coaching.voice import CueSounds

LISTENED_TO = ("consent", "keep_stats", "keep_words", "keep_audio")  # what everybody has to hear is not cut short


@dataclass(frozen=True, slots=True)
class _Said:
    kind: str
    text: str


class Mouth:
    """Says things through `speaker`. `lines` are (kind, text) that will be wanted first, and are rendered first.

    Lines, which speak to people who are in the room, are left out when they cannot be `heard` there.

    `say`, `hold`, `finished` and `notices` are called on the ear thread and never wait.
    """

    def __init__(
        self,
        speaker: Speaker,
        sounds: CueSounds,
        catalogue: Catalogue,
        *,
        lines: list[tuple[str, str]],
        gain_db: float = 0.0,
        heard: bool = True,
    ) -> None:
        self._speaker, self._sounds, self._catalogue = speaker, sounds, catalogue
        self._gain_db, self._heard = gain_db, heard
        self.room_db = 0.0  # how much louder than usual this room wants it; set on the ear thread
        self._queue: SimpleQueue[_Said | None] = SimpleQueue()
        self._failed: SimpleQueue[Played] = SimpleQueue()
        self._notices: SimpleQueue[str] = SimpleQueue()
        self._held = False
        self._to_announce = 0  # things given to `say` that everybody has to hear, and that are not over yet
        self._given: deque[str] = deque()  # the kinds that the speaker has and has not reported; the first one sounds
        self._lines = lines
        self._thread = threading.Thread(target=self._run, name="voice", daemon=True)
        self._thread.start()

    def say(self, kind: str, text: str) -> None:
        """Let `text` of the catalogue's `kind` sound as soon as it may."""
        wanted = self._catalogue[kind]
        if not wanted.enabled or (wanted.form == "line" and not self._heard):
            return
        self._to_announce += kind in LISTENED_TO
        self._queue.put(_Said(kind, text))

    def hold(self, somebody_speaks: bool) -> None:
        """Somebody began to speak, or nobody speaks any more. Tones and what everybody must hear sound on."""
        self._held = somebody_speaks
        if somebody_speaks:
            self.give_way()

    def give_way(self) -> None:
        """Stops what is being said, unless it is a tone, or something that everybody has to hear."""
        if self._speaker.playing and self._given and self._gives_way(self._given[0]):
            self._speaker.stop()

    @property
    def announcing(self) -> bool:
        """Whether the coach is saying what everybody has to hear: until then, no voice is anybody's."""
        return self._to_announce > 0

    def finished(self) -> list[Played]:
        """What has sounded, or could not, since this was last asked."""
        sounded = self._speaker.finished()
        for _ in sounded[: len(self._given)]:
            self._given.popleft()
        over = [*emptied(self._failed), *sounded]
        self._to_announce -= sum(played.name in LISTENED_TO for played in over)
        return over

    def notices(self) -> list[str]:
        return list(emptied(self._notices))

    def reference(self, n: int) -> Samples:
        """The next `n` samples of what was handed to the speaker, for the echo canceller."""
        return self._speaker.reference(n)

    def close(self) -> None:
        self._queue.put(None)
        self._speaker.close()

    def _run(self) -> None:
        for notice in self._sounds.prepare(self._lines):
            self._notices.put(notice)
        while (said := self._queue.get()) is not None:
            try:
                self._say(said)
            except Exception as error:  # a cue that cannot sound is told; the thread goes on
                self._failed.put(Played(said.kind, 0, cut=False, failed=f"it could not be played ({error})"))

    def _say(self, said: _Said) -> None:
        clip = self._sounds.clip(said.kind, said.text)
        if clip is None:
            self._failed.put(Played(said.kind, 0, cut=False, failed="there is no sound of it"))
        elif self._held and self._gives_way(said.kind):
            self._failed.put(Played(said.kind, 0, cut=True))
        else:
            self._given.append(said.kind)
            gain = min(self._gain_db + self.room_db, headroom_db(clip))
            self._speaker.play(clip, gain, name=said.kind)
            if self._held:  # somebody may have begun since we looked
                self.give_way()

    def _gives_way(self, kind: str) -> bool:
        return kind not in LISTENED_TO and self._catalogue[kind].tone is None
