"""Whatever is noted in the audit has its sentence in `audit/sentences.py`, so that people can read it."""

import ast
import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils.translation import override

from kakehashi import clock
from kakehashi.accounts.viewer import Role
from kakehashi.agreements.terms import State as Agreed
from kakehashi.audit.actions import note
from kakehashi.audit.sentences import SENTENCES, sentence
from kakehashi.audit.templatetags.audit import fact_value, who
from kakehashi.audit.words import FACTS
from kakehashi.records.lifecycle import State
from tests import cast
from tests.house import plan

NOBODY = ("worker", "demonstration", "command line")
STATES = {"records": State, "agreements": Agreed}
CODE = re.compile(r"[a-z]+\.[a-z_-]+")


def noted() -> Iterator[tuple[str, str]]:
    """(action, module) of every action that the source notes; one that ends in a state, for each state."""
    for module in plan.modules():
        for call in ast.walk(plan.tree(module)):
            named = isinstance(call, ast.Call) and getattr(call.func, "id", "") in ("note", "_retire")
            for value in _actions(call) if named else ():
                if isinstance(value, ast.JoinedStr):
                    folder = module.split(".")[1]
                    yield from ((f"{folder}.{state}", module) for state in STATES[folder])
                else:
                    found = [n.value for n in ast.walk(value) if isinstance(n, ast.Constant)]
                    yield from ((code, module) for code in found if CODE.fullmatch(str(code)))


def _actions(call: ast.Call) -> list[ast.expr]:
    return [*(k.value for k in call.keywords if k.arg == "action"), *call.args]


def test_every_action_that_is_noted_has_its_sentence() -> None:
    every = list(noted())
    assert len(every) > 60
    assert not {(action, module) for action, module in every if action not in SENTENCES}


def facts() -> set[str]:
    """What the source notes beside action and object, as far as it is written out there."""
    said = set()
    for module in plan.modules():
        for call in ast.walk(plan.tree(module)):
            if isinstance(call, ast.Call) and ast.unparse(call.func).rpartition(".")[2] == "note":
                said |= {k.arg for k in call.keywords if k.arg and any(_actions(call))}
    return said - {"at", "actor", "action", "object"}


def test_every_fact_that_is_noted_is_named_in_words() -> None:
    assert len(facts()) > 30
    assert not facts() - set(FACTS)


def test_no_sentence_is_about_something_that_nobody_does() -> None:
    assert {action.removesuffix(" off") for action in SENTENCES} <= {action for action, _ in noted()}


def test_a_switch_says_which_way_it_was_turned_and_an_unknown_action_its_name() -> None:
    with override("en"):
        assert sentence("agreements.suspend", {"suspended": True}).endswith("suspended on this node.")
        assert sentence("agreements.suspend", {"suspended": False}).endswith("resumed on this node.")
        assert sentence("of.long-ago", {}) == "of.long-ago"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", "Ein Eintrag wurde angelegt."),
        ("ja", "情報が作成されました。"),
        ("en", "A record was created."),
    ],
)
def test_the_page_of_the_audit_speaks_in_sentences(language: str, words: str) -> None:
    note(at=clock.now(), actor="erika@munich.example", action="records.create", object="x")
    client = Client()
    client.force_login(cast.user(Role.MANAGER))
    page = client.get(f"/{language}/audit/").content.decode()
    assert words in page
    assert '?q=records.create"' in page


@pytest.mark.parametrize("language", ["de", "ja", "en"])
def test_what_acts_without_being_a_person_is_named_in_words(language: str) -> None:
    with override(language):
        assert not {who(actor) for actor in NOBODY} & set(NOBODY)
        assert who("manager@munich.example") == "manager@munich.example"
        assert fact_value(["a", "b"]) in ("a, b", "a、b")
        assert fact_value(False) == "–"
