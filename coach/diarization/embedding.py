"""Whose voice: CAM++ (Wang et al. 2023), a stretch of speech as a point on a sphere, near others of the same voice.

The network takes 80 Kaldi filterbanks, 25 ms every 10 ms, without their mean over the stretch, which is mostly that of
the microphone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import kaldi_native_fbank as knf
import numpy as np
from numpy.typing import NDArray

from coach.core.networks import batches, load_network, once
from coach.core.span import MILLISECOND, RATE

if TYPE_CHECKING:
    from onnxruntime import InferenceSession


@dataclass(frozen=True, slots=True)
class EmbeddingConfig:
    """The filterbanks on which the network was trained, and what is fed to it. Lengths are samples at 16 kHz."""

    bands: int = 80  # mel filters, from `lowest_hz` to `highest_hz`
    lowest_hz: float = 20.0
    highest_hz: float = 8000.0
    frame: int = 25 * MILLISECOND  # what a filterbank frame sees of the sound
    step: int = 10 * MILLISECOND  # from frame to frame
    numbers: int = 192  # of a voice
    shortest: int = RATE // 2  # of a crop; less does not tell voices apart
    at_once: int = 4  # crops in one batch; more only take more memory


DEFAULT_EMBEDDING = EmbeddingConfig()


class Embedding:
    """The network. Stateless: a crop's result does not depend on other crops. All instances share one session."""

    def __init__(self, config: EmbeddingConfig = DEFAULT_EMBEDDING) -> None:
        self.config = config

    def voices(self, crops: NDArray[np.float32]) -> NDArray[np.float32]:
        """The voice in each crop, of unit length: (n, samples) to (n, 192). Their product is the cosine.

        `crops` is at 16 kHz, full scale 1.0; all crops have one length, 0.5 s or more (tried up to 10 s). Raises
        ValueError for any other shape or length.
        """
        config = self.config
        if crops.ndim != 2 or crops.shape[1] < config.shortest:
            raise ValueError(
                f"the embedding takes crops of one length, (n, {config.shortest} samples or more), "
                f"not an array of shape {crops.shape}"
            )
        return self._voices(filterbanks(crops, config))

    def voices_from(self, sound: NDArray[np.float32], starts: Sequence[int], length: int) -> NDArray[np.float32]:
        """As `voices` of the crops of `length` samples from samples `starts` on in `sound` (n,), for less.

        What several crops hear is computed once, if they lie whole steps of the filterbanks apart. Each crop must lie
        within the sound.
        """
        config = self.config
        first = min(starts, default=0)
        if any((start - first) % config.step for start in starts):
            return self.voices(np.stack([sound[start : start + length] for start in starts]))
        frames = (length - config.frame) // config.step + 1
        wanted = np.array([(start - first) // config.step + np.arange(frames) for start in starts], int)
        bands = np.empty((wanted.max(initial=-1) + 1, config.bands), np.float32)
        for start, end in _stretches(wanted):
            part = sound[first + start * config.step : first + (end - 1) * config.step + config.frame]
            bands[start:end] = _log_mel(part, config)
        crops = bands[wanted]
        return self._voices(crops - crops.mean(axis=1, keepdims=True))

    def _voices(self, bands: NDArray[np.float32]) -> NDArray[np.float32]:
        """The voice of each crop by its filterbanks, (n, frames, bands)."""
        none = np.empty((0, self.config.numbers), np.float32)
        out = np.concatenate([none, *batches(_run, bands, self.config.at_once)])
        return np.asarray(out / np.linalg.norm(out, axis=1, keepdims=True))


def _stretches(frames: NDArray[np.int64]) -> list[tuple[int, int]]:
    """The stretches without a gap of all these numbers: the first of each, and the one after its last."""
    ordered = np.unique(frames)
    breaks = np.flatnonzero(np.diff(ordered) > 1)
    firsts = ordered[np.concatenate([[0], breaks + 1])] if len(ordered) else ordered
    lasts = ordered[np.concatenate([breaks, [len(ordered) - 1]])] if len(ordered) else ordered
    return list(zip(firsts.tolist(), (lasts + 1).tolist(), strict=True))


def filterbanks(crops: NDArray[np.float32], config: EmbeddingConfig = DEFAULT_EMBEDDING) -> NDArray[np.float32]:
    """Log mel energies of each crop, without their mean over the crop: (n, samples) to (n, frames, bands).

    No frame reaches beyond the end of its crop. Energies below 1.19e-7, float32's epsilon, count as that.
    """
    frames = (crops.shape[1] - config.frame) // config.step + 1
    out = np.empty((len(crops), frames, config.bands), np.float32)
    for number, crop in enumerate(crops):
        out[number] = _log_mel(crop, config)
    return np.asarray(out - out.mean(axis=1, keepdims=True))


def _log_mel(sound: NDArray[np.float32], config: EmbeddingConfig) -> NDArray[np.float32]:
    """The log mel energies of each frame of `sound` (n,): (frames, bands). No frame knows of another."""
    options = knf.FbankOptions()
    options.frame_opts.samp_freq = RATE
    options.frame_opts.frame_length_ms = config.frame / MILLISECOND
    options.frame_opts.frame_shift_ms = config.step / MILLISECOND
    options.frame_opts.dither = 0.0  # dither is random, but the same sound must give the same voice
    options.frame_opts.window_type = "povey"
    options.frame_opts.snip_edges = True
    options.mel_opts.num_bins = config.bands
    options.mel_opts.low_freq = config.lowest_hz
    options.mel_opts.high_freq = config.highest_hz
    bank = knf.OnlineFbank(options)
    bank.accept_waveform(RATE, np.asarray(sound, np.float32))
    return np.array([bank.get_frame(frame) for frame in range(bank.num_frames_ready)], np.float32)


def _run(bands: NDArray[np.float32]) -> NDArray[np.float32]:
    (out,) = _session().run(None, {"bands": bands})
    return np.asarray(out)


@once
def _session() -> InferenceSession:
    return load_network("coach.diarization", "weights", "embedding.onnx")
