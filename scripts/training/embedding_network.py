"""The network CAM++ in torch: filterbanks of a piece of speech to the 192 numbers of its voice.

Written from Wang, Zheng, Chen, Cheng & Chen 2023, "CAM++: a fast and efficient network for speaker verification using
context-aware masking". Parameters have the names of the published state dict.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional

BANDS = 80
VOICE = 192  # numbers
WIDTH = 32  # channels of the two-dimensional front, and those that each dense layer adds
BOTTLENECK = 128
BLOCKS = ((12, 1), (24, 2), (16, 2))  # dense layers and their dilation
SEGMENT = 100  # frames that share one local mean


class EmbeddingNetwork(nn.Module):
    """(n, frames, BANDS) float32, each band with mean 0, to (n, VOICE), not of unit length."""

    def __init__(self, state: Mapping[str, Tensor]) -> None:
        super().__init__()
        self.head = Front()
        self.xvector = Body()
        self.load_state_dict(dict(state))
        self.eval()

    def forward(self, bands: Tensor) -> Tensor:
        return self.xvector(self.head(bands.transpose(1, 2)[:, None]))


class Front(nn.Module):
    """(n, 1, BANDS, frames) to (n, WIDTH * BANDS / 8, frames): residual convolutions, thrice halving the bands."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1, self.bn1 = convolution2d(1), nn.BatchNorm2d(WIDTH)
        self.layer1 = nn.Sequential(Residual(2), Residual(1))
        self.layer2 = nn.Sequential(Residual(2), Residual(1))
        self.conv2, self.bn2 = convolution2d(WIDTH, stride=2), nn.BatchNorm2d(WIDTH)

    def forward(self, x: Tensor) -> Tensor:
        x = self.layer2(self.layer1(functional.relu(self.bn1(self.conv1(x)))))
        return functional.relu(self.bn2(self.conv2(x))).flatten(1, 2)


class Residual(nn.Module):
    def __init__(self, stride: int) -> None:
        super().__init__()
        self.conv1, self.bn1 = convolution2d(WIDTH, stride), nn.BatchNorm2d(WIDTH)
        self.conv2, self.bn2 = convolution2d(WIDTH), nn.BatchNorm2d(WIDTH)
        self.shortcut = nn.Sequential()
        if stride > 1:
            self.shortcut.extend([convolution2d(WIDTH, stride, kernel=1), nn.BatchNorm2d(WIDTH)])

    def forward(self, x: Tensor) -> Tensor:
        inner = functional.relu(self.bn1(self.conv1(x)))
        return functional.relu(self.bn2(self.conv2(inner)) + self.shortcut(x))


def convolution2d(channels: int, stride: int = 1, kernel: int = 3) -> nn.Conv2d:
    """To WIDTH channels; the stride is along the bands only."""
    return nn.Conv2d(channels, WIDTH, kernel, (stride, 1), kernel // 2, bias=False)


class Body(nn.Module):
    """(n, WIDTH * BANDS / 8, frames) to (n, VOICE): dense blocks over half as many frames, then mean and deviation."""

    def __init__(self) -> None:
        super().__init__()
        self.tdnn = Linear(WIDTH * BANDS // 8, BOTTLENECK, normed=BOTTLENECK, kernel=5, stride=2)
        channels = BOTTLENECK
        for number, (layers, dilation) in enumerate(BLOCKS, 1):
            self.add_module(f"block{number}", DenseBlock(layers, channels, dilation))
            channels += layers * WIDTH
            self.add_module(f"transit{number}", Linear(channels, channels // 2, normed=channels))
            channels //= 2
        self.out_nonlinear = norm(channels)
        self.dense = Linear(2 * channels, VOICE, normed=VOICE, affine=False)

    def forward(self, x: Tensor) -> Tensor:
        x = functional.relu(self.tdnn.nonlinear(self.tdnn.linear(x)))
        for number in range(1, len(BLOCKS) + 1):
            transit = self.get_submodule(f"transit{number}")
            x = transit.linear(functional.relu(transit.nonlinear(self.get_submodule(f"block{number}")(x))))
        x = functional.relu(self.out_nonlinear(x))
        mean = x.mean(dim=2, keepdim=True)
        deviation = (((x - mean) ** 2).sum(dim=2, keepdim=True) / (x.shape[2] - 1)).sqrt()
        # the last norm is followed by no rectifier
        return self.dense.nonlinear(self.dense.linear(torch.cat([mean, deviation], dim=1)))[..., 0]


class Linear(nn.Module):
    """A convolution without bias over frames, and a norm over `normed` channels before or after it."""

    def __init__(
        self, channels: int, out: int, *, normed: int, kernel: int = 1, stride: int = 1, affine: bool = True
    ) -> None:
        super().__init__()
        self.linear = nn.Conv1d(channels, out, kernel, stride, kernel // 2, bias=False)
        self.nonlinear = norm(normed, affine)


class DenseBlock(nn.Module):
    """Each layer sees the output of all layers before it, and adds WIDTH channels."""

    def __init__(self, layers: int, channels: int, dilation: int) -> None:
        super().__init__()
        for number in range(layers):
            self.add_module(f"tdnnd{number + 1}", DenseLayer(channels + number * WIDTH, dilation))

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.children():
            x = torch.cat([x, layer(x)], dim=1)
        return x


class DenseLayer(nn.Module):
    def __init__(self, channels: int, dilation: int) -> None:
        super().__init__()
        self.nonlinear1 = norm(channels)
        self.linear1 = nn.Conv1d(channels, BOTTLENECK, 1, bias=False)
        self.nonlinear2 = norm(BOTTLENECK)
        self.cam_layer = ContextMask(dilation)

    def forward(self, x: Tensor) -> Tensor:
        x = self.linear1(functional.relu(self.nonlinear1(x)))
        return self.cam_layer(functional.relu(self.nonlinear2(x)))


class ContextMask(nn.Module):
    """A convolution whose channels are weighted by the mean of the whole piece and of the frame's segment."""

    def __init__(self, dilation: int) -> None:
        super().__init__()
        self.linear_local = nn.Conv1d(BOTTLENECK, WIDTH, 3, padding=dilation, dilation=dilation, bias=False)
        self.linear1 = nn.Conv1d(BOTTLENECK, BOTTLENECK // 2, 1)
        self.linear2 = nn.Conv1d(BOTTLENECK // 2, WIDTH, 1)

    def forward(self, x: Tensor) -> Tensor:
        context = x.mean(dim=2, keepdim=True) + segment_means(x)
        return self.linear_local(x) * torch.sigmoid(self.linear2(functional.relu(self.linear1(context))))


def segment_means(x: Tensor) -> Tensor:
    """The mean of x (n, channels, frames) over the SEGMENT frames around each frame; the last segment may be shorter.

    By sum and count: an average pool that rounds up is computed differently by onnxruntime.
    """
    frames = x.shape[2]
    segments = (frames + SEGMENT - 1) // SEGMENT

    def sums(values: Tensor) -> Tensor:
        filled = functional.pad(values, (0, SEGMENT - 1))[:, :, : segments * SEGMENT]
        return filled.reshape(values.shape[0], values.shape[1], segments, SEGMENT).sum(dim=3)

    means = sums(x) / sums(torch.ones_like(x[:1, :1]))
    spread = means[..., None].expand(-1, -1, -1, SEGMENT)
    return spread.reshape(x.shape[0], x.shape[1], segments * SEGMENT)[:, :, :frames]


def norm(channels: int, affine: bool = True) -> nn.Sequential:
    named = nn.Sequential()
    named.add_module("batchnorm", nn.BatchNorm1d(channels, affine=affine))
    return named
