"""What the cases share: who asks, requests signed rightly and wrongly, and what an answer must be."""

import hashlib
import secrets
import time
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import orjson

from kakehashi.exchange import coding, keyset
from kakehashi.exchange.keyset import USES, KeySet
from kakehashi.exchange.page import HARD_PAGE_BYTES, Limits, Page, parse, split_lines
from kakehashi.signing.keys import PrivateKey

MEDIA_TYPE = "application/vnd.kx.v1+json"
ALWAYS = ("@method", "@target-uri")
FRAGMENTS = {"record": "rec", "log": "log", "http": "http"}
WITH_BODY = (*ALWAYS, "content-digest", "content-type")
SECONDS = 40.0
PATIENCE = 10  # times that a request is sent again because the node says: later
# EXCHANGE.md section 16, PROTOCOL.md "Errors".
STATUS = {
    **dict.fromkeys(("bad-request", "bad-json", "not-canonical"), 400),
    **dict.fromkeys(("sig-missing", "sig-invalid", "sig-coverage", "sig-expired", "sig-replay"), 401),
    **dict.fromkeys(("key-unknown", "key-revoked"), 401),
    **dict.fromkeys(("not-a-party", "agreement-not-active", "agreement-ended", "channel-suspended"), 403),
    "not-found": 404,
    "unsupported-version": 406,
    **dict.fromkeys(("agreement-conflict", "receipt-rollback", "rev-conflict"), 409),
    "epoch-closed": 410,
    **dict.fromkeys(("too-large", "page-limit"), 413),
    "unsupported-encoding": 415,
    "from-beyond-size": 416,
    "rate-limited": 429,
    **dict.fromkeys(("origin-recovering", "overloaded", "disk-low"), 503),
}
BY_SIGNATURE = tuple(code for code, status in STATUS.items() if status == 401)


class Failed(Exception):
    """The node does not do what the protocol says; the message tells what it did."""


class NotAsked(Exception):
    """The case needs something that the runner did not give."""


def must(condition: object, why: str) -> None:
    if not condition:
        raise Failed(why)


@dataclass(frozen=True)
class Party:
    """The node for which the runner asks, with its keys by use."""

    node: str
    keys: dict[str, PrivateKey]
    generations: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of_folder(cls, node: str, folder: Path) -> "Party":
        """Keys as a node keeps them, the newest of each use: `http.key`, after a change `http-2.key`."""
        keys: dict[str, PrivateKey] = {}
        generations: dict[str, int] = {}
        for path in sorted(folder.glob("*.key")):
            use, _, number = path.stem.partition("-")
            if use in USES and int(number or 1) > generations.get(use, 0):
                keys[use] = PrivateKey.from_seed(bytes.fromhex(path.read_text("ascii").strip()))
                generations[use] = int(number or 1)
        return cls(node, keys, generations)

    def key_id(self, use: str) -> str:
        return keyset.key_id(self.node, f"{FRAGMENTS[use]}-{self.generations.get(use, 1)}")


@dataclass
class Signing:
    """How a request is signed; what is left None is right."""

    key: PrivateKey | None = None
    key_id: str | None = None
    covered: Sequence[str] | None = None
    created: int = 0  # seconds from now
    life: int = 60
    nonce: str | None = None
    tag: str = "kx1"
    label: str = "kx"
    target: str | None = None
    digest_of: bytes | None = None


@dataclass
class Run:
    """One run of the kit against one node, and what it has learnt of it."""

    address: str
    me: Party
    agreement: str
    write: bool = False
    http: httpx.Client = field(default_factory=lambda: httpx.Client(trust_env=False, timeout=SECONDS))
    target_node: str = ""

    def get_plain(self, path: str, **headers: str) -> "Answer":
        """A request without signature, to the node's own name."""
        if self.target_node:
            headers["host"] = self.target_node
        return self._send("GET", self.address + path, b"", headers)

    @cached_property
    def keys(self) -> KeySet:
        """The node's key set, signed by the root key that it names itself (case K1 compares it)."""
        data = self.get_plain("/.well-known/kx").content
        document = orjson.loads(data)
        return keyset.parse(data, node=document["node"], roots=document["root"]["keys"])

    @cached_property
    def every_keys(self) -> list[KeySet]:
        """All versions of the key set, as the node still gives them."""
        found = []
        for version in range(1, self.keys.version + 1):
            answer = self.get_plain(f"/.well-known/kx?version={version}")
            must(answer.status_code == 200, f"version {version} of the key set is not given any more")
            found.append(keyset.read(answer.content, node=self.keys.node)[1])
        return found

    @cached_property
    def channel(self) -> str:
        """The node's log under the agreement."""
        digits = hashlib.sha256(self.agreement.encode()).hexdigest()[:16]
        return f"/channels/{self.keys.node}/kx/{digits}/0"

    @cached_property
    def first_page(self) -> Page:
        """The feed from its beginning, with parts."""
        return self.page(0)

    @cached_property
    def size(self) -> int:
        return int(self.call("GET", self.channel).json()["size"])

    def call(
        self,
        method: str,
        path: str,
        *,
        body: bytes = b"",
        signing: Signing | None = None,
        unsigned: bool = False,
        headers: dict[str, str] | None = None,
    ) -> "Answer":
        """One request below the base; signed as `signing` says. Waits where the node asks for it."""
        sent = {"host": self.keys.node, "accept": MEDIA_TYPE, "accept-encoding": "identity"}
        if body:
            sent["content-type"] = MEDIA_TYPE
        url = self.address + urlsplit(self.keys.base).path + path
        for _ in range(PATIENCE):
            how = {} if unsigned else sign(method, self.keys.base + path, body, signing or Signing(), self.me)
            answer = self._send(method, url, body, {**sent, **how, **(headers or {})})
            if answer.status_code != 429:
                break
            time.sleep(min(60.0, float(answer.headers.get("retry-after", "5"))))
        return answer

    def _send(self, method: str, url: str, body: bytes, headers: dict[str, str]) -> "Answer":
        request = self.http.build_request(method, url, content=body or None, headers=headers)
        response = self.http.send(request, stream=True)
        try:
            packed = response.headers.get("content-encoding", "").strip().lower()
            plain = b"".join(coding.decode(response.iter_raw(), packed, HARD_PAGE_BYTES))
        finally:
            response.close()
        return Answer(response.status_code, response.headers, plain)

    def page(self, start: int, query: str = "", **headers: str) -> Page:
        """A page of the feed, right in shape."""
        answer = self.call("GET", f"{self.channel}/entries?from={start}{query}", headers=headers)
        must(answer.status_code == 200, f"status {answer.status_code}")
        return parse(split_lines([answer.content], Limits()), start, Limits())


