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
fifth less time for each, before anybody asks for the first (`Windows.foresee`). What was not foreseen is heard when it
is asked for, as live; either way it is the same window.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

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


class Windows:
    """The last seconds of one channel, and what the networks hear in them. `hop` takes (HOP,) samples.

    Without `voices`, there are no crops.
    """

    def __init__(self, config: WindowConfig = CONFIG, *, voices: bool = True) -> None:
        self._voices, self._config = voices, config
        self._segmentation, self._embedding = Segmentation(), Embedding()
        self._crops: deque[Crop] = deque()
        self._foreseen: dict[int, np.ndarray] = {}  # probabilities of the windows that end at these samples
        self._voices_from: dict[int, np.ndarray] = {}  # the voices of crops from these samples on
        self.skip_to(0)

    def skip_to(self, sample: int) -> None:
        """Forget the sound before `sample`: windows do not reach across missing sound."""
        self._sound = np.zeros(self._config.length, np.float32)
        self._heard = 0
        self._now = sample
        self._foreseen, self._voices_from = {}, {}

    def hop(self, samples: np.ndarray) -> None:
        """Take the next (HOP,) float32 samples at 16 kHz."""
        self._sound[:-HOP] = self._sound[HOP:]
        self._sound[-HOP:] = samples
        self._heard = min(self._heard + HOP, self._config.length)
        self._now += HOP

    def look(self, until: int, speech: np.ndarray | None = None) -> Look:
        """What the networks hear now. The newest crop ends at sample `until`, which is now or soon before.

        With `speech`, whether each of the last frames (n,) is speech, the segmentation rests: all speech of the window
        is one local voice.
        """
        config = self._config
        length = max(self._heard, config.least)
        if speech is not None:
            likely = _of_one_voice(speech, length)
        elif self._now in self._foreseen:
            likely = self._foreseen.pop(self._now)
        else:
            (likely,) = self._likely(self._sound[None, -length:])
        look = Look(self._now - length, self._now, likely)
        if self._voices:
            self._take_crops(look, until - CROP)
        return replace(look, crops=tuple(crop for crop in self._crops if crop.start >= look.start))

    def foresee(self, sounds: np.ndarray, due: Sequence[Due], close: bool) -> None:
        """Hear in batches what will be asked for in the next hops, `sounds` (n, HOP), if `due` comes true.

        `close`: whether two voices were heard in the last window. The hops are to follow one by one. No result changes;
        what is not asked for after all is forgotten with the next call.
        """
        sound = np.concatenate([self._sound, sounds.ravel()])
        begin = self._now - len(self._sound)
        self._foreseen, self._voices_from = {}, {}
        whole = [each for each in due if each.now - (self._now - self._heard) >= self._config.length]
        self._foresee_windows([each.now for each in whole if not each.close], sound, begin)
        asked = []
        for each in whole:
            if not each.close:
                close = self._look_ahead(each.now).two_voices()
            elif close:
                asked.append(each.now)
        self._foresee_windows(asked, sound, begin)
        if self._voices:
            self._foresee_voices([each for each in whole if each.now in self._foreseen], sound, begin)

    def _foresee_windows(self, ends: Sequence[int], sound: np.ndarray, begin: int) -> None:
        """The windows that end at samples `ends`, in `sound` (n,) from sample `begin` on."""
        if ends:
            length = self._config.length
            cut = np.stack([sound[end - begin - length : end - begin] for end in ends])
            self._foreseen |= dict(zip(ends, self._likely(cut), strict=True))

    def _foresee_voices(self, due: Sequence[Due], sound: np.ndarray, begin: int) -> None:
        """The crops that are new in each of these windows."""
        config = self._config
        last = self._crops[-1].start if self._crops else None
        starts: list[int] = []
        for each in due:
            new = self._new_crops(self._look_ahead(each.now), each.until - CROP, last, each.now - config.length)
            starts += new
            last = starts[-1] if starts else last
        if starts:
            voices = self._embedding.voices_from(sound, [start - begin for start in starts], CROP)
            self._voices_from = dict(zip(starts, voices, strict=True))

    def _look_ahead(self, end: int) -> Look:
        return Look(end - self._config.length, end, self._foreseen[end])

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
        unheard = [start for start in new if start not in self._voices_from]
        if unheard:
            begins = [start - self._now + len(self._sound) for start in unheard]
            voices = self._embedding.voices_from(self._sound, begins, CROP)
            self._voices_from |= dict(zip(unheard, voices, strict=True))
        for start, heard in new.items():
            self._remember(Crop(start, self._voices_from.pop(start), float(heard[1 : 1 + LOCAL].max())))

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
