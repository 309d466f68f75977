"""Makes the shipped encoder from the public model.

    scripts/training/run make_encoder MODEL DATA

MODEL is a folder with model.safetensors and tokenizer.json of all-MiniLM-L6-v2 (Apache-2.0); DATA the folder with
depth_train.jsonl. Needed only to change the encoder; the output is in coach/meaning/weights/en.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from scripts.paths import MEANING
from scripts.training.corpus import read_talk
from scripts.training.encoder import cut_encoder
from scripts.training.weights import write

MEASURED = 1_500  # stretches used to rank the inner units


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("data", type=Path)
    options = parser.parse_args()
    texts = [stretch.text for stretch in read_talk(options.data / "depth_train.jsonl") if stretch.level]
    every = max(1, len(texts) // MEASURED)
    listed, table = cut_encoder(options.model, texts, texts[::every])
    (MEANING / "pieces.txt").write_text("\n".join(listed) + "\n", encoding="utf-8")
    write(MEANING / "encoder.npz", table)
    print(f"{len(listed)} pieces, {(MEANING / 'encoder.npz').stat().st_size / 1e6:.2f} MB", file=sys.stderr)


if __name__ == "__main__":
    main()
