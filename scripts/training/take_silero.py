"""Extracts Silero's voice activity model from the package that publishes it as ONNX.

    scripts/training/run take_silero                  from pip's configured package index
    scripts/training/run take_silero --wheel FILE     from a local wheel

Needed only to change the model; the output is in coach/vad/weights. The wheel is pinned by version and hash, so the
result is always the same file. It is copied unchanged and compared with the original: both give the same probabilities,
bit for bit, for random windows and for the sample conversation.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import soundfile as sf

from coach.core.resources import asset, packaged
from scripts.training.wheels import Wheel, sha256

WHEEL = Wheel("faster-whisper==1.2.1", "79a66ad50688c0b794dd501dc340a736992a6342f7f95e5811be60b5224a26a7")
FILE = "faster_whisper/assets/silero_vad_v6.onnx"  # path in the wheel, which is pinned by its hash
WEIGHTS = Path(__file__).resolve().parents[2] / "coach" / "vad" / "weights"
COPY = "silero_vad.onnx"
FED = 512 + 64  # samples: a window, and context from the previous one
MEMORY = 128  # size of each of the model's two state vectors
WINDOWS = 500  # number of random windows


def main() -> None:
    (original,) = WHEEL.asked_for([FILE], __doc__.partition("\n")[0])
    (WEIGHTS / COPY).write_bytes(original)
    copy = packaged("coach.vad", "weights", COPY)
    for kind, windows in {"random": random_windows(), "sample": sample_windows()}.items():
        if not np.array_equal(probabilities(original, windows), probabilities(copy, windows)):
            sys.exit(f"the copy and the original differ on {len(windows)} windows: {kind}")
        print(f"{kind}: the same on {len(windows)} windows", file=sys.stderr)
    print(f"{COPY}: {len(copy)} bytes, SHA-256 {sha256(copy)}; NOTICE names it", file=sys.stderr)


def random_windows() -> np.ndarray:
    """Noise at many levels, (WINDOWS, FED) float32."""
    rng = np.random.default_rng(6)
    levels = 10 ** rng.uniform(-4, 0, (WINDOWS, 1))
    return np.asarray(np.clip(rng.normal(size=(WINDOWS, FED)) * levels, -1, 1), np.float32)


def sample_windows() -> np.ndarray:
    """The sample conversation, cut into (n, FED) float32."""
    sound = sf.read(asset("sample.flac"), dtype="float32")[0]
    return np.asarray(sound[: len(sound) // FED * FED].reshape(-1, FED))


def probabilities(model: bytes, windows: np.ndarray) -> Any:
    """The probabilities of consecutive windows, starting from a zero state."""
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    memory = np.zeros((1, 1, MEMORY), np.float32)
    return session.run(None, {"input": windows, "h": memory, "c": memory})[0]


if __name__ == "__main__":
    main()
