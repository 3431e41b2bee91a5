"""Curators change the glossary: seen before it is saved, kept with its history, followed by the index."""

from dataclasses import replace
from datetime import datetime

import pytest
from django.test import Client

from kakehashi import clock
from kakehashi.accounts.viewer import Role
from kakehashi.audit.models import Entry
from kakehashi.errors import Conflict, InvalidInput, NotAllowed
from kakehashi.matching import actions, jobs, queries
from kakehashi.matching.concepts import Concept, plain, thaw
from kakehashi.matching.glossary import shipped
from kakehashi.matching.models import Indexed, Match, TermChange, Vector
from kakehashi.matching.queries import glossary as held_glossary
from kakehashi.matching.queries.glossary import glossary, glossary_version
from kakehashi.records.models import Reading
from kakehashi.translation.texts import original
from tests import cast
from tests.matching.test_pages import page
from tests.pinned import asked

pytestmark = pytest.mark.django_db

NAMES = {"de": "Ribosomenmühle", "ja": "リボソーム製粉機", "en": "ribosome mill"}
NEW = Concept("ribosome-mill", "bioprocessing", NAMES, {})
FORM = {
    "topic": "bioprocessing", "de": "Ribosomenmühle", "ja": "リボソーム製粉機", "en": "ribosome mill",
    "reading": "", "de_others": "", "ja_others": "", "en_others": "", "context": "", "why": "Neu am Markt",
}  # fmt: skip


def work(now: datetime) -> None:
    """All that the worker does, once."""
    for job in jobs.jobs():
        if job.name.startswith("matching."):
            job.run(now)


def world(now: datetime) -> tuple[Reading, Reading]:
    """An offer and a request that both speak of what no glossary knows."""
    mine = cast.offer(now, title="Ribosomenmühlen gegen solide Tumoren")
    theirs = cast.received(now, title={"ja": original("固形がん用のリボソーム製粉機を希望")})
    work(now)
    return Reading.objects.get(record=mine.id), Reading.objects.get(record=theirs)


def concepts(reading: Reading) -> list[str]:
    return list(Indexed.objects.get(reading=reading).concepts)


def test_records_and_matches_follow_a_change_without_being_encoded_again(now: datetime) -> None:
    mine, theirs = world(now)
    vectors = list(Vector.objects.order_by("pk").values_list("pk", flat=True))
    before = Match.objects.get()
    actions.change_term(viewer=cast.EDITOR, concept=NEW, why="Neu", now=now)
    work(now)
    assert "ribosome-mill" in concepts(mine)
    assert "ribosome-mill" in concepts(theirs)
    after = Match.objects.get()
    assert after.pk == before.pk
    assert "ribosome-mill" in str(after.components)
    assert list(Vector.objects.order_by("pk").values_list("pk", flat=True)) == vectors
    change = TermChange.objects.get()
    actions.undo_term(viewer=cast.EDITOR, change=change.pk, why="Irrtum", now=now)
    work(now)
    assert "ribosome-mill" not in concepts(mine)
    assert Match.objects.get().components == before.components


def test_a_record_that_does_not_name_the_concept_keeps_its_place(now: datetime) -> None:
    world(now)
    other = Reading.objects.get(record=cast.offer(now, title="Zellwandlabor").id)
    work(now)
    before = Indexed.objects.get(reading=other)
    actions.change_term(viewer=cast.EDITOR, concept=NEW, why="Neu", now=now)
    assert actions.reread_due(now=now) == Indexed.objects.count()
    after = Indexed.objects.get(reading=other)
    assert (after.stamp, after.concepts) == (before.stamp, before.concepts)
    assert after.glossary == glossary_version()
    assert actions.reread_due(now=now) == 0


def test_search_finds_by_the_new_concept_in_every_language(now: datetime) -> None:
    mine, theirs = world(now)
    actions.change_term(viewer=cast.EDITOR, concept=NEW, why="Neu", now=now)
    work(now)
    for text in ("Ribosomenmühle", "リボソーム製粉機", "ribosome mill"):
        hits = queries.search(cast.EDITOR, text, queries.Filters(), now).hits
        assert {hit.reading.pk for hit in hits[:2]} == {mine.pk, theirs.pk}


