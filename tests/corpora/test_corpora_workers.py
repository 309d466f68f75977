"""How many threads an analysis uses: two when one file is analysed at a time, one when several are."""

from __future__ import annotations

from pathlib import Path
from threading import get_ident
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest

from coach.core.errors import BadInput
from coach.core.networks import batches
from coach.core.settings import Settings
from coach.corpora import Outcome, Request, Task, Where, named
from coach.corpora.analysed import analysed
from coach.corpora.workers import worked
from coach.runtime import Who
from coach.vad import SILERO

ROWS = np.zeros((8, 1), np.float32)
UNLIKE = Settings(pause=3.21)  # those of no other test: a recogniser is kept for the settings that it was chosen by
REQUEST = Request(Who(), UNLIKE, words=False, tiers=(), detector=SILERO)


def counted(request: Request, task: Task, *places: Any, **names: Any) -> Outcome:
    """`analysed` on two cores, whose failure tells how many threads its networks and its recogniser would use."""
    told: dict[str, object] = {}

    def choose(settings: Settings, *, threads: int) -> tuple[None, str]:
        told["recogniser"] = threads
        return None, ""

    def analyse(*_: Any, **__: Any) -> None:
        seen: set[int] = set()

        def noting(rows: np.ndarray) -> np.ndarray:
            seen.add(get_ident())
            return rows

        batches(noting, ROWS, 2)
        told["networks"] = "the analysis's own thread" if seen == {get_ident()} else "others"
        raise BadInput(f"{told}")

    here = "coach.corpora.analysed."
    with patch("os.cpu_count", lambda: 2), patch(f"{here}choose_for", choose), patch(f"{here}analyse", analyse):
        return analysed(request, task, *places, **names)


@pytest.mark.parametrize(
    ("jobs", "told"),
    [
        (1, {"recogniser": 2, "networks": "others"}),
        (2, {"recogniser": 1, "networks": "the analysis's own thread"}),
    ],
)
def test_one_file_at_a_time_uses_two_threads_and_each_of_several_one(
    jobs: int, told: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coach.corpora.workers.analysed", counted)
    (outcome,) = worked(iter([Task(1, named(Path("talk.wav")))]), REQUEST, Where(jobs))
    assert [failure.says for failure in outcome.failures] == [f"{told}"]
