"""The grid of windows in which the networks listen.

Once a second, while somebody may be speaking, the segmentation network reads the last five seconds, and the embedding
network the newest second of them and the second that ends half a second before; twice a second while two voices are
heard, because a change of speakers may be under way; once more 0.6 s after an onset, and when a voice has stopped. A
frame is judged for the first time by the first window that reaches a quarter of a second beyond it, because the network
is unsure of what it has hardly heard.

    sound     ──────────────────────────────────────────────────►
    windows   |------------------ 5 s ------------------|
                      |------------------ 5 s ------------------|      a second later
    crops                                       |- 1 s -|              and one that ends half a second earlier
    judged                                    ├───────┤                by the later window, but for its last 0.25 s

The grid lies on the clock of the samples, so neither the block size nor the source changes a window. Windows of ten
seconds, on which the network was trained, and windows twice a second cost twice as much and were no better
(docs/timing.md).

From a file many hops come at once. Then the windows of all of them are foreseen and heard in batches, which takes a
fifth less time for each, before anybody asks for the first (`Windows.foresee`). What was not foreseen is heard when it
is asked for, as live; either way it is the same window.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from coach.core.span import HOP, RATE, Span, shared
from coach.diarization.embedding import DEFAULT_EMBEDDING, Embedding
from coach.diarization.segmentation import DEFAULT_SEGMENTATION as GRID
from coach.diarization.segmentation import SPEAKERS_OF_CLASS, Segmentation
from coach.vad import FRAME, Began, Stopped

NUMBERS = DEFAULT_EMBEDDING.numbers
FEWER_WINDOWS, NO_OVERLAP = 1, 2  # what an ear does without on a machine that is too slow: the first, then both
LOCAL = 3  # voices that the segmentation tells apart in a window


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowConfig:
    """When the networks listen, and to what. Times are samples."""

    step: int = RATE  # between two windows
    close: int = RATE // 2  # the same while two voices are heard
    latest: int = 3 * RATE // 2  # the newest sound of a window, in which they are
    voice: int = RATE // 6  # of each of them
    seldom: int = 2 * RATE  # between two windows where the machine is too slow
    length: int = 5 * RATE  # of a window
    least: int = RATE  # of a window; a shorter beginning is filled up with silence
    ahead: int = RATE // 4  # heard after a frame before it is judged
    onset: int = round(0.6 * RATE)  # after the onset of a voice, when there is one more window
    ahead_of_onset: int = RATE // 10  # heard after a frame before that window judges it
    faded: int = RATE // 10  # after a voice has stopped, when there is one more window; its soft end is longer
    crop: int = RATE  # of sound that shows whose voice it is
    between: int = RATE // 2  # from crop to crop, at most, while somebody speaks
    voiced: float = 0.3  # share of a crop that must be speech, or it is not looked at
    within: float = 0.6  # share of a crop that must lie in somebody's speech to count as their voice
    partly: float = 0.4  # if no crop reaches `within`, this is enough: short words with pauses between them
    remembered: int = 600 * RATE  # how long crops are kept for enrolment


CONFIG = WindowConfig()
_IN_CLASS = np.array([[voice in voices for voice in range(LOCAL)] for voices in SPEAKERS_OF_CLASS], float)


@dataclass(frozen=True, slots=True, eq=False)
class Crop:
    """A second of sound from sample `start`, and its `voice`, (192,) of unit length.

    `alone` is how much of it is one voice alone, 0 to 1.
    """

    start: int
    voice: np.ndarray
    alone: float

    @property
    def span(self) -> Span:
        return Span(self.start, self.start + CONFIG.crop)

    @property
    def middle(self) -> float:
        """In frames."""
        return (self.start + CONFIG.crop / 2) / FRAME


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What the networks hear in the window from sample `start` to `end`.

    `likely` is (frames, 7): the probabilities of the segmentation's classes. `crops` lie within the window.
    """

    start: int
    end: int
    likely: np.ndarray
    crops: tuple[Crop, ...] = ()

    def at(self, frames: np.ndarray) -> np.ndarray:
        """The probabilities (n, 7) at the middle of `frames`, numbers of 10 ms frames on the clock of the samples.

        Frames outside the window have the probabilities of its first or last frame.
        """
        at = ((frames + 0.5) * FRAME - self.start - GRID.sees // 2) / GRID.step
        at = np.clip(at, 0, len(self.likely) - 1)
        below = np.minimum(at.astype(int), len(self.likely) - 2)
        part = (at - below)[:, None]
        return np.asarray(self.likely[below] * (1 - part) + self.likely[below + 1] * part)

    def voiced(self, frames: np.ndarray) -> np.ndarray:
        """The probability (n,) that anybody speaks."""
        return np.asarray(1 - self.at(frames)[:, 0])

    def two_voices(self) -> bool:
        """Whether two local voices are heard in the newest sound."""
        newest = self.likely[-(CONFIG.latest // GRID.step) :] @ _IN_CLASS
        return bool(((newest > 0.5).sum(axis=0) * GRID.step > CONFIG.voice).sum() > 1)

    def during(self, start: int) -> np.ndarray:
        """The mean probabilities (7,) during the crop from sample `start`."""
        first = max(0, round((start - self.start - GRID.sees // 2) / GRID.step))
        last = round((start + CONFIG.crop - self.start - GRID.sees // 2) / GRID.step)
        return np.asarray(self.likely[first : max(first + 1, last)].mean(axis=0))


class Due(NamedTuple):
    """The networks will listen at sample `now`, and frames up to sample `until` will be judged.

    `close`: only if two voices are heard in the window before.
    """

    now: int
    until: int
    close: bool


class Timetable:
    """When the networks listen. `onsets`: also soon after an onset, to tell early whose voice it is."""

    def __init__(self, *, onsets: bool, config: WindowConfig = CONFIG) -> None:
        self._onsets, self._config = onsets, config
        self.relief = 0  # what is done without, FEWER_WINDOWS and more
        self.begin()

    def begin(self) -> None:
        """Start anew, with no voice before."""
        self.close = False  # whether two voices were heard in the last window
        self._onset = -self._config.onset  # of the latest voice, in samples
        self._stopped = 0  # the sample at which the latest voice has stopped for long enough

    @property
    def overlap(self) -> bool:
        """Whether the segmentation listens too."""
        return self.relief < NO_OVERLAP

    def due(self, now: int, edges: Sequence[Began | Stopped]) -> int | None:
        """The sample up to which frames are judged after the hop that ends at `now`, in which `edges` were found."""
        config = self._config
        self._onset = max([self._onset, *(edge.onset for edge in edges if isinstance(edge, Began))])
        if any(isinstance(edge, Stopped) and edge.span for edge in edges):
            self._stopped = now + config.faded
        if now == self._stopped:  # nothing more of this voice will be heard
            return now
        if now % (config.seldom if self.relief else config.close if self.close else config.step) == 0:
            return now - config.ahead
        if self._onsets and not self.relief and now - HOP < self._onset + config.onset <= now:
            return now - config.ahead_of_onset
        return None

    def ahead(self, now: int, edges: Iterable[Sequence[Began | Stopped]]) -> list[Due]:
        """What will be due in the hops after sample `now`, in each of which these `edges` are found."""
        alone, close = copy(self), copy(self)
        alone.close, close.close = False, True
        out = []
        for found in edges:
            now += HOP
            surely, perhaps = alone.due(now, found), close.due(now, found)
            until = perhaps if surely is None else surely
            if until is not None:
                out.append(Due(now, until, surely is None))
        return out


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
            self._take_crops(look, until - config.crop)
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
            new = self._new_crops(self._look_ahead(each.now), each.until - config.crop, last, each.now - config.length)
            starts += new
            last = starts[-1] if starts else last
        if starts:
            voices = self._embedding.voices_from(sound, [start - begin for start in starts], config.crop)
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
        config = self._config
        last = self._crops[-1].start if self._crops else None
        new = self._new_crops(look, newest, last, self._now - self._heard)
        unheard = [start for start in new if start not in self._voices_from]
        if unheard:
            begins = [start - self._now + len(self._sound) for start in unheard]
            voices = self._embedding.voices_from(self._sound, begins, config.crop)
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
    Embedding().voices(np.zeros((1, CONFIG.crop), np.float32))


def voices_in(crops: Sequence[Crop], spans: list[Span], config: WindowConfig = CONFIG) -> np.ndarray:
    """The voices (n, 192) of the crops that lie mostly within `spans`; if none does, of those that do most.

    None of crops that only touch the spans: those may be somebody else's speech.
    """
    share = [shared([crop.span], spans) / config.crop for crop in crops]
    least = min(config.within, max(share, default=0.0))
    least = max(least, config.partly * min(1.0, sum(span.duration for span in spans) / config.crop))
    return np.array([c.voice for c, s in zip(crops, share, strict=True) if s >= least > 0]).reshape(-1, NUMBERS)