def test_pages_name_a_new_concept_although_their_process_knows_the_glossary_before_it(
    client: Client, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, _ = world(now)
    before = held_glossary._Held()
    monkeypatch.setattr(held_glossary, "_held", [held_glossary._Held()])  # the worker is a process of its own
    actions.change_term(viewer=cast.EDITOR, concept=NEW, why="Neu", now=now)
    work(now)
    client.force_login(cast.user(Role.EDITOR), "allauth.account.auth_backends.AuthenticationBackend")
    for address in (f"/en/matches/of/{mine.origin}/{mine.record}/", "/en/matches/", "/en/best/"):
        monkeypatch.setattr(held_glossary, "_held", [before])
        before._version, before._glossary = "", shipped()
        assert "ribosome mill" in client.get(address).content.decode()


def test_what_a_change_alters_is_said_before_it_is_saved_and_is_what_happens(now: datetime) -> None:
    mine, theirs = world(now)
    seen = queries.preview(cast.EDITOR, NEW.id, NEW, now)
    assert ({r.pk for r in seen.gains}, seen.gained, seen.lost) == ({mine.pk, theirs.pk}, 2, 0)
    assert ([m.pk for m in seen.joined], seen.joins, seen.parts) == ([Match.objects.get().pk], 1, 0)
    assert TermChange.objects.count() == 0
    actions.change_term(viewer=cast.EDITOR, concept=NEW, why="Neu", now=now)
    work(now)
    seen = queries.preview(cast.EDITOR, NEW.id, None, now)
    assert (seen.gained, seen.lost, seen.joins, seen.parts) == (0, 2, 0, 1)


def test_a_term_that_means_something_else_too_is_said(now: datetime) -> None:
    both = replace(NEW, others={"en": ("cancer", "mill")})
    seen = queries.preview(cast.EDITOR, both.id, both, now)
    assert [(term, other.id) for term, other in seen.also] == [("cancer", "cancer")]


def test_a_change_has_a_reason_and_can_be_undone_until_the_next_one(now: datetime) -> None:
    cancer = shipped().concepts["cancer"]
    with pytest.raises(InvalidInput):
        actions.change_term(viewer=cast.EDITOR, concept=cancer, why=" ", now=now)
    first = actions.change_term(
        viewer=cast.EDITOR, concept=replace(cancer, context=("Ärzte",)), why="Zu oft", now=now
    )
    second = actions.retire_term(viewer=cast.MANAGER, key="cancer", why="Überflüssig", now=now)
    assert "cancer" not in glossary().concepts
    with pytest.raises(Conflict):
        actions.undo_term(viewer=cast.EDITOR, change=first.pk, why="Doch nicht", now=now)
    actions.undo_term(viewer=cast.EDITOR, change=second.pk, why="Doch nicht", now=now)
    assert glossary().concepts["cancer"].context == ("Ärzte",)
    assert [row.by for row in queries.changes(cast.EDITOR, "cancer")] == [
        cast.EDITOR.actor, cast.MANAGER.actor, cast.EDITOR.actor,
    ]  # fmt: skip
    assert Entry.objects.filter(action="matching.term", object="cancer").count() == 3


@pytest.mark.parametrize("viewer", [cast.NOBODY, cast.READER, cast.member(cast.UUID(int=1))])
def test_only_the_team_curates(viewer: cast.Viewer, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        actions.change_term(viewer=viewer, concept=NEW, why="Neu", now=now)
    with pytest.raises(NotAllowed):
        queries.preview(viewer, NEW.id, NEW, now)


def test_a_concept_is_stored_as_it_was() -> None:
    for concept in shipped().concepts.values():
        assert thaw(plain(concept)) == replace(concept, others=thaw(plain(concept)).others)


def test_a_curator_looks_then_saves_then_undoes(client: Client) -> None:
    world(clock.now())
    client.force_login(cast.user(cast.Role.EDITOR, name="Erika Muster"))
    assert "Add a concept" in page(client, "/en/glossary/")
    looked = client.post("/en/glossary/new/", {**FORM, "step": "look"}).content.decode()
    assert "2 records gain the concept" in looked
    assert "1 match gains a shared concept" in looked
    assert TermChange.objects.count() == 0
    saved = client.post("/en/glossary/new/", {**FORM, "step": "save"})
    assert saved.headers["Location"] == "/en/glossary/ribosome-mill/"
    shown = page(client, "/en/glossary/ribosome-mill/")
    assert "Neu am Markt" in shown
    assert "Erika Muster" in shown
    retire = {**FORM, "why": "Doch nicht"}
    looked = client.post("/en/glossary/ribosome-mill/", {**retire, "step": "retire"}).content.decode()
    assert "What retiring it would change" in looked
    assert client.post("/en/glossary/ribosome-mill/", {**retire, "step": "retire-now"}).status_code == 302
    assert client.get("/en/glossary/ribosome-mill/").status_code == 404
    last = TermChange.objects.latest("pk")
    client.post(f"/en/glossary/changes/{last.pk}/undo/")
    assert "ribosome mill" in page(client, "/en/glossary/?q=mühle")


def test_a_new_concept_is_not_put_over_one_of_the_same_name(client: Client) -> None:
    client.force_login(cast.user(cast.Role.EDITOR))
    answer = client.post("/en/glossary/new/", {**FORM, "en": "Cancer", "step": "save"}).content.decode()
    assert "There is a concept of this name already." in answer
    assert TermChange.objects.count() == 0


def test_the_list_of_terms_asks_the_same_however_long_it_is(client: Client) -> None:
    client.force_login(cast.user(cast.Role.EDITOR))
    assert len(asked(client, "/de/glossary/")) == len(asked(client, "/de/glossary/?q=mühle"))
