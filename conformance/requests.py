"""Cases K and A: the key set, and who is let in."""

import time

from conformance.kit import ALWAYS, BY_SIGNATURE, Answer, Run, Signing, case, must, refused
from kakehashi.exchange import keyset
from kakehashi.exchange.keyset import USES
from kakehashi.signing import canonical
from kakehashi.signing.keys import PrivateKey

DAY = 86_400


@case("K1", "the key set is canonical, current, signed by the root key that the agreement names")
def key_set(run: Run) -> None:
    answer = run.get_plain("/.well-known/kx")
    must(answer.status_code == 200, f"status {answer.status_code}")
    canonical.decode(answer.content, limit=keyset.MAX_BYTES)
    document = canonical.decode(run.call("GET", f"/agreements/{run.agreement}").content, limit=1 << 20)
    roots = [party["root"] for party in document["parties"] if party["node"] == run.keys.node]
    must(roots, "the node is no party of the agreement")
    keyset.parse(answer.content, node=run.keys.node, roots=roots[0])
    must(run.keys.not_after.timestamp() > time.time(), "the key set is out of date")


@case("K2", "the key set has a key for each use and names kx/1")
def uses(run: Run) -> None:
    must(all(run.keys.all_of(use) for use in USES), "a use has no key")


@case("K3", "the key set is answered with 304 to whoever has it already")
def not_modified(run: Run) -> None:
    tag = run.get_plain("/.well-known/kx").headers.get("etag", "")
    must(tag, "no ETag")
    must(run.get_plain("/.well-known/kx", **{"if-none-match": tag}).status_code == 304, "sent again")


@case("K4", "a version of the key set that never was is not found")
def no_such_version(run: Run) -> None:
    refused(run.get_plain("/.well-known/kx?version=999999"), "not-found")


def ask(run: Run, **how: object) -> Answer:
    """The cheapest signed request."""
    return run.call("GET", run.channel, signing=Signing(**how))  # type: ignore[arg-type]


@case("A1", "a request without signature is refused")
def without_signature(run: Run) -> None:
    refused(run.call("GET", run.channel, unsigned=True), "sig-missing")


@case("A2", "a signature over the method alone is refused (threat 3)")
def too_narrow(run: Run) -> None:
    refused(ask(run, covered=("@method",)), "sig-coverage")


@case("A3", "a signature over nothing is refused")
def over_nothing(run: Run) -> None:
    refused(ask(run, covered=()), "sig-coverage")


@case("A4", "a signature by another key under a known name is refused")
def wrong_key(run: Run) -> None:
    refused(ask(run, key=PrivateKey.generate()), "sig-invalid")


@case("A5", "a key that is not in the key set is refused")
def unknown_key(run: Run) -> None:
    name = keyset.key_id(run.me.node, "http-999")
    refused(ask(run, key=PrivateKey.generate(), key_id=name), "key-unknown")


@case("A6", "a stranger is refused though his signature is right")
def stranger(run: Run) -> None:
    name = keyset.key_id("stranger.example", "http-1")
    refused(ask(run, key=PrivateKey.generate(), key_id=name), "key-unknown")


@case("A7", "keys for records or logs do not open the door (threat 13)")
def other_use(run: Run) -> None:
    for use in ("record", "log"):
        if use in run.me.keys:
            refused(ask(run, key=run.me.keys[use], key_id=run.me.key_id(use)), "key-unknown")


@case("A8", "a signature of yesterday is refused")
def expired(run: Run) -> None:
    refused(ask(run, created=-DAY), "sig-expired")


@case("A9", "a signature of tomorrow is refused")
def not_yet(run: Run) -> None:
    refused(ask(run, created=DAY), "sig-expired")


@case("A10", "a signature that claims to live longer than 60 seconds is refused")
def long_life(run: Run) -> None:
    refused(ask(run, life=61), "sig-expired")


@case("A11", "a clock that is off by less than 120 seconds is forgiven")
def skew(run: Run) -> None:
    for seconds in (-100, 100):
        must(ask(run, created=seconds).status_code == 200, f"refused at {seconds} seconds")


@case("A12", "the same nonce twice is refused (threat 2)")
def replay(run: Run) -> None:
    how = {"nonce": f"conformance-{time.time_ns()}"}
    must(ask(run, **how).status_code == 200, "the first one was refused")
    refused(ask(run, **how), "sig-replay")


@case("A13", "another tag or label is refused")
def tag_and_label(run: Run) -> None:
    refused(ask(run, tag="kx2"), *BY_SIGNATURE)
    refused(ask(run, label="sig1"), *BY_SIGNATURE)


@case("A14", "a signature for another address is refused (threat 4)")
def other_target(run: Run) -> None:
    for target in (
        f"{run.keys.base}{run.channel}?wait=1",
        f"https://stranger.example/kx/v1{run.channel}",
        f"http://{run.keys.base.removeprefix('https://')}{run.channel}",
    ):
        refused(ask(run, target=target), "sig-invalid")


@case("A15", "the Host header changes nothing: the address that counts is the signed base (threat 4)")
def host_header(run: Run) -> None:
    answer = run.call("GET", run.channel, headers={"x-forwarded-host": "stranger.example"})
    must(answer.status_code == 200, f"status {answer.status_code}")


@case("A16", "a body that the signature does not cover is refused")
def body_not_covered(run: Run) -> None:
    path = f"{run.channel}/receipts"
    refused(run.call("POST", path, body=b"{}", signing=Signing(covered=ALWAYS)), "sig-coverage")


@case("A17", "a body other than the digest says is refused")
def other_body(run: Run) -> None:
    path = f"{run.channel}/receipts"
    answer = run.call("POST", path, body=b"{}", signing=Signing(digest_of=b"[]"))
    refused(answer, "sig-invalid", "sig-coverage")


@case("A19", "a packed body is refused, and says so")
def packed_body(run: Run) -> None:
    path = f"{run.channel}/receipts"
    refused(run.call("POST", path, body=b"{}", headers={"content-encoding": "gzip"}), "unsupported-encoding")


@case("A20", "whoever takes only another version of the protocol is told so")
def other_version(run: Run) -> None:
    other = {"accept": "application/vnd.kx.v9+json"}
    refused(run.call("GET", run.channel, headers=other), "unsupported-version")


@case("A21", "an address that is no route is refused like all else")
def no_route(run: Run) -> None:
    for path in ("/", "/nothing", f"{run.channel}/nothing"):
        refused(run.call("GET", path), "not-found")


@case("A18", "methods that a route does not have are refused")
def methods(run: Run) -> None:
    for method, path in (("DELETE", ""), ("PUT", "/entries"), ("POST", "/entries"), ("DELETE", "/receipts")):
        answer = run.call(method, run.channel + path)
        must(answer.status_code == 405, f"{method} {path or '/'}: status {answer.status_code}")
        must(answer.headers.get("allow"), "405 without Allow")
