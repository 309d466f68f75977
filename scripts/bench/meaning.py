"""Measures depth and response classification on held-out conversations.

    scripts/bench/run meaning DATA             DATA: the folder with depth_train.jsonl and responses_train.jsonl
    scripts/bench/run meaning DATA --spoken    also some of it synthesised by flite and recognised by Moonshine
    scripts/bench/run meaning DATA --only responses
    scripts/bench/run meaning DATA --json      one JSON object

Everything is cross-validated by conversation. The text variants are: as typed, bare (lower case, no punctuation), and
with a tenth or a fifth of the words wrong. The baselines are logistic regressions on TF-IDF of words and letters, on
the same text and folds. Nothing is asserted.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits

from scripts.bench.judging import Speak, judged_depth, judged_responses
from scripts.bench.machine import machine
from scripts.bench.results.depth import depth_tables
from scripts.bench.results.responses import response_tables
from scripts.bench.results.tables import machine_lines

Tables = tuple[list[str], dict[str, Any]]


def depth(data: Path, speak: Speak | None) -> Tables:
    return depth_tables(judged_depth(data, speak, say))


def responses(data: Path, speak: Speak | None) -> Tables:
    return response_tables(judged_responses(data, speak, say))


PARTS: dict[str, Callable[[Path, Speak | None], Tables]] = {"depth": depth, "responses": responses}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--spoken", action="store_true")
    parser.add_argument("--only", choices=list(PARTS))
    options = parser.parse_args()
    speak = None
    if options.spoken:
        from scripts.simulate.recognised import heard

        speak = heard
    where = machine()
    if not options.json:
        print(machine_lines(where))
    every: dict[str, Any] = {}
    with threadpool_limits(1):
        for part, tables_of in PARTS.items():
            if options.only not in (None, part):
                continue
            tables, figures = tables_of(options.data, speak)
            every |= figures
            if not options.json:
                print("\n".join(tables), flush=True)
    if options.json:
        print(json.dumps({"bench": "meaning", "machine": where, **every}))


def say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
