"""Requests that schemathesis makes up from our own description of the routes, signed by a party (section 21).

`python -m tests.faults.openapi --cases 100`: each case sends `REQUESTS`, sound ones and others. Whatever is
asked, the answer is one that conformance/openapi.py describes, and never a breakdown.
"""

import json
import random
import sys
from datetime import timedelta
from importlib import import_module
from typing import Any

import django
import httpx
from conformance.openapi import description
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.faults import long

REQUESTS = 100  # a partner may ask 120 times a minute


class Made:
    """A node with one agreement in force, and what its partner may ask of it."""

    def __init__(self) -> None:
        from tests import cast
        from tests.exchange.world import World

        self.schemathesis = import_module("schemathesis")  # not among what the tests need: `make fuzz` has it
        self.world = World(self.now())
        cast.offer(self.world.now, audience="agreements")
        self.requests = st.one_of([each for found in self.operations() for each in self.drawn(found)])

    @staticmethod
    def now() -> Any:
        from kakehashi import clock

        return clock.now().replace(microsecond=0)

    def operations(self) -> list[Any]:
        schema = self.schemathesis.openapi.from_dict(description())
        return [found.ok() for found in schema.get_all_operations()]

    def drawn(self, operation: Any) -> list[Any]:
        """Requests for any log and agreement at all, and for those that there are, sound and not."""
        node, _, agreement, epoch = self.world.ours.name.split("/")
        real = {"node": node, "agreement": agreement, "epoch": int(epoch), "hash": self.world.origin.hash}
        real |= {"level": 0, "n": "000", "width": 1}
        here = {name: value for name, value in real.items() if f"{{{name}}}" in operation.path}
        mode = self.schemathesis.GenerationMode
        known = [operation.as_strategy(way, path_parameters=here) for way in (mode.POSITIVE, mode.NEGATIVE)]
        return (
            [operation.as_strategy(mode.POSITIVE), *known] if here else [operation.as_strategy(mode.POSITIVE)]
        )

    def ask(self, drawn: Any) -> None:
        """Send one signed request; its answer must be one of those described."""
        from tests.exchange.calls import NOBODY, call

        drawn.query.pop("wait", None)  # it would
        request = httpx.Request(
            drawn.method, f"https://munich.example{drawn.formatted_path}", params=drawn.query
        )
        path = request.url.raw_path.decode()
        if drawn.path.startswith("/.well-known"):
            answer = NOBODY.get(path)
        else:
            facts = {"keys": self.world.origin.keys, "now": self.now(), "body": sent(drawn.body)}
            answer = call(drawn.method, path, **facts)
        seen = httpx.Response(answer.status_code, headers=dict(answer.items()), content=answer.content)
        seen.request, seen.elapsed = request, timedelta()
        checks = self.schemathesis.checks
        every = [
            checks.not_a_server_error,
            checks.status_code_conformance,
            checks.content_type_conformance,
            checks.response_schema_conformance,
        ]
        drawn.validate_response(seen, checks=every[answer.status_code == 503 :])

    def case(self, rng: random.Random) -> str:
        from kakehashi.exchange import api

        api.BUCKETS = api.Buckets()
        options = settings(
            max_examples=REQUESTS,
            phases=[Phase.generate],
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        seed(rng.getrandbits(32))(options(given(self.requests)(self.ask)))()
        return f"{REQUESTS} requests"


def sent(body: Any) -> bytes:
    """What was drawn as bytes on the line."""
    if isinstance(body, bytes | str):
        return body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    try:
        return json.dumps(body, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    except (TypeError, ValueError):
        return b""  # nothing was drawn


if __name__ == "__main__":
    import_module("tests.home")  # a node of its own, before Django reads its settings
    django.setup()
    django_test: Any = import_module("django.test.utils")
    django_test.setup_test_environment()
    django_test.setup_databases(verbosity=0, interactive=False)
    sys.exit(long.main(__doc__ or "", Made().case, cases=100))
