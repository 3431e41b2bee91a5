"""The second encoder: pieces, packed weights and layers, against the plain formulas."""

import struct
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import erf

from kakehashi.errors import EncoderError
from kakehashi.matching.encoder import Use
from kakehashi.matching.encoders import packed
from kakehashi.matching.encoders.both import Both
from kakehashi.matching.encoders.e5 import E5, PREFIX
from kakehashi.matching.encoders.unigram import MARK, Vocabulary

PIECES = ["<s>", "<pad>", "</s>", "<unk>", MARK, "a", "ab", "b", "ba", "aba", f"{MARK}a", "query:"]
SCORES = [0.0, 0.0, 0.0, 0.0, -2.0, -1.5, -1.0, -2.5, -0.5, -3.0, -2.25, -1.0]
VOCABULARY = Vocabulary.of(PIECES, SCORES, {ord("Ａ"): "a"}, 3)
WIDTH, INNER = 384, 1536


def _likelihood(numbers: list[int]) -> float:
    return sum(VOCABULARY.least if number == 3 else SCORES[number] for number in numbers)


def _every_cut(text: str) -> list[list[int]]:
    if not text:
        return [[]]
    found = [[3, *rest] for rest in _every_cut(text[1:])]
    for number, piece in enumerate(PIECES):
        if number != 3 and piece and text.startswith(piece):
            found += [[number, *rest] for rest in _every_cut(text[len(piece) :])]
    return found


@given(st.text("abx", max_size=6))
def test_no_other_cut_is_likelier(text: str) -> None:
    best = max(map(_likelihood, _every_cut(MARK + text)))
    assert _likelihood(VOCABULARY.cut(text)) == pytest.approx(best)


@given(st.text("ab Ａ", max_size=12))
def test_pieces_join_to_the_folded_text_with_marks_for_spaces(text: str) -> None:
    written = "".join(PIECES[number] for number in VOCABULARY.cut(text))
    assert written == (MARK + MARK.join(text.replace("Ａ", "a").split()) if text.strip() else MARK)


@pytest.fixture(scope="module")
def tensors() -> dict[str, np.ndarray]:
    random = np.random.default_rng(4)
    shapes = {"emb.word": (len(PIECES), WIDTH), "emb.pos": (512, WIDTH), "emb.type": (2, WIDTH)}
    shapes |= {f"l0.{part}.w": (WIDTH, WIDTH) for part in ("q", "k", "v", "ao")}
    shapes |= {"l0.fi.w": (INNER, WIDTH), "l0.fo.w": (WIDTH, INNER)}
    found = {name: random.normal(size=shape) * 0.05 for name, shape in shapes.items()}
    for name, size in product(("q", "k", "v", "ao", "fi", "fo"), ("b",)):
        found[f"l0.{name}.{size}"] = random.normal(size=INNER if name == "fi" else WIDTH) * 0.1
    for name in ("emb.ln", "l0.aln", "l0.oln"):
        found |= {f"{name}.w": 1 + random.normal(size=WIDTH) * 0.1, f"{name}.b": random.normal(size=WIDTH)}
    return found


@pytest.fixture(scope="module")
def file(tensors: dict[str, np.ndarray], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tensors in the wheel's layout; they are replaced by what 4 bits leave of them."""
    blob = [piece.encode() for piece in PIECES]
    ends = np.cumsum([0, *map(len, blob)]).astype("<u4")
    folding = struct.pack("<IBI", ord("Ａ"), 1, ord("a"))
    head = b"E5S1" + struct.pack("<I7ifi", 1, WIDTH, 1, 12, INNER, len(PIECES), 512, 2, 1e-12, 32)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, sum(map(len, blob))) + ends.tobytes()
    head += np.array(SCORES, "<f4").tobytes() + b"".join(blob) + struct.pack("<iI", 1, len(folding)) + folding
    parts = {name: _four_bits(name, tensors) for name in tensors}
    first = len(head) + 4 + sum(2 + len(name) + 21 for name in parts)
    rows, data = b"", b""
    for name, part in parts.items():
        is_packed = tensors[name].ndim == 2 and name not in ("emb.pos", "emb.type")
        rows += struct.pack("<H", len(name)) + name.encode()
        rows += struct.pack("<BIQQ", is_packed, tensors[name].size, first + len(data), len(part))
        data += part
    path = tmp_path_factory.mktemp("weights") / "e5-small-q4.bin"
    path.write_bytes(head + struct.pack("<i", len(parts)) + rows + data)
    return path


