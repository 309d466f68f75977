"""A voice-guided listening coach: it hears who speaks and how long the silences are, and now and then gives a cue."""

import os

__version__ = "0.1.0"

# Conversations are private, and so is the use of the coach. By default, onnxruntime (from 1.29 on, also on Linux) and
# the model hub's client report usage to their makers. Both read these variables when they are imported.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
