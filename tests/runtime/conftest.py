"""Loop tests share `staged`: a source that does what a test tells it, a clock that moves at once, prepared words."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent))
