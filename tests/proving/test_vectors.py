"""Data that others published, beside those of tests/signing: request signatures, and Merkle proofs."""

import json
from base64 import b64decode
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from http_message_signatures import HTTPMessageVerifier, HTTPSignatureKeyResolver

from kakehashi.errors import NotProven
from kakehashi.exchange.http_signature import Ed25519ByLibsodium, Message
from kakehashi.proving import merkle
from kakehashi.signing.keys import PrivateKey

pytestmark = pytest.mark.vectors

# RFC 9421: the key of appendix B.1.4 and the request and signature of B.2.6.
KEY = PrivateKey.from_seed(b64decode("n4Ni+HpISpVObnQMW0wOhCKROaIKqKtW/2ZYb2p9KcU="))
PARAMETERS = (
    '("date" "@method" "@path" "@authority" "content-type" "content-length")'
    ';created=1618884473;keyid="test-key-ed25519"'
)
BASE = f""""date": Tue, 20 Apr 2021 02:07:55 GMT
"@method": POST
"@path": /foo
"@authority": example.com
"content-type": application/json
"content-length": 18
"@signature-params": {PARAMETERS}"""
SIGNATURE = "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=="


class OnlyKey(HTTPSignatureKeyResolver):
    def resolve_public_key(self, key_id: str) -> str:
        assert key_id == "test-key-ed25519"
        return KEY.public


def test_rfc_9421_appendix_b_2_6_is_what_our_key_signs() -> None:
    assert KEY.sign(BASE.encode()) == b64decode(SIGNATURE)


def test_rfc_9421_appendix_b_2_6_is_accepted_by_the_verifier_that_requests_go_through() -> None:
    headers = {
        "Host": "example.com",
        "Date": "Tue, 20 Apr 2021 02:07:55 GMT",
        "Content-Type": "application/json",
        "Content-Length": "18",
        "Signature-Input": f"sig-b26={PARAMETERS}",
        "Signature": f"sig-b26=:{SIGNATURE}:",
    }
    verifier = HTTPMessageVerifier(signature_algorithm=Ed25519ByLibsodium, key_resolver=OnlyKey())
    message: Any = Message("POST", "https://example.com/foo?param=Value&Pet=dog", headers)
    (found,) = verifier.verify(message, max_age=timedelta(days=36_500))
    assert found.label == "sig-b26"
    headers["Date"] = "Tue, 20 Apr 2021 02:07:56 GMT"
    with pytest.raises(Exception, match="ignature"):
        verifier.verify(message, max_age=timedelta(days=36_500))


# transparency-dev/merkle, testdata/: their files by path, each as it is (vectors/PROVENANCE.txt).
MERKLE = json.loads((Path(__file__).parent / "vectors" / "merkle.json").read_text("utf-8"))
# Two equal "roots" of twelve bytes, called «don't care»; here a root has 32 bytes whatever the size.
STRICTER = "consistency/additional/sizes-are-equal-one-and-proof-is-empty.json"


def test_proofs_of_transparency_dev_are_judged_as_they_say() -> None:
    assert len(MERKLE) == 196
    judged = {name: _refused(case) for name, case in MERKLE.items()}
    wanted = {name: case["wantErr"] or name == STRICTER for name, case in MERKLE.items()}
    assert judged == wanted


def _refused(case: dict[str, Any]) -> bool:
    proof = [b64decode(hash or "") for hash in case["proof"] or []]
    roots = [b64decode(case.get(name) or "") for name in ("root", "root1", "root2")]
    try:
        if "leafIdx" in case:
            leaf = b64decode(case["leafHash"] or "")
            merkle.check_inclusion(leaf, case["leafIdx"], case["treeSize"], proof, roots[0])
        else:
            merkle.check_consistency(case["size1"], case["size2"], proof, *roots[1:])
    except NotProven:
        return True
    return False
