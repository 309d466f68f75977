"""Conversation tests share `plain_statistics`: the definitions once more, read word by word."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent))
