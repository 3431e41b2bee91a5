"""C5: a reader in another language, on another implementation of Ed25519, comes to the same results."""

import json
import shutil
import subprocess
from pathlib import Path
from random import Random
from typing import Any

import pytest

from kakehashi.exchange import checkpoint
from kakehashi.signing import canonical
from kakehashi.signing.keys import PrivateKey
from kakehashi.signing.multibase import to_multibase
from tests.exchange import golden
from tests.proving.test_verify import (
    EVERY,
    NEW_ROOT,
    UNCOVERED,
    altered,
    amended,
    given_bundle,
    new_root,
    put,
    rotated,
    with_entry,
)

READER = golden.FOLDER.parent / "verify.mjs"
NODE = shutil.which("node")
LEAST = 18


def _version() -> int:
    if NODE is None:
        return 0
    told = subprocess.run([NODE, "--version"], capture_output=True, text=True, check=True).stdout
    return int(told.removeprefix("v").partition(".")[0])


pytestmark = [
    pytest.mark.vectors,
    pytest.mark.skipif(_version() < LEAST, reason=f"Node {LEAST} or newer is not installed"),
]


def read(*files: Path) -> list[dict[str, Any]]:
    """What the reader says of each file, with the golden agreement and key sets at hand."""
    names = (
        "--agreement",
        "agreement.json",
        "--keyset",
        "keyset-munich.json",
        "--keyset",
        "keyset-osaka.json",
    )
    words = [word if word.startswith("--") else str(golden.FOLDER / word) for word in names]
    done = subprocess.run(
        [str(NODE), str(READER), *words, *map(str, files)], capture_output=True, text=True, check=False
    )
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [each["file"] for each in told] == [file.name for file in files], done.stderr
    assert done.returncode == int(any("refused" in each for each in told))
    return told


def evaluate(script: str, given: str) -> str:
    """Run a few lines beside the reader's own functions."""
    text = f"import * as kx from {READER.as_uri()!r};\n{script}"
    command = [str(NODE), "--input-type=module", "-e", text]
    return subprocess.run(command, input=given, capture_output=True, text=True, check=True).stdout


def test_it_reads_every_golden_file_as_python_does() -> None:
    names = [name for name in sorted(golden.files()) if name != "signature-base.txt"]
    told = {each.pop("file"): each for each in read(*(golden.FOLDER / name for name in names))}
    at = int(golden.AT.timestamp())
    receipts = [{"by": golden.PEER, "at": at}]
    assert told == {
        "agreement.json": {"agreement": golden.AGREEMENT},
        "checkpoint.note": {"log": golden.CHANNEL, "size": 2, "receipts": []},
        "cosigned.note": {"log": golden.CHANNEL, "size": 2, "receipts": receipts},
        "keyset-munich.json": {"keyset": json.loads(golden.entries()[0])["keyset"]},
        "keyset-osaka.json": told["keyset-osaka.json"],
        "page.ndjson": {"entries": 2, "log": golden.CHANNEL},
        "proof.json": {
            "index": 1,
            "log": golden.CHANNEL,
            "op": "put",
            "id": f"urn:uuid:{golden.ID}",
            "agreement": golden.AGREEMENT,
            "parts": ["body"],
            "receipts": [{**receipts[0], "size": 2}],
        },
        "receipt.json": {
            "log": golden.CHANNEL,
            "size": 2,
            "receipts": receipts,
            "rejected": [{"code": "policy-topic", "i": 1}],
        },
        "withdraw.json": {"op": "withdraw", "id": f"urn:uuid:{golden.ID}"},
    }


def test_it_refuses_whatever_single_value_of_a_proof_is_altered(tmp_path: Path) -> None:
    files = []
    for number, path in enumerate(EVERY):
        changed = given_bundle()
        inner = changed
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = altered(inner[path[-1]])
        files.append(tmp_path / f"{number}.json")
        files[-1].write_bytes(canonical.encode(changed))
    assert [each["file"] for each in read(*files) if "refused" not in each] == []


