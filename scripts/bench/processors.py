"""Runs the tests that compare floats as on other processors.

    scripts/bench/run processors [PYTEST OPTIONS]

The last bits of a float depend on the processor. OpenBLAS sums matrix products in an order that depends on the
processor and the number of threads; numpy and the C library have special loops for wide registers; onnxruntime and
kaldi's filter bank choose their own kernels. Each row runs `NUMERIC` in a separate process:

    Nehalem, Sandybridge, Haswell, SkylakeX     OpenBLAS as on that processor, with one thread and with two
    no wide registers                           numpy, the C library, OpenBLAS and others as on the oldest processor
    rounded                                     outputs of onnxruntime, the filter bank and the encoder are rounded far
                                                above their last bits: a decision that changes was at its threshold

A row fails if a test fails, or if OpenBLAS or numpy does not report the requested processor.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from scripts.bench.machine import machine
from scripts.bench.results.tables import machine_lines

ROOT = Path(__file__).resolve().parents[2]
# Where arrays of floats are computed and then compared. Python's own floats are the same everywhere.
NUMERIC = (
    "tests/meaning",
    "tests/vad",
    "tests/diarization",
    "tests/audio/test_audio_aec.py",
    "tests/audio/test_audio_alignment.py",
    "tests/audio/test_audio_echo_path.py",
    "tests/audio/test_audio_resample.py",
    "tests/audio/test_audio_residual_echo_gate.py",
    "tests/audio/test_audio_together.py",
    "tests/audio/test_audio_tonality.py",
    "tests/asr/test_asr_backlog.py",
    "tests/asr/test_asr_hallucination_filter.py",
    "tests/asr/test_asr_moonshine.py",
    "tests/asr/test_asr_whisper.py",
    "tests/coaching/test_coaching_tones.py",
    "tests/cues/test_cues_loudness.py",
    "tests/cues/test_cues_sounds.py",
    "tests/test_sample_truth.py",
    "tests/runtime/test_runtime_check_in.py",
    "tests/runtime/test_runtime_echo.py",
    "tests/runtime/test_runtime_loudness.py",
    "tests/runtime/test_runtime_offline.py",
    "tests/runtime/test_runtime_sample.py",
)
CORES = ("Nehalem", "Sandybridge", "Haswell")  # OpenBLAS's names, oldest first; any current x86-64 can emulate them all
WIDE = "SkylakeX"  # needs AVX-512
THREADS = (1, 2)
# Rounding: at least a hundred times float32's last bit at the largest value, far above any processor's rounding error,
# and a hundred times finer than the precision of any threshold.
PROBABILITY = 4  # decimals; values in 0..1, last bit 6e-8
VECTOR = 4  # decimals; the encoder's numbers are about 1, last bit 6e-8, after sums of up to 1,024
ENERGY = 3  # decimals; log energies up to 25, last bit 2e-6


@dataclass(frozen=True)
class Processor:
    """One row: environment variables that select a processor, and what the libraries must then report."""

    name: str
    core: str
    threads: int
    variables: dict[str, str] = field(default_factory=dict)
    narrow: bool = False  # numpy must not use optional processor features
    rounded: bool = False

    def environment(self) -> dict[str, str]:
        threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), str(self.threads))
        return {**os.environ, **threads, "OPENBLAS_CORETYPE": self.core, **self.variables}


@dataclass
class Outcome:
    """The result of a row. `wrong` lists failed tests, or libraries that ignored the requested processor."""

    passed: int = 0
    skipped: int = 0
    wrong: list[str] = field(default_factory=list)


def processors() -> list[Processor]:
    """The rows that this processor can emulate."""
    cores = (*CORES, WIDE) if "avx512f" in Path("/proc/cpuinfo").read_text(encoding="ascii") else CORES
    narrow = {
        "NPY_DISABLE_CPU_FEATURES": " ".join(sorted(loops("available"))),
        "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4,-AVX512F,-AVX512VL,-AVX512DQ",
        "CT2_FORCE_CPU_ISA": "GENERIC",
        "SOXR_USE_SIMD": "0",
    }
    return [
        *(Processor(core, core, threads) for core in cores for threads in THREADS),
        Processor("no wide registers", CORES[0], 1, narrow, narrow=True),
        Processor("rounded", CORES[-1], 1, rounded=True),
    ]


def loops(which: Literal["available", "current"]) -> set[str]:
    """Optional processor features for which numpy has loops, or those it uses; without the baseline."""
    from numpy.lib import introspect

    kinds = (kind for function in introspect.opt_func_info().values() for kind in function.values())
    return {name for kind in kinds for name in kind[which].split() if not name.startswith("baseline")}


def unlike(processor: Processor) -> list[str]:
    """How this process differs from `processor`. Loads the libraries."""
    import scipy.linalg  # noqa: F401  # with an OpenBLAS of its own
    import threadpoolctl

    found = [each for each in threadpoolctl.threadpool_info() if each["internal_api"] == "openblas"]
    told = [] if len(found) > 1 else ["numpy and scipy do not have an OpenBLAS each"]
    for each in found:
        name = Path(each["filepath"]).parent.name
        if each["architecture"] != processor.core:
            told.append(f"{name}: OpenBLAS takes this for {each['architecture']}, not {processor.core}")
        if each["num_threads"] != processor.threads:
            told.append(f"{name}: OpenBLAS has {each['num_threads']} threads, not {processor.threads}")
    return told + [f"numpy uses {name}" for name in loops("current") if processor.narrow]


def coarsen() -> None:
    """Makes this process round the outputs of onnxruntime, kaldi's filter bank and the encoder."""
    import numpy as np

    from coach.meaning.encoder import Encoder
    from coach.vad.frames import Bands
    from coach.vad.silero import Silero

    def rounding(owner: type, name: str, shape: Callable[[Any], Any]) -> None:
        exact = getattr(owner, name)

        @functools.wraps(exact)
        def rounded(*args: Any) -> Any:
            return shape(exact(*args))

        setattr(owner, name, rounded)

    rounding(Silero, "windows", lambda said: [round(p, PROBABILITY) for p in said])
    # the filter bank returns float32 values as float64, and a tape stores float32
    rounding(Bands, "hops", lambda found: [np.round(rows, ENERGY).astype(np.float32).astype(float) for rows in found])
    rounding(Encoder, "encode", lambda vectors: np.round(vectors, VECTOR))


