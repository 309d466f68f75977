"""Paths in the checkout."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ASSETS = ROOT / "audio_assets"
DIARIZATION = ROOT / "coach" / "diarization" / "weights"
VAD = ROOT / "coach" / "vad"
MEANING = ROOT / "coach" / "meaning" / "weights" / "en"