def _four_bits(name: str, tensors: dict[str, np.ndarray]) -> bytes:
    values = tensors[name]
    if values.ndim == 1 or name in ("emb.pos", "emb.type"):
        tensors[name] = values.astype("<f4")
        return tensors[name].tobytes()
    blocks = values.reshape(-1, 32)
    scales = (np.abs(blocks).max(axis=1, keepdims=True) / 7).astype("<f2")
    numbers = np.clip(np.rint(blocks / scales.astype(float)) + 8, 0, 15).astype(np.uint8)
    tensors[name] = ((numbers - 8.0) * scales.astype(float)).reshape(values.shape)
    nibbles = numbers[:, :16] | (numbers[:, 16:] << 4)
    return np.concatenate([scales.view(np.uint8).reshape(-1, 2), nibbles], axis=1).tobytes()


def _normal(x: np.ndarray, of: dict[str, np.ndarray], name: str) -> np.ndarray:
    return (x - x.mean(1, keepdims=True)) / x.std(1, keepdims=True) * of[f"{name}.w"] + of[f"{name}.b"]


def _plainly(tokens: list[int], of: dict[str, np.ndarray]) -> np.ndarray:
    """One layer of the encoder as the paper writes it, in float64."""
    x = _normal(of["emb.word"][tokens] + of["emb.pos"][: len(tokens)] + of["emb.type"][0], of, "emb.ln")
    q, k, v = (x @ of[f"l0.{part}.w"].T + of[f"l0.{part}.b"] for part in "qkv")
    seen = np.zeros_like(x)
    for head in range(12):
        part = slice(32 * head, 32 * head + 32)
        near = np.exp(q[:, part] @ k[:, part].T / np.sqrt(32))
        seen[:, part] = near / near.sum(1, keepdims=True) @ v[:, part]
    x = _normal(x + seen @ of["l0.ao.w"].T + of["l0.ao.b"], of, "l0.aln")
    inner = x @ of["l0.fi.w"].T + of["l0.fi.b"]
    inner = inner * (1 + erf(inner / np.sqrt(2))) / 2
    x = _normal(x + inner @ of["l0.fo.w"].T + of["l0.fo.b"], of, "l0.oln")
    mean = x.mean(0)
    return np.asarray(mean / np.linalg.norm(mean))


def test_the_layers_compute_what_the_formulas_say(file: Path, tensors: dict[str, np.ndarray]) -> None:
    texts = ["ab ba", "a", "aba b a", "xyz"]
    rows = E5(file).encode(texts)
    for text, row in zip(texts, rows, strict=True):
        tokens = [0, *VOCABULARY.cut(PREFIX + text), 2]
        assert row @ _plainly(tokens, tensors) > 0.9999


def test_hostile_texts_give_numbers_and_empty_ones_zeros(file: Path) -> None:
    texts = ["\ufdfa" * 10_000, "a" * 100_000, "x\x00y", "a\ud800b", "<b>" * 9_999, "😀", "", "癌が ab ABBA"]
    rows = E5(file).encode(texts)
    assert np.isfinite(rows).all()
    assert [bool(row.any()) for row in rows] == [True] * 5 + [False, False, True]


@pytest.mark.parametrize("keep", [0, 3, 60, 2_000])
def test_a_file_that_is_cut_off_is_an_error_and_no_crash(file: Path, keep: int, tmp_path: Path) -> None:
    short = tmp_path / "short.bin"
    short.write_bytes(file.read_bytes()[:keep])
    with pytest.raises(EncoderError):
        E5(short).encode(["ab"])


def test_a_file_of_another_layout_is_an_error(tmp_path: Path) -> None:
    other = tmp_path / "other.bin"
    other.write_bytes(b"GGUF" * 100)
    with pytest.raises(EncoderError, match="layout"):
        packed.read(other)


def test_two_encoders_side_by_side_have_rows_of_length_one(file: Path) -> None:
    both = Both(Use(), E5(file))
    rows = both.encode(["Antikörper", "ab", ""])
    assert rows.shape == (3, both.dimension) == (3, 512 + WIDTH)
    assert np.allclose(np.linalg.norm(rows, axis=1), [1, 1, 0], atol=1e-5)
