"""OAI-PMH: six verbs, all errors, and lists that lose nothing while records change."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from lxml import etree

from kakehashi import clock
from kakehashi.accounts.viewer import Role
from kakehashi.outlets import jobs
from kakehashi.outlets.models import Item
from kakehashi.outlets.views import harvest
from kakehashi.records import actions
from kakehashi.records.lifecycle import State
from kakehashi.records.models import Reading, Record
from tests import cast
from tests.outlets.world import DC, OAI, ask, error, headers, notice, walk

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def name(record: Record) -> str:
    return f"oai:{cast.HERE}:{record.id}"


def withdraw(record: Record, now: datetime) -> None:
    actions.move(viewer=cast.EDITOR, record_id=record.id, to=State.WITHDRAWN, now=now)


def test_identify_says_who_answers_and_how() -> None:
    found = ask("Identify").find(f"{OAI}Identify")
    said = {child.tag.removeprefix(OAI): child.text for child in found}
    assert said["baseURL"] == "http://testserver/oai"
    assert said["protocolVersion"] == "2.0"
    assert said["deletedRecord"] == "persistent"
    assert said["granularity"] == "YYYY-MM-DDThh:mm:ssZ"
    assert said["adminEmail"] == "postmaster@munich.example"


def test_the_earliest_datestamp_is_that_of_the_first_item(now: datetime) -> None:
    cast.organisation(now)
    notice(now)
    assert ask("Identify").findtext(f".//{OAI}earliestDatestamp") == "2026-11-22T09:00:01Z"


def test_a_record_that_everyone_may_see_is_given_in_both_formats(now: datetime) -> None:
    offer = cast.offer(now)
    notice(now)
    plain = ask("GetRecord", identifier=name(offer), metadataPrefix="oai_dc")
    assert [each.text for each in plain.iter(f"{DC}title")] == [
        "Antikörper gegen solide Tumoren",
        "Antibodies for solid tumours",
    ]
    langs = [each.get("{http://www.w3.org/XML/1998/namespace}lang") for each in plain.iter(f"{DC}title")]
    assert langs == ["de", "en-t-de"]
    assert plain.findtext(f".//{DC}rights").startswith("TLP:CLEAR, until 2027-11-22")
    whole = ask("GetRecord", identifier=name(offer), metadataPrefix="kakehashi")
    assert whole.findtext(".//{urn:kakehashi:record:1}stage") == "lab_tested"


@pytest.mark.parametrize("audience", ["private", "members", "named", "agreements"])
def test_what_is_not_for_everyone_is_in_no_outlet(now: datetime, audience: str) -> None:
    owner = cast.organisation(now)
    hidden = cast.offer(now, owner, audience=audience)
    notice(now)
    assert headers(ask("ListIdentifiers", metadataPrefix="oai_dc")) == {name(owner): ""}
    assert error(ask("GetRecord", identifier=name(hidden), metadataPrefix="oai_dc")) == "idDoesNotExist"


def test_a_partner_s_record_is_in_no_outlet_even_where_everyone_may_read_it_here(now: datetime) -> None:
    record = cast.received(now, onward="public", tlp="CLEAR")
    assert Client().get(f"/en/records/osaka.example/{record}/").status_code == 200
    notice(now)
    assert error(ask("ListRecords", metadataPrefix="oai_dc")) == "noRecordsMatch"
    for origin in ("osaka.example", cast.HERE):
        asked = ask("GetRecord", identifier=f"oai:{origin}:{record}", metadataPrefix="oai_dc")
        assert error(asked) == "idDoesNotExist"


def test_staff_who_are_signed_in_get_what_everyone_gets(now: datetime) -> None:
    cast.offer(now, audience="members")
    notice(now)
    client = Client()
    client.force_login(cast.user(Role.OPERATOR))
    asked = {"verb": "ListRecords", "metadataPrefix": "kakehashi", "set": "kind:offer"}
    assert b"noRecordsMatch" in client.get("/oai", asked).content


def test_contact_data_never_go_out(now: datetime) -> None:
    owner = cast.organisation(now)
    person = {"contact": {"email": "erika@isar.example"}}
    offer = actions.create(viewer=cast.EDITOR, body=cast.offer_body(owner), person=person, now=now)
    cast.publish(offer, now, "public")
    notice(now)
    for prefix in ("oai_dc", "kakehashi"):
        whole = etree.tostring(ask("ListRecords", metadataPrefix=prefix))
        assert b"erika@isar.example" not in whole


def test_what_is_withdrawn_is_hidden_at_once_and_stays_reported_as_deleted(now: datetime) -> None:
    offer = cast.offer(now)
    notice(now)
    withdraw(offer, now + SECOND)
    before = ask("GetRecord", identifier=name(offer), metadataPrefix="oai_dc")
    assert headers(before) == {name(offer): "deleted"}  # even before the worker has noticed
    assert before.find(f".//{OAI}metadata") is None
    notice(now + 60 * SECOND)
    since = ask("ListIdentifiers", metadataPrefix="oai_dc", from_="2026-11-22T09:01:01Z")
    assert headers(since) == {name(offer): "deleted"}
    of_set = ask("ListRecords", metadataPrefix="oai_dc", set="topic:oncology", from_="2026-11-22T09:01:01Z")
    assert headers(of_set) == {name(offer): "deleted"}
    assert error(ask("ListMetadataFormats", identifier=name(offer))) == "noMetadataFormats"
    Reading.objects.filter(record=offer.id).delete()
    assert headers(ask("GetRecord", identifier=name(offer), metadataPrefix="oai_dc")) == {
        name(offer): "deleted"
    }


def test_a_record_whose_circle_is_narrowed_is_reported_as_deleted_and_comes_back_when_widened(
    now: datetime,
) -> None:
    offer = cast.offer(now)
    notice(now)
    actions.set_level(viewer=cast.EDITOR, record_id=offer.id, audience="members", now=now + SECOND)
    notice(now + 2 * SECOND)
    asked = {"identifier": name(offer), "metadataPrefix": "oai_dc"}
    assert headers(ask("GetRecord", **asked)) == {name(offer): "deleted"}
    actions.set_level(viewer=cast.EDITOR, record_id=offer.id, audience="public", now=now + 3 * SECOND)
    notice(now + 4 * SECOND)
    assert headers(ask("GetRecord", **asked)) == {name(offer): ""}
    assert ask("GetRecord", **asked).findtext(f".//{OAI}datestamp") == "2026-11-22T09:00:05Z"


def test_a_record_past_its_date_is_deleted_even_before_a_worker_runs(now: datetime) -> None:
    then = clock.now() - timedelta(days=364)
    offer = cast.offer(then)
    notice(then)
    Reading.objects.filter(record=offer.id).update(expires_at=clock.now() - SECOND)
    answered = ask("ListRecords", metadataPrefix="oai_dc", set="kind:offer")
    assert headers(answered) == {name(offer): "deleted"}


def test_nothing_to_notice_writes_nothing_and_a_change_moves_one_datestamp_only(now: datetime) -> None:
    owner, offer = cast.organisation(now), cast.offer(now)
    assert notice(now) == 3
    assert notice(now + 60 * SECOND) == 0
    actions.extend(viewer=cast.EDITOR, record_id=offer.id, now=now + 120 * SECOND)
    assert notice(now + 120 * SECOND) == 1
    stamps = dict(Item.objects.values_list("record", "stamp"))
    assert stamps[offer.id] > now + 120 * SECOND
    assert stamps[owner.id] == now + SECOND


def test_the_worker_s_job_stamps_with_the_present_second(now: datetime) -> None:
    offer = cast.offer(now)
    before = clock.now()
    assert jobs.notice(before) == 2
    assert before <= Item.objects.get(record=offer.id).stamp <= clock.now() + SECOND
    assert jobs.notice(clock.now()) == 0


def test_sets_are_kinds_and_topics_and_the_set_above_holds_all_below(now: datetime) -> None:
    owner, offer = cast.organisation(now, topics=["imaging"]), cast.offer(now)
    notice(now)
    known = [each.text for each in ask("ListSets").iter(f"{OAI}setSpec")]
    assert {"kind", "kind:offer", "topic", "topic:oncology"} <= set(known)
    assert headers(ask("ListIdentifiers", metadataPrefix="oai_dc", set="kind:offer")) == {name(offer): ""}
    assert headers(ask("ListIdentifiers", metadataPrefix="oai_dc", set="topic:imaging")) == {name(owner): ""}
    for above in ("kind", "topic"):
        assert len(headers(ask("ListIdentifiers", metadataPrefix="oai_dc", set=above))) == 3
    assert error(ask("ListIdentifiers", metadataPrefix="oai_dc", set="kind:offe")) == "noRecordsMatch"


@pytest.mark.parametrize(
    ("span", "count"),
    [
        ({"from_": "2026-11-22T09:00:01Z"}, 1),
        ({"from_": "2026-11-22T09:00:02Z"}, 0),
        ({"until": "2026-11-22T09:00:01Z"}, 1),
        ({"until": "2026-11-22T09:00:00Z"}, 0),
        ({"from_": "2026-11-22", "until": "2026-11-22"}, 1),
        ({"from_": "2026-11-23"}, 0),
        ({"until": "2026-11-21"}, 0),
    ],
)
def test_from_and_until_include_their_own_second_and_day(
    now: datetime, span: dict[str, str], count: int
) -> None:
    cast.organisation(now)
    notice(now)
    assert len(headers(ask("ListIdentifiers", metadataPrefix="oai_dc", **span))) == count


@pytest.mark.parametrize("post", [False, True])
@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({}, "badVerb"),
        ({"verb": "Identifi"}, "badVerb"),
        ({"verb": "Identify", "set": "kind"}, "badArgument"),
        ({"verb": "ListRecords"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": ""}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "marc21"}, "cannotDisseminateFormat"),
        ({"verb": "GetRecord", "metadataPrefix": "oai_dc"}, "badArgument"),
        ({"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": "x"}, "idDoesNotExist"),
        (
            {"verb": "GetRecord", "metadataPrefix": "oai_dc", "identifier": "oai:munich.example:\x00"},
            "idDoesNotExist",
        ),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "yesterday"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2026-02-30"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "0000-01-01"}, "badArgument"),
        (
            {"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2026-01-02", "until": "2026-01-01"},
            "badArgument",
        ),
        (
            {
                "verb": "ListRecords",
                "metadataPrefix": "oai_dc",
                "from": "2026-01-01",
                "until": "2026-01-01T00:00:00Z",
            },
            "badArgument",
        ),
        ({"verb": "ListRecords", "resumptionToken": "x", "metadataPrefix": "oai_dc"}, "badArgument"),
        ({"verb": "ListRecords", "resumptionToken": "made-up"}, "badResumptionToken"),
        ({"verb": "ListSets", "resumptionToken": "made-up"}, "badResumptionToken"),
        ({"verb": "ListMetadataFormats", "identifier": "oai:munich.example:1"}, "idDoesNotExist"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc"}, "noRecordsMatch"),
    ],
)
def test_what_cannot_be_answered_is_refused_with_the_code_of_the_protocol(
    asked: dict[str, str], code: str, post: bool
) -> None:
    root = ask(asked.get("verb", ""), post, **{key: value for key, value in asked.items() if key != "verb"})
    assert error(root) == code
    echoed = dict(root.find(f"{OAI}request").attrib)
    assert (echoed == {}) == (code in ("badVerb", "badArgument"))


def test_an_argument_given_twice_is_refused() -> None:
    answer = Client().get("/oai?verb=ListRecords&metadataPrefix=oai_dc&metadataPrefix=kakehashi")
    assert b'code="badArgument"' in answer.content
    assert b'code="badVerb"' in Client().get("/oai?verb=Identify&verb=Identify").content


def test_nobody_can_write_here() -> None:
    assert Client().put("/oai").status_code == 405
    assert Client().delete("/oai").status_code == 405
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/oai", {"verb": "Identify"}).status_code == 200  # asks, and carries no cookie
    assert strict.get("/oai", {"verb": "Identify"}).cookies == {}


def _many(now: datetime, count: int) -> list[Record]:
    return [cast.organisation(now + number * SECOND, name=f"Firma {number}") for number in range(count)]


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(harvest, "PAGE", 3)


@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize("verb", ["ListIdentifiers", "ListRecords"])
def test_a_long_list_comes_in_pages_that_count_themselves(now: datetime, verb: str) -> None:
    every = _many(now, 7)
    notice(now)
    pages = walk(verb, metadataPrefix="kakehashi")
    assert [len(headers(page)) for page in pages] == [3, 3, 1]
    assert set().union(*map(headers, pages)) == {name(record) for record in every}
    tokens = [page.find(f".//{OAI}resumptionToken") for page in pages]
    assert [token.get("cursor") for token in tokens] == ["0", "3", "6"]
    assert {token.get("completeListSize") for token in tokens} == {"7"}
    assert not tokens[-1].text


@pytest.mark.usefixtures("small_pages")
def test_a_token_survives_changes_and_no_record_is_lost(now: datetime) -> None:
    every = _many(now, 7)
    notice(now)
    first = ask("ListRecords", metadataPrefix="oai_dc")
    given = set(headers(first))
    changed = next(record for record in every if name(record) in given)
    waiting = [record for record in every if name(record) not in given]
    later = now + timedelta(hours=1)
    withdraw(waiting[0], later)
    actions.revise(viewer=cast.EDITOR, record_id=changed.id, body=cast.organisation_body("Neu"), now=later)
    notice(later)
    seen: dict[str, str] = {}
    token = first.findtext(f".//{OAI}resumptionToken")
    while token:
        page = ask("ListRecords", resumptionToken=token)
        seen.update(headers(page))
        token = page.findtext(f".//{OAI}resumptionToken")
    assert given | set(seen) == {name(record) for record in every}
    assert seen[name(waiting[0])] == "deleted"
    assert name(changed) in seen  # once more, in its new form


@pytest.mark.usefixtures("small_pages")
def test_a_token_is_bound_to_its_verb_and_cannot_be_bent(now: datetime) -> None:
    _many(now, 4)
    notice(now)
    token = ask("ListRecords", metadataPrefix="oai_dc").findtext(f".//{OAI}resumptionToken")
    assert error(ask("ListIdentifiers", resumptionToken=token)) == "badResumptionToken"
    assert error(ask("ListRecords", resumptionToken=token[:-1] + ("A" if token[-1] != "A" else "B"))) == (
        "badResumptionToken"
    )
    assert len(headers(ask("ListRecords", resumptionToken=token))) == 1


def test_an_identifier_of_another_node_names_nothing_here(now: datetime) -> None:
    asked = ask("GetRecord", identifier=f"oai:osaka.example:{uuid4()}", metadataPrefix="oai_dc")
    assert error(asked) == "idDoesNotExist"