class Counter:
    """A pytest plugin that records the outcome."""

    def __init__(self) -> None:
        self.outcome = Outcome()

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed:
            self.outcome.wrong.append(report.nodeid)
        elif report.skipped:
            self.outcome.skipped += 1
        elif report.when == "call":
            self.outcome.passed += 1


def child(processor: Processor, to: Path, options: list[str]) -> None:
    """Runs one row in this process and writes the outcome to the file `to`."""
    import pytest

    counter = Counter()
    counter.outcome.wrong += unlike(processor)
    if not counter.outcome.wrong:
        if processor.rounded:
            coarsen()
        status = pytest.main(["-p", "no:cacheprovider", *options], plugins=[counter])
        if status != pytest.ExitCode.OK and not counter.outcome.wrong:
            counter.outcome.wrong.append(f"pytest ended with {status!r}")
    to.write_text(json.dumps(asdict(counter.outcome)), encoding="utf-8")


def run(processor: Processor, options: list[str]) -> Outcome:
    """Runs one row in a separate process; pytest's output goes to stderr."""
    with TemporaryDirectory() as folder:
        to = Path(folder) / "outcome.json"
        command = [sys.executable, "-m", "scripts.bench.processors", "--child", json.dumps(asdict(processor)), str(to)]
        ran = subprocess.run(
            [*command, *options], env=processor.environment(), cwd=ROOT, stdout=sys.stderr, check=False
        )
        if not to.exists():
            return Outcome(wrong=[f"the process ended with status {ran.returncode}"])
        return Outcome(**json.loads(to.read_text(encoding="utf-8")))


def main() -> None:
    if sys.argv[1:2] == ["--child"]:
        child(Processor(**json.loads(sys.argv[2])), Path(sys.argv[3]), sys.argv[4:])
        return
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0], allow_abbrev=False)
    parser.add_argument("--only", metavar="ROW", action="append", help="this row; may be repeated")
    known, options = parser.parse_known_args()
    rows = [processor for processor in processors() if not known.only or processor.name in known.only]
    if not any(Path(option.partition("::")[0]).exists() for option in options):
        options = [*options, *NUMERIC]
    print(machine_lines(machine()))
    print(f"{'processor':20}threads  passed  skipped  failed  minutes", flush=True)
    wrong = 0
    for processor in rows:
        begun = time.monotonic()
        outcome = run(processor, options)
        minutes = (time.monotonic() - begun) / 60
        counts = f"{outcome.passed:6}{outcome.skipped:9}{len(outcome.wrong):8}{minutes:9.1f}"
        print(f"{processor.name:20}{processor.threads:7}  {counts}", flush=True)
        for each in outcome.wrong:
            print(f"    {each}", flush=True)
        wrong += len(outcome.wrong)
    sys.exit(1 if wrong or not rows else 0)


if __name__ == "__main__":
    main()
