"""The windows in which the networks listen, each when the `timetable` says.

The segmentation network reads the last five seconds, and the embedding network the newest second of them and the second
that ends half a second before.

    sound     ──────────────────────────────────────────────────►
    windows   |------------------ 5 s ------------------|
                      |------------------ 5 s ------------------|      a second later
    crops                                       |- 1 s -|              and one that ends half a second earlier
    judged                                    ├───────┤                by the later window, but for its last 0.25 s

Windows of ten seconds, on which the network was trained, cost twice as much and were no better (docs/timing.md).

From a file many hops come at once. Then the windows of all of them are foreseen and heard in batches, which takes a
fifth less time for each, before anybody asks for the first (`Windows.foresee`); with threads beside this one, while the
hops before them are thought over. What was not foreseen is heard when it is asked for, as live; either way it is the
same window.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace

import numpy as np

from coach.core.networks import meanwhile
from coach.core.span import HOP, RATE
from coach.diarization.embedding import Embedding
from coach.diarization.looks import CROP, LOCAL, Crop, Look
from coach.diarization.segmentation import DEFAULT_SEGMENTATION as GRID
from coach.diarization.segmentation import SPEAKERS_OF_CLASS, Segmentation
from coach.diarization.timetable import Due
from coach.vad import FRAME


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowConfig:
    """To what the networks listen. Times are samples."""

    length: int = 5 * RATE  # of a window
    least: int = RATE  # of a window; a shorter beginning is filled up with silence
    between: int = RATE // 2  # from crop to crop, at most, while somebody speaks
    voiced: float = 0.3  # share of a crop that must be speech, or it is not looked at
    remembered: int = 600 * RATE  # how long crops are kept for enrolment


CONFIG = WindowConfig()


@dataclass(slots=True)
class _Heard:
    """What the networks heard in windows that were foreseen.

    `windows` are the probabilities of those that end at these samples, and `voices` those of crops from these samples
    on. `last` is where the newest crop starts, `close` whether two voices were heard last.
    """

    last: int | None
    close: bool
    windows: dict[int, np.ndarray] = field(default_factory=dict)
    voices: dict[int, np.ndarray] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class _Foreseen:
    """Hops up to sample `until`, `sounds` (n,), in whose windows the networks will have `heard`."""

    sounds: np.ndarray
    until: int
    heard: Future[_Heard]

    @property
    def since(self) -> int:
        return self.until - len(self.sounds)


class Windows:
    """The last seconds of one channel, and what the networks hear in them. `hop` takes (HOP,) samples.

    Without `voices`, there are no crops.
    """

    def __init__(self, config: WindowConfig = CONFIG, *, voices: bool = True) -> None:
        self._voices, self._config = voices, config
        self._segmentation, self._embedding = Segmentation(), Embedding()
        self._crops: deque[Crop] = deque()
        self.skip_to(0)

    def skip_to(self, sample: int) -> None:
        """Forget the sound before `sample`: windows do not reach across missing sound."""
        self._kept = np.zeros(2 * self._config.length, np.float32)
        self._end = self._config.length  # of the sound in it
        self._heard = 0
        self._now = sample
        self._ahead: deque[_Foreseen] = deque()  # hops that are to come
        self._heard_ahead = _Heard(None, False)  # in the windows of the hops that come now

    def hop(self, samples: np.ndarray) -> None:
        """Take the next (HOP,) float32 samples at 16 kHz."""
        if self._end + HOP > len(self._kept):
            self._kept[: self._config.length] = self._sound
            self._end = self._config.length
        self._kept[self._end : self._end + HOP] = samples
        self._end += HOP
        self._heard = min(self._heard + HOP, self._config.length)
        self._now += HOP

    @property
    def _sound(self) -> np.ndarray:
        """The last seconds, as many as a window has."""
        return self._kept[self._end - self._config.length : self._end]

    def look(self, until: int, speech: np.ndarray | None = None) -> Look:
        """What the networks hear now. The newest crop ends at sample `until`, which is now or soon before.

        With `speech`, whether each of the last frames (n,) is speech, the segmentation rests: all speech of the window
        is one local voice.
        """
        config = self._config
        length = max(self._heard, config.least)
        while self._ahead and self._ahead[0].since < self._now:
            self._heard_ahead = self._ahead.popleft().heard.result()
        if speech is not None:
            likely = _of_one_voice(speech, length)
        elif self._now in self._heard_ahead.windows:
            likely = self._heard_ahead.windows.pop(self._now)
        else:
            (likely,) = self._likely(self._sound[None, -length:])
        look = Look(self._now - length, self._now, likely)
        if self._voices:
            self._take_crops(look, until - CROP)
        return replace(look, crops=tuple(crop for crop in self._crops if crop.start >= look.start))

    @property
    def foreseen_until(self) -> int:
        """The sample up to which hops have come or were foreseen."""
        return max(self._now, self._ahead[-1].until) if self._ahead else self._now

    def foresee(self, sounds: np.ndarray, due: Sequence[Due], close: bool) -> None:
        """Hear in batches what will be asked for in hops to come, `sounds` (n, HOP), if `due` comes true.

        They follow those that were foreseen and have not come yet, one by one. `close`: whether two voices were heard
        in the last window. No result changes; what is not asked for after all is forgotten.
        """
        until = self.foreseen_until + sounds.size
        while self._ahead and self._ahead[0].until <= self._now:
            self._ahead.popleft()
        before = self._ahead[-1].heard if self._ahead else None
        last = self._crops[-1].start if self._crops else None
        sound = np.concatenate([self._sound, *(each.sounds for each in self._ahead), sounds.ravel()])
        begin, known_from = self._now - len(self._sound), self._now - self._heard
        whole = [each for each in due if each.now - known_from >= self._config.length]

        def hear() -> _Heard:
            known = before.result() if before is not None else _Heard(last, close)
            return self._hear_ahead(sound, begin, whole, _Heard(known.last, known.close))

        self._ahead.append(_Foreseen(sounds.ravel(), until, meanwhile(hear)))

    def _hear_ahead(self, sound: np.ndarray, begin: int, due: Sequence[Due], heard: _Heard) -> _Heard:
        """`heard`, with what the networks hear in the windows that are `due`, in `sound` (n,) from sample `begin` on.

        It may run on another thread, so it reads nothing that changes.
        """
        heard.windows |= self._windows_at([each.now for each in due if not each.close], sound, begin)
        asked = []
        for each in due:
            if not each.close:
                heard.close = self._look_ahead(heard, each.now).two_voices()
            elif heard.close:
                asked.append(each.now)
        heard.windows |= self._windows_at(asked, sound, begin)
        if self._voices:
            self._hear_voices([each for each in due if each.now in heard.windows], sound, begin, heard)
        return heard

    def _windows_at(self, ends: Sequence[int], sound: np.ndarray, begin: int) -> dict[int, np.ndarray]:
        """The probabilities in the windows that end at samples `ends`."""
        if not ends:
            return {}
        length = self._config.length
        cut = np.stack([sound[end - begin - length : end - begin] for end in ends])
        return dict(zip(ends, self._likely(cut), strict=True))

    def _hear_voices(self, due: Sequence[Due], sound: np.ndarray, begin: int, heard: _Heard) -> None:
        """Adds the crops that are new in each of these windows."""
        config = self._config
        starts: list[int] = []
        for each in due:
            look = self._look_ahead(heard, each.now)
            starts += self._new_crops(look, each.until - CROP, heard.last, each.now - config.length)
            heard.last = starts[-1] if starts else heard.last
        if starts:
            voices = self._embedding.voices_from(sound, [start - begin for start in starts], CROP)
            heard.voices |= dict(zip(starts, voices, strict=True))

    def _look_ahead(self, heard: _Heard, end: int) -> Look:
        return Look(end - self._config.length, end, heard.windows[end])

    def _likely(self, windows: np.ndarray) -> list[np.ndarray]:
        """The probabilities (frames, 7) in each of `windows`, (n, samples)."""
        return [np.exp(told.astype(np.float64)) for told in self._segmentation.windows(windows)]

    def _new_crops(self, look: Look, newest: int, last: int | None, since: int) -> dict[int, np.ndarray]:
        """The crops from sample `newest` and `between` before it, if they are new and enough of them is voice.

        `last` is where the newest of the earlier crops starts, and `since` where the sound does. The result is what
        the segmentation hears during each.
        """
        config = self._config
        starts = [newest - config.between] if last is None or newest - last > config.between else []
        starts += [newest] if last is None or newest > last else []
        during = {start: look.during(start) for start in starts if start >= since}
        return {start: heard for start, heard in during.items() if heard[0] < 1 - config.voiced}

    def _take_crops(self, look: Look, newest: int) -> None:
        last = self._crops[-1].start if self._crops else None
        new = self._new_crops(look, newest, last, self._now - self._heard)
        voices_from = self._heard_ahead.voices
        unheard = [start for start in new if start not in voices_from]
        if unheard:
            begins = [start - self._now + len(self._sound) for start in unheard]
            voices = self._embedding.voices_from(self._sound, begins, CROP)
            voices_from |= dict(zip(unheard, voices, strict=True))
        for start, heard in new.items():
            self._remember(Crop(start, voices_from.pop(start), float(heard[1 : 1 + LOCAL].max())))

    def _remember(self, crop: Crop) -> None:
        self._crops.append(crop)
        while self._crops[0].start < crop.start - self._config.remembered:
            self._crops.popleft()

    @property
    def now(self) -> int:
        """The sample up to which it has heard."""
        return self._now

    @property
    def crops(self) -> tuple[Crop, ...]:
        """The crops of the last ten minutes."""
        return tuple(self._crops)


def _of_one_voice(speech: np.ndarray, length: int) -> np.ndarray:
    """The probabilities (frames, 7) of the segmentation in a window of `length` samples, if it were as sure as that."""
    middles = GRID.centres(length)
    at = np.clip(len(speech) - 1 - (length - 1 - middles) // FRAME, 0, len(speech) - 1)
    likely = np.zeros((len(middles), len(SPEAKERS_OF_CLASS)))
    likely[np.arange(len(middles)), speech[at].astype(int)] = 1.0
    return likely


def warm_up() -> None:
    """Load the networks and let each listen once, which takes a second: call it before sound arrives."""
    Segmentation().windows(np.zeros((1, CONFIG.length), np.float32))
    Embedding().voices(np.zeros((1, CROP), np.float32))
