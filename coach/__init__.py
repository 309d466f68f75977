"""A voice-guided listening coach: it hears who speaks and how long the silences are, and now and then gives a cue."""

import os

__version__ = "0.1.0"

# What is said at the table is nobody else's business, and neither is that the coach is used: onnxruntime (from 1.29 on,
# also on Linux) and the model hub's client would otherwise report to their makers. Both look when they are imported.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
