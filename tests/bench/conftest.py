"""The benches' own modules lie beside the scripts that use them."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "scripts" / "bench"))
