"""conformance/openapi.py describes the routes that there are, with the methods and refusals they have."""

import json
import re
from collections import defaultdict

import pytest
from conformance import openapi
from django.urls import resolve

from kakehashi.exchange.problems import STATUS_OF
from tests.exchange.test_routes import METHODS, ROUTES, Route, view_of

DESCRIBED = openapi.description()["paths"]
SAMPLE = {
    "hash": "sha256-" + "A" * 43,
    "node": "munich.example",
    "agreement": "0" * 16,
    "epoch": "0",
    "level": "0",
    "n": "000",
    "width": "1",
}


def view_at(path: str) -> str:
    """The route that a described path leads to."""
    asked = path.format(**SAMPLE)
    return view_of(resolve(asked if asked.startswith("/.") else "/kx/v1" + asked).func)


def test_what_is_described_is_what_there_is() -> None:
    methods: dict[str, set[str]] = defaultdict(set)
    for path, item in DESCRIBED.items():
        methods[view_at(path)] |= {word.upper() for word in item} & {"GET", "PUT", "POST"}
    assert methods == METHODS


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_every_outcome_of_the_table_of_routes_is_described(route: Route) -> None:
    described: set[str] = set()
    for path, item in DESCRIBED.items():
        if view_at(path) == route.view:
            described |= item[route.method.lower()]["responses"].keys()
    outcomes = {*route.party.values(), route.other if route.view != "exchange.key_set" else "200"}
    assert {str(STATUS_OF.get(outcome, outcome)) for outcome in outcomes} <= described


def test_references_lead_somewhere_and_every_status_of_a_refusal_has_its_words() -> None:
    text, parts = json.dumps(openapi.description()), openapi.description()["components"]
    for kind, name in set(re.findall(r'"#/components/(\w+)/(\w+)"', text)):
        assert name in parts[kind]
    assert set(STATUS_OF.values()) == openapi.REFUSED.keys()
