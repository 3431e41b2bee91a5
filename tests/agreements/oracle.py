"""An independent, slow `decide`, written from EXCHANGE.md sections 4, 11 and 12 alone; and random cases.

Long form: `python -m tests.agreements.oracle --cases 1000000 [--seed N]`.
"""

import argparse
import random
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from kakehashi.agreements import terms
from kakehashi.agreements.decide import Allow, decide

NODES = ["a.example", "b.example", "c.example", "d.example"]
KINDS = ["offer", "request", "development", "academic", "organisation", "interest"]
TOPICS = ["oncology", "imaging", "policy"]
REGIONS = ["DE-BY", "JP-27", "JP-26"]
LEVELS = ["CLEAR", "GREEN", "AMBER", "RED"]
ONWARD = ["none", "members", "public"]
CLAUSES = ["c1", "c2", "c3"]
NOISE = [None, 0, 1.5, "", "x", [], {}, [[]], ["x", None], {"x": 1}, True, "CLEAR", ["oncology"]]
EPOCH = datetime(2027, 1, 1, tzinfo=UTC)


def verdict(header: dict[str, Any], agreement: dict[str, Any], now: datetime, peer: str) -> tuple[str, Any]:
    """("allow", (onward, clauses)) or ("deny", code): every grant is tried against every sentence."""
    parties = [party["node"] for party in agreement["parties"]]
    if not any(header.get("origin") == node for node in parties) or peer not in parties:
        return "deny", "not-a-party"
    if agreement["state"] == "ended":
        return "deny", "agreement-ended"
    if agreement["state"] in ("proposed", "void"):
        return "deny", "agreement-not-active"
    if not now < agreement["ends"]:
        return "deny", "agreement-ended"
    if not agreement["starts"] <= now:
        return "deny", "agreement-not-active"
    if "expires" in header and not _before(now, header["expires"]):
        return "deny", "expired"
    failures = [
        _failures(header, grant, peer) for grant in agreement["grants"] if grant["from"] == header["origin"]
    ]
    good = [grant for grant, bad in failures if not bad]
    if not good:
        names = ["kind", "topic", "region", "tlp", "part"]
        for count in range(1, 6):  # the shortest beginning of the list of tests that no grant survives
            if not any(set(bad).isdisjoint(["peer", *names[:count]]) for _, bad in failures):
                return "deny", "policy-" + names[count - 1]
    onward = min(max(ONWARD.index(grant["onward"]) for grant in good), _own_onward(header))
    if "clause" in header and header["clause"] is not None:
        clauses = [header["clause"]]
    else:
        clauses = [
            c["id"] for c in agreement["clauses"] if any(c["id"] in grant["clauses"] for grant in good)
        ]
    return "allow", (ONWARD[onward], tuple(clauses))


def _failures(header: dict[str, Any], grant: dict[str, Any], peer: str) -> tuple[dict[str, Any], list[str]]:
    bad = []
    if peer not in grant["to"]:
        bad.append("peer")
    if header.get("kind") not in grant["kinds"]:
        bad.append("kind")
    if header.get("clause") is not None and header["clause"] not in grant["clauses"]:
        bad.append("kind")
    topics = header.get("topics")
    if "*" not in grant["topics"] and not (_listed(topics) and any(t in grant["topics"] for t in topics)):
        bad.append("topic")
    regions = header.get("regions")
    some = [r for r in regions if isinstance(r, str)] if _listed(regions) else []
    if not some or not ("*" in grant["regions"] or any(r in grant["regions"] for r in some)):
        bad.append("region")
    allowed = {"CLEAR": ["CLEAR"], "GREEN": ["CLEAR", "GREEN"], "AMBER": ["CLEAR", "GREEN", "AMBER"]}
    if header.get("tlp") not in allowed[grant["tlp_max"]]:
        bad.append("tlp")
    parts = header.get("parts")
    if not isinstance(parts, dict) or any(part not in grant["parts"] for part in parts):
        bad.append("part")
    return grant, bad


def _listed(value: Any) -> bool:
    return isinstance(value, (list, dict))


def _before(now: datetime, text: Any) -> bool:
    if not isinstance(text, str) or len(text) != 20 or not text.endswith("Z"):
        return False
    return now < datetime.fromisoformat(text)


def _own_onward(header: dict[str, Any]) -> int:
    wish = header.get("onward")
    own = ONWARD.index(wish) if wish in ONWARD else 0
    return own if header.get("tlp") == "CLEAR" else min(own, 1)