def test_it_refuses_altered_pages_notes_and_receipts(tmp_path: Path) -> None:
    files = []
    for name in ("page.ndjson", "cosigned.note", "receipt.json", "withdraw.json"):
        data = golden.files()[name]
        for place in range(7, len(data), max(1, len(data) // 40)):
            files.append(tmp_path / f"{place}-{name}")
            files[-1].write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
    passed = [each for each in read(*files) if "refused" not in each]
    # A signer nobody knows is passed over; of a receipt only the cosigned note is signed.
    assert [each for each in passed if each["receipts"] and "rejected" not in each] == []
    assert len(passed) < 10


def test_it_judges_amendments_grants_stolen_keys_and_new_roots_alike(tmp_path: Path) -> None:
    cases = {"amended": (amended(), True)}
    for use in ("rec", "log"):
        for last_good, holds in ((1, True), (0, False), (None, False)):
            changed = given_bundle()
            changed["keysets"].insert(1, rotated(use, last_good))
            cases[f"{use}-{last_good}"] = (changed, holds)
    for number, (changes, _) in enumerate(UNCOVERED):
        cases[f"uncovered-{number}"] = (with_entry(put(**changes), golden.entries()[:1]), False)
    for name, by, holds in (("both", (golden.ROOT, NEW_ROOT), True), ("new", (NEW_ROOT,), False)):
        changed = given_bundle()
        changed["keysets"].insert(1, new_root(*by))
        cases[f"root-{name}"] = (changed, holds)
    files = [tmp_path / name for name in cases]
    for file in files:
        file.write_bytes(canonical.encode(cases[file.name][0]))
    assert {each["file"]: "refused" not in each for each in read(*files)} == {
        name: holds for name, (_, holds) in cases.items()
    }


def document(chance: Random, depth: int = 4) -> Any:
    """Anything that may be signed."""
    kind = chance.randrange(7 if depth else 4)
    if kind < 2:
        return "".join(chr(chance.choice(SIGNS)) for _ in range(chance.randrange(8)))
    if kind < 4:
        return chance.choice([None, True, False, 0, -1, chance.randrange(-(2**53) + 1, 2**53)])
    if kind == 4:
        return [document(chance, depth - 1) for _ in range(chance.randrange(4))]
    names = ("".join(chance.choices("abz019_", k=chance.randrange(1, 6))) for _ in range(chance.randrange(5)))
    return {name: document(chance, depth - 1) for name in names}


SIGNS = [*range(0x20), *range(0x20, 0x80), 0x2028, 0xE4, 0x3042, 0xFEFF, 0xFFFF, 0x1F9EC]


def test_it_writes_the_same_canonical_bytes() -> None:
    chance = Random(2026)
    documents = [document(chance) for _ in range(5000)]
    script = (
        "import { readFileSync } from 'node:fs';\n"
        "const lines = readFileSync(0, 'utf8').split('\\n');\n"
        "console.log(JSON.stringify(lines.map((line) => kx.canonical(JSON.parse(line)))));"
    )
    spaced = "\n".join(json.dumps(each) for each in documents)
    assert json.loads(evaluate(script, spaced)) == [canonical.encode(each).decode() for each in documents]


SMALL = [  # encodings of points of small order, and two that are not canonical (RFC 8032, section 5.1.3)
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
]


def test_it_refuses_keys_of_small_order_that_its_library_would_take() -> None:
    script = (
        "import { readFileSync } from 'node:fs';\n"
        "const fine = (key) => { try { kx.publicBytes(key); return true; } catch { return false; } };\n"
        "console.log(JSON.stringify(JSON.parse(readFileSync(0, 'utf8')).map(fine)));"
    )
    keys = [to_multibase(b"\xed\x01" + bytes.fromhex(point)) for point in SMALL]
    told = evaluate(script, json.dumps([*keys, golden.ROOT.public, PrivateKey.generate().public]))
    assert json.loads(told) == [False] * len(keys) + [True, True]


def test_a_forged_cosignature_is_refused(tmp_path: Path) -> None:
    forged = checkpoint.cosign(golden.note(2), golden.PEER, PrivateKey.generate(), 1)
    file = tmp_path / "forged.note"
    file.write_text(forged.note, "utf-8")
    assert "osaka.example" in read(file)[0]["refused"]
