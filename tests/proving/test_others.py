"""Our canonical bytes and request signatures beside npm's canonicalize and http-message-sig (section 21).

`make vectors` installs both; where they are not, these tests are left out.
"""

import json
import random
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kakehashi.errors import ExchangeError
from kakehashi.exchange import http_signature
from kakehashi.exchange.http_signature import Message
from kakehashi.signing.canonical import encode
from kakehashi.signing.keys import PrivateKey, public_bytes
from tests.signing.differential import document

FOLDER = Path(__file__).with_name("others")
NODE = shutil.which("node")
pytestmark = [
    pytest.mark.vectors,
    pytest.mark.skipif(
        NODE is None or not (FOLDER / "node_modules").exists(), reason="`make vectors` installs them"
    ),
]
KEY, NAME = PrivateKey.from_seed(bytes(range(32))), "https://osaka.example/.well-known/kx#http-1"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
URL = "https://munich.example/kx/v1/channels/munich.example/kx/0123456789abcdef/0/entries?from=0&limit=512"
DOCUMENTS = 3000


def ask(*questions: dict[str, Any]) -> list[dict[str, Any]]:
    """What the other side says to each."""
    lines = "".join(json.dumps(question) + "\n" for question in questions)
    program = [str(NODE), str(FOLDER / "others.mjs")]
    said = subprocess.run(program, input=lines, capture_output=True, encoding="utf-8", check=True).stdout
    return [json.loads(line) for line in said.rstrip("\n").split("\n")]  # U+2028 may stand in a line


def test_canonical_bytes_are_those_of_another_implementation() -> None:
    rng = random.Random()
    made = [{"a": "\u2028\u2029\x85"}, *(document(rng) for _ in range(DOCUMENTS - 1))]
    answers = ask(*({"do": "canonical", "value": each} for each in made))
    assert len(answers) == DOCUMENTS
    wrong = [
        each for each, said in zip(made, answers, strict=True) if encode(each).decode() != said.get("ok")
    ]
    assert wrong == []


def ours(method: str, body: bytes) -> Message:
    """A request as this node signs it."""
    message = Message(method, URL, {"content-type": "application/vnd.kx.v1+json"} if body else {})
    http_signature.sign(message, body, key=KEY, key_id=NAME, now=NOW)
    return message


def covered(body: bytes) -> list[str]:
    return ["@method", "@target-uri", *(["content-digest", "content-type"] if body else [])]


@pytest.mark.parametrize(("method", "body"), [("GET", b""), ("POST", b'{"type":"kx.receipt"}')])
def test_what_this_node_signs_another_verifies_and_nothing_else(method: str, body: bytes) -> None:
    message = ours(method, body)
    question = {
        **{"do": "verify", "method": method, "url": URL, "headers": message.headers},
        **{"components": covered(body), "key": public_bytes(KEY.public).hex()},
        "now": int(NOW.timestamp()),
    }
    changed = [{"method": "PUT"}, {"url": URL.replace("from=0", "from=1")}, {"now": question["now"] + 61}]
    right, *wrong = ask(question, *({**question, **change} for change in changed))
    assert right == {"ok": NAME}
    assert [list(each) for each in wrong] == [["refused"]] * 3


@pytest.mark.parametrize(("method", "body"), [("GET", b""), ("POST", b'{"type":"kx.receipt"}')])
def test_what_another_signs_this_node_verifies_and_nothing_else(method: str, body: bytes) -> None:
    headers = {
        name: value for name, value in ours(method, body).headers.items() if "signature" not in name.lower()
    }
    seconds = int(NOW.timestamp())
    parameters = {
        **{"created": seconds, "expires": seconds + 60, "keyid": NAME},
        **{"nonce": "AAAAAAAAAAAAAAAAAAAAAA==", "tag": "kx1"},
    }
    (said,) = ask(
        {
            **{"do": "sign", "method": method, "url": URL, "headers": headers, "components": covered(body)},
            **{"parameters": parameters, "key": KEY.seed.hex()},
        }
    )
    signed = {
        **headers,
        "Signature": said["ok"]["signature"],
        "Signature-Input": said["ok"]["signatureInput"],
    }

    def who(url: str) -> str:
        found = http_signature.authenticate(
            Message(method, url, dict(signed)), body, public_key={NAME: KEY.public}.get, now=NOW
        )
        return found.key_id

    assert who(URL) == NAME
    with pytest.raises(ExchangeError, match="sig-invalid"):
        who(URL + "&wait=25")