def case(rng: random.Random) -> tuple[dict[str, Any], Any, datetime, str]:
    """One random (header, agreement, now, peer); near to what is allowed, so that both answers are common."""
    parties = rng.sample(NODES, rng.choice([2, 2, 3]))
    grants = [_grant(rng, parties) for _ in range(rng.randint(1, 5))]
    agreement = terms.Standing(
        hash="sha256-x",
        lineage="sha256-x",
        version=1,
        state=rng.choice(["active"] * 9 + ["proposed", "ended", "void"]),
        starts=EPOCH + timedelta(days=rng.choice([-9, -9, -9, -9, 0, 0, 9])),
        ends=EPOCH + timedelta(days=rng.choice([99, 99, 99, 99, 99, 10, 0])),
        suspended=rng.random() < 0.1,
        parties=[{"node": node} for node in parties],
        clauses=[{"id": clause} for clause in CLAUSES],
        grants=grants,
        limits={},
        document={},
    )
    now = EPOCH + timedelta(seconds=rng.choice([0, 0, 0, 1, -1, 10 * 86_400]))
    return _header(rng, grants, parties), agreement, now, rng.choice([grants[0]["to"][0]] * 5 + NODES)


def _grant(rng: random.Random, parties: list[str]) -> dict[str, Any]:
    sender = rng.choice(parties)
    others = [node for node in parties if node != sender]
    return {
        "from": sender,
        "to": rng.sample(others, rng.randint(1, len(others))),
        "kinds": rng.sample(KINDS, rng.randint(1, len(KINDS))),
        "topics": rng.choice([["*"], rng.sample(TOPICS, rng.randint(1, 3))]),
        "regions": rng.choice([["*"], rng.sample(REGIONS, rng.randint(1, 3))]),
        "tlp_max": rng.choice(LEVELS[:3]),
        "parts": rng.choice([["body"], ["body", "person"], ["person"]]),
        "onward": rng.choice(ONWARD),
        "clauses": rng.sample(CLAUSES, rng.randint(1, 3)),
    }


def _header(rng: random.Random, grants: list[dict[str, Any]], parties: list[str]) -> dict[str, Any]:
    """What the first grant allows, then up to three members changed for better or worse."""
    grant = grants[0]
    header: dict[str, Any] = {
        "origin": grant["from"],
        "kind": rng.choice(grant["kinds"]),
        "topics": rng.sample(grant["topics"] if grant["topics"] != ["*"] else TOPICS, 1),
        "regions": rng.sample(grant["regions"] if grant["regions"] != ["*"] else REGIONS, 1),
        "tlp": rng.choice(LEVELS[: LEVELS.index(grant["tlp_max"]) + 1]),
        "onward": rng.choice(ONWARD),
        "parts": dict.fromkeys(rng.sample(grant["parts"], 1), "sha256-x"),
    }
    others: dict[str, Any] = {
        "origin": rng.choice([*parties, rng.choice(NODES)]),
        "kind": rng.choice(KINDS),
        "topics": rng.sample(TOPICS, rng.randint(0, 3)),
        "regions": rng.sample(REGIONS, rng.randint(0, 3)),
        "tlp": rng.choice(LEVELS),
        "parts": dict.fromkeys(rng.sample(["body", "person"], rng.randint(0, 2)), "sha256-x"),
        "expires": (EPOCH + timedelta(days=rng.choice([0, 1, 50, 50, -1]))).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "clause": rng.choice([*CLAUSES, None]),
    }
    for name in rng.sample(list(others), rng.randint(0, 3)):
        header[name] = others[name] if rng.random() < 0.8 else rng.choice(NOISE)
    if rng.random() < 0.03:
        del header[rng.choice(list(header))]
    return header


def differences(seed: int, count: int) -> tuple[list[Any], int]:
    """The cases in which the two disagree, and how many were allowed."""
    rng = random.Random(seed)
    found, allowed = [], 0
    for _ in range(count):
        one = case(rng)
        answer = decide(*one)
        given = (
            ("allow", (answer.onward, answer.clauses)) if isinstance(answer, Allow) else ("deny", answer.code)
        )
        expected = verdict(*one)  # type: ignore[arg-type]  # a Standing is a dict
        allowed += expected[0] == "allow"
        if given != expected:
            found.append((given, expected, one))
    return found, allowed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=time.time_ns())
    wanted = parser.parse_args()
    begun, done, allowed = time.monotonic(), 0, 0
    while done < wanted.cases:
        step = min(50_000, wanted.cases - done)
        found, yes = differences(wanted.seed + done, step)
        done, allowed = done + step, allowed + yes
        print(f"{done} cases, {allowed} allowed, {time.monotonic() - begun:.0f} s", flush=True)
        if found:
            print(*found[:3], sep="\n")
            return 1
    print(f"0 differences, seed {wanted.seed}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