@dataclass(frozen=True)
class Answer:
    """What came back, unpacked."""

    status_code: int
    headers: httpx.Headers
    content: bytes

    def json(self) -> Any:
        return orjson.loads(self.content)


def sign(method: str, target: str, body: bytes, how: Signing, me: Party) -> dict[str, str]:
    """Headers of RFC 9421 by the kit's own hand, so that everything in them can be wrong."""
    digest = b64encode(hashlib.sha256(body if how.digest_of is None else how.digest_of).digest()).decode()
    values = {
        "@method": method,
        "@target-uri": how.target or target,
        "content-digest": f"sha-256=:{digest}:",
        "content-type": MEDIA_TYPE,
    }
    covered = how.covered if how.covered is not None else (WITH_BODY if body else ALWAYS)
    created = int(time.time()) + how.created
    nonce = how.nonce or b64encode(secrets.token_bytes(16)).decode()
    names = " ".join(f'"{name}"' for name in covered)
    parameters = (
        f'({names});created={created};keyid="{how.key_id or me.key_id("http")}"'
        f';expires={created + how.life};nonce="{nonce}";tag="{how.tag}"'
    )
    lines = [*(f'"{name}": {values[name]}' for name in covered), f'"@signature-params": {parameters}']
    signature = (how.key or me.keys["http"]).sign("\n".join(lines).encode())
    headers = {
        "signature-input": f"{how.label}={parameters}",
        "signature": f"{how.label}=:{b64encode(signature).decode()}:",
    }
    return {**headers, "content-digest": values["content-digest"]} if body else headers


def refused(answer: Answer, *codes: str) -> None:
    """The answer is a problem document (RFC 9457) with one of these codes, and the status that it has."""
    expected = " or ".join(codes)
    kind = answer.headers.get("content-type", "").partition(";")[0]
    must(kind == "application/problem+json", f"{answer.status_code} {kind or 'without type'}, not {expected}")
    problem: Any = answer.json()
    must(isinstance(problem, dict), "the problem is no object")
    code = str(problem.get("type", "")).removeprefix("urn:kx:err:")
    must(code in codes, f"{answer.status_code} {code[:60]}, not {expected}")
    must(answer.status_code == STATUS[code], f"{code} has status {answer.status_code}")
    must(problem.get("status") == answer.status_code, "the problem names another status than the answer")


@dataclass(frozen=True)
class Case:
    """One numbered demand on a node."""

    number: str
    title: str
    check: Callable[[Run], None]


CASES: list[Case] = []


def case(number: str, title: str) -> Callable[[Callable[[Run], None]], Callable[[Run], None]]:
    """Number a function as a case; numbers are never given twice and never changed."""

    def add(check: Callable[[Run], None]) -> Callable[[Run], None]:
        if any(each.number == number for each in CASES):
            raise ValueError(f"case {number} is there already")
        CASES.append(Case(number, title, check))
        return check

    return add


@dataclass(frozen=True)
class Result:
    """How one case ended: ok, failed or left out, and why."""

    case: Case
    outcome: str
    why: str = ""


def run(cases: Sequence[Case], how: Run) -> list[Result]:
    """All cases, one after the other; whatever a node answers, none of them stops the run."""
    results = []
    for each in cases:
        try:
            each.check(how)
        except NotAsked as e:
            results.append(Result(each, "left out", str(e)))
        except Exception as e:  # an answer that breaks the reader is the node's fault as well
            why = str(e) if isinstance(e, Failed) else f"{type(e).__name__}: {e}"
            results.append(Result(each, "failed", why[:200]))
        else:
            results.append(Result(each, "ok"))
    return results
