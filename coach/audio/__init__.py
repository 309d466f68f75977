"""Audio input and output: microphones, recordings, the player, and the removal of the coach's own echo.

Part of the shell: devices, files, threads and the machine's clock are used here, not in the core. Sound from any source
leaves this package as `Block`s of 16 kHz float32 on one sample clock, with events in between (see `source`).
"""

from coach.audio.aec import EchoCanceller
from coach.audio.devices import Device, Kind, portaudio
from coach.audio.microphone import Microphone
from coach.audio.native_stderr import silence_native_stderr
from coach.audio.playback_queue import Played, drain
from coach.audio.player import NoPlayer, Player, Speaker, play_to_end
from coach.audio.recording import Recording
from coach.audio.residual_echo_gate import ResidualEchoGate
from coach.audio.source import Block, Clock, Samples, Source, Waiting, hops, paced
from coach.audio.together import Placed, TogetherRecordings, Track, same_file_twice

__all__ = [
    "Block",
    "Clock",
    "Device",
    "EchoCanceller",
    "Kind",
    "Microphone",
    "NoPlayer",
    "Placed",
    "Played",
    "Player",
    "Recording",
    "ResidualEchoGate",
    "Samples",
    "Source",
    "Speaker",
    "TogetherRecordings",
    "Track",
    "Waiting",
    "drain",
    "hops",
    "paced",
    "play_to_end",
    "portaudio",
    "same_file_twice",
    "silence_native_stderr",
]
