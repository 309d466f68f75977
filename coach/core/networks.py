"""Neural networks that ship with the coach, run by onnxruntime on one thread.

One thread: a second one mostly waits for the first, and the recogniser needs the other core.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from coach.core.resources import packaged

if TYPE_CHECKING:
    from onnxruntime import InferenceSession


def load_network(package: str, *path: str) -> InferenceSession:
    """The network in the ONNX file at `path` inside `package`. Raises Missing, as `packaged` does."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.inter_op_num_threads = 1
    options.intra_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # an arena keeps the most it ever took, and saves no time here
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(packaged(package, *path), options, providers=["CPUExecutionProvider"])
