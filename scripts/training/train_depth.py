"""Trains and evaluates the weights of depth and responses.

    scripts/training/run train_depth DATA             writes coach/meaning/weights/en/depth.npz and responses.npz
    scripts/training/run train_depth DATA --check     writes nothing; exits with 1 if the shipped weights differ

Processors round differently, so weights may differ as far as float32 leaves them open (`lesson.OPTIMUM`).
DATA is the folder with depth_train.jsonl and responses_train.jsonl; the examples are beside this file.
Prints the figures, cross-validated by conversation.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from threadpoolctl import threadpool_limits

from scripts.paths import MEANING
from scripts.training.lesson import learn, learn_responses


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    with threadpool_limits(1):
        differs = learn(options.data, MEANING / "depth.npz", check=options.check)
        differs |= learn_responses(options.data, MEANING / "responses.npz", check=options.check)
    sys.exit(differs)


if __name__ == "__main__":
    main()
