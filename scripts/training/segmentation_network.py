"""The network segmentation-3.0 in torch: 16 kHz sound to seven classes for each frame of 16.9 ms.

Written from the papers: Bredin & Laurent 2021 (end-to-end segmentation), Plaquet & Bredin 2023 (the seven classes),
Ravanelli & Bengio 2018 (the learnt band-pass filters, "SincNet"). Parameters have the names of the published state
dict, except for those of the filters, which are computed from their band edges once.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional

LOWEST_HZ, NARROWEST_HZ, NYQUIST_HZ = 50.0, 50.0, 8000.0  # of the filters, as trained
STRIDE = 10  # samples
FILTERS, CHANNELS = 80, 60
HIDDEN, LAYERS = 128, 4
CLASSES = 7
_FRONT = "sincnet."
_FILTERBANK = f"{_FRONT}conv1d.0.filterbank."


class SegmentationNetwork(nn.Module):
    """(n, samples) float32 to log probabilities (n, frames, CLASSES)."""

    def __init__(self, state: Mapping[str, Tensor]) -> None:
        super().__init__()
        self.wav_norm1d = nn.InstanceNorm1d(1, affine=True)
        self.filters: Tensor
        self.register_buffer("filters", band_passes(*(state[_FILTERBANK + name] for name in _FILTER_PARAMETERS)))
        # the filters stand where the state dict counts convolution 0
        self.conv1d = nn.ModuleList([nn.Identity(), nn.Conv1d(FILTERS, CHANNELS, 5), nn.Conv1d(CHANNELS, CHANNELS, 5)])
        self.norm1d = nn.ModuleList(nn.InstanceNorm1d(n, affine=True) for n in (FILTERS, CHANNELS, CHANNELS))
        self.lstm = nn.LSTM(CHANNELS, HIDDEN, LAYERS, bidirectional=True, batch_first=True)
        self.linear = nn.ModuleList([nn.Linear(2 * HIDDEN, HIDDEN), nn.Linear(HIDDEN, HIDDEN)])
        self.classifier = nn.Linear(HIDDEN, CLASSES)
        named = {name.removeprefix(_FRONT): x for name, x in state.items() if not name.startswith(_FILTERBANK)}
        self.load_state_dict({**named, "filters": self.filters})
        self.eval()

    def forward(self, sound: Tensor) -> Tensor:
        x = functional.conv1d(self.wav_norm1d(sound[:, None]), self.filters, stride=STRIDE).abs()
        for convolution, norm in zip(self.conv1d, self.norm1d, strict=True):
            x = functional.leaky_relu(norm(functional.max_pool1d(convolution(x), 3)))
        x = self.lstm(x.transpose(1, 2))[0]
        for layer in self.linear:
            x = functional.leaky_relu(layer(x))
        return functional.log_softmax(self.classifier(x), dim=-1)


_FILTER_PARAMETERS = ("low_hz_", "band_hz_", "window_", "n_")


def band_passes(low_hz: Tensor, band_hz: Tensor, window: Tensor, angles: Tensor) -> Tensor:
    """The impulse responses (FILTERS, 1, 251): half of them even (cosine) and half odd (sine).

    `low_hz` and `band_hz` (FILTERS / 2, 1) are the learnt edges; `window` (125,) is the left half of a Hamming window,
    and `angles` (1, 125) is 2 pi times the seconds before the centre.
    """
    low = LOWEST_HZ + low_hz.abs()
    high = (low + NARROWEST_HZ + band_hz.abs()).clamp(LOWEST_HZ, NYQUIST_HZ)
    width = high - low
    from_low, to_high, weight = low @ angles, high @ angles, window / (angles / 2)
    even = (to_high.sin() - from_low.sin()) * weight
    odd = (from_low.cos() - to_high.cos()) * weight
    cosine = torch.cat([even, 2 * width, even.flip(1)], dim=1)
    sine = torch.cat([odd, torch.zeros_like(width), -odd.flip(1)], dim=1)
    return torch.cat([cosine / (2 * width), sine / (2 * width)])[:, None]
