"""A Whisper model of one or two megabytes, built for the test, that returns one sentence for any sound.

Its shape, files and tokens are those of a real model in CTranslate2's format, so that loading and decoding are the real
ones. Its weights are made up: every layer adds nothing, and the decoder's position encodings point, one position after
the other, at the tokens of the sentence. A model that is not `sure` points so faintly that it doubts each word.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from ctranslate2.specs import WhisperSpec
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

WIDTH = 64
MELS = 80
SOUND_POSITIONS = 1500
TEXT_POSITIONS = 448
TIMESTAMPS = 1501
LANGUAGES = ("en", "de", "fr")
EMPTY = "<empty>"  # CTranslate2 recognises multilingual models by this token


def build(folder: Path, says: str, *, sure: bool = True, multilingual: bool = False) -> Path:
    """Write the model into `folder` and return it. `says` is said with a capital-free, blank-separated tokenizer."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = _tokenizer(says, multilingual)
    vocabulary = [
        "" if token == EMPTY else token for token, _ in sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])
    ]
    sentence = [*tokenizer.encode(" " + says).ids, tokenizer.token_to_id("<|endoftext|>")]
    prompt = 4 if multilingual else 2  # start (language, task), no timestamps
    spec = _spec(len(vocabulary), sentence, prompt, sharpness=1.0 if sure else 0.05)
    spec.register_vocabulary(vocabulary)
    if multilingual:
        spec.config.lang_ids = [tokenizer.token_to_id(f"<|{language}|>") for language in LANGUAGES]
    spec.validate()
    spec.optimize(quantization="int8")
    spec.save(str(folder))
    tokenizer.save(str(folder / "tokenizer.json"))
    features = {"feature_size": MELS, "sampling_rate": 16000, "hop_length": 160, "chunk_length": 30, "n_fft": 400}
    (folder / "preprocessor_config.json").write_text(json.dumps(features))
    return folder


def _tokenizer(says: str, multilingual: bool) -> Tokenizer:
    """Byte-level, with one token a word of the sentence, then Whisper's special tokens in Whisper's order."""
    tokens = sorted(pre_tokenizers.ByteLevel.alphabet())
    merges = []
    for word in says.split():
        for length in range(1, len(word) + 1):
            left, right = "Ġ" + word[: length - 1], word[length - 1]
            if left + right not in tokens:
                tokens.append(left + right)
                merges.append((left, right))
    special = ["<|endoftext|>", "<|startoftranscript|>"]
    special += [f"<|{language}|>" for language in LANGUAGES] if multilingual else []
    special += ["<|translate|>", "<|transcribe|>", "<|startoflm|>", "<|startofprev|>"]
    special += ["<|nospeech|>", "<|notimestamps|>"]
    special += [f"<|{n * 0.02:.2f}|>" for n in range(TIMESTAMPS)]
    tokens += [EMPTY] if multilingual else []
    vocabulary = {token: index for index, token in enumerate(tokens)}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in special])
    return tokenizer


def _spec(size: int, sentence: list[int], prompt: int, sharpness: float) -> WhisperSpec:
    rng = np.random.default_rng(1)
    embeddings = rng.normal(0, 0.25, (size, WIDTH)).astype(np.float32)  # rows of length 2
    positions = np.zeros((TEXT_POSITIONS, WIDTH), dtype=np.float32)
    for index, token in enumerate(sentence):
        positions[prompt - 1 + index] = 20 * embeddings[token]
    positions[prompt - 1 + len(sentence) :] = 20 * embeddings[sentence[-1]]

    spec = WhisperSpec(1, 2, 1, 2)
    spec.encoder.conv1.weight, spec.encoder.conv1.bias = _zeros(WIDTH, MELS, 3), _zeros(WIDTH)
    spec.encoder.conv2.weight, spec.encoder.conv2.bias = _zeros(WIDTH, WIDTH, 3), _zeros(WIDTH)
    spec.encoder.position_encodings.encodings = _zeros(SOUND_POSITIONS, WIDTH)
    spec.decoder.embeddings.weight = embeddings
    spec.decoder.projection.weight = embeddings
    spec.decoder.position_encodings.encodings = positions
    for stack in (spec.encoder, spec.decoder):
        _norm(stack.layer_norm, sharpness if stack is spec.decoder else 1.0)
        for layer in stack.layer:
            _attention(layer.self_attention, 3, 1)
            _norm(layer.ffn.layer_norm)
            _linear(layer.ffn.linear_0, 4, 1)
            _linear(layer.ffn.linear_1, 1, 4)
    _attention(spec.decoder.layer[0].attention, 1, 2, 1)
    return spec


def _zeros(*shape: int) -> np.ndarray:
    return np.zeros(shape, dtype=np.float32)


def _norm(norm: Any, gamma: float = 1.0) -> None:
    norm.gamma, norm.beta = np.full(WIDTH, gamma, dtype=np.float32), _zeros(WIDTH)


def _linear(linear: Any, out: int, into: int) -> None:
    linear.weight, linear.bias = _zeros(out * WIDTH, into * WIDTH), _zeros(out * WIDTH)


def _attention(attention: Any, *out: int) -> None:
    _norm(attention.layer_norm)
    for linear, widths in zip(attention.linear, out, strict=True):
        _linear(linear, widths, 1)
