"""The clients that others wrote, against a server that really listens: sickle, oaipmh-scythe, feedparser."""

import warnings
from datetime import datetime, timedelta
from typing import Any

import feedparser
import pytest
from oaipmh_scythe import Scythe
from pytest_django.live_server_helper import LiveServer
from sickle import Sickle
from sickle.oaiexceptions import BadArgument, CannotDisseminateFormat, IdDoesNotExist, NoRecordsMatch

from kakehashi.outlets.views import harvest
from kakehashi.records import actions
from kakehashi.records.lifecycle import State
from kakehashi.records.models import Record
from tests import cast
from tests.outlets.world import notice

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.vectors]


@pytest.fixture
def records(now: datetime, monkeypatch: pytest.MonkeyPatch) -> list[Record]:
    """Seven records of two kinds, the last one withdrawn; pages of three."""
    monkeypatch.setattr(harvest, "PAGE", 3)
    owner = cast.organisation(now)
    every = [owner, *(cast.offer(now, owner, title=f"Antikörper {number}") for number in range(6))]
    notice(now)
    later = now + timedelta(hours=1)
    actions.move(viewer=cast.EDITOR, record_id=every[-1].id, to=State.WITHDRAWN, now=later)
    notice(later)
    return every


def names(records: list[Record]) -> set[str]:
    return {f"oai:munich.example:{record.id}" for record in records}


def test_sickle_harvests_everything_page_by_page_and_hears_of_deletions(
    live_server: LiveServer, records: list[Record]
) -> None:
    sickle = Sickle(f"{live_server.url}/oai")
    assert sickle.Identify().deletedRecord == "persistent"
    assert {each.metadataPrefix for each in sickle.ListMetadataFormats()} == {"oai_dc", "kakehashi"}
    assert "topic:oncology" in {each.setSpec for each in sickle.ListSets()}
    found = list(sickle.ListRecords(metadataPrefix="oai_dc"))
    assert {each.header.identifier for each in found} == names(records)
    assert {each.header.identifier for each in found if each.deleted} == names(records[-1:])
    offers = sickle.ListRecords(metadataPrefix="oai_dc", set="kind:offer", ignore_deleted=True)
    assert sorted(each.metadata["title"][0] for each in offers) == [f"Antikörper {n}" for n in range(5)]
    one = sickle.GetRecord(identifier=min(names(records[:1])), metadataPrefix="kakehashi")
    assert "urn:kakehashi:record:1" in one.raw


def test_sickle_takes_only_what_changed_and_understands_every_refusal(
    live_server: LiveServer, records: list[Record]
) -> None:
    sickle = Sickle(f"{live_server.url}/oai", http_method="POST")
    changed = sickle.ListIdentifiers(**{"metadataPrefix": "oai_dc", "from": "2026-11-22T09:30:00Z"})
    assert {each.identifier for each in changed} == names(records[-1:])
    refusals: list[tuple[type[Exception], dict[str, Any]]] = [
        (NoRecordsMatch, {"metadataPrefix": "oai_dc", "from": "2030-01-01"}),
        (CannotDisseminateFormat, {"metadataPrefix": "marc21"}),
        (BadArgument, {"metadataPrefix": "oai_dc", "until": "tomorrow"}),
    ]
    for refusal, asked in refusals:
        with pytest.raises(refusal):
            sickle.ListRecords(**asked)
    with pytest.raises(IdDoesNotExist):
        sickle.GetRecord(identifier="oai:munich.example:none", metadataPrefix="oai_dc")


def test_scythe_harvests_the_same(live_server: LiveServer, records: list[Record]) -> None:
    with Scythe(f"{live_server.url}/oai") as scythe:
        assert scythe.identify().protocolVersion == "2.0"
        found = {
            each.header.identifier: each.deleted for each in scythe.list_records(metadata_prefix="oai_dc")
        }
        assert set(found) == names(records)
        assert [name for name, deleted in found.items() if deleted] == list(names(records[-1:]))
        heads = list(scythe.list_identifiers(metadata_prefix="kakehashi", set_="kind:organisation"))
        assert [each.identifier for each in heads] == list(names(records[:1]))


def test_feedparser_reads_the_feed_and_asks_again_cheaply(
    live_server: LiveServer, records: list[Record]
) -> None:
    address = f"{live_server.url}/en/feeds/atom.xml?kind=offer"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        feed = feedparser.parse(address)
        again = feedparser.parse(address, etag=feed.etag)
        since = feedparser.parse(address, modified=feed.modified)
    assert not feed.bozo
    assert feed.version == "atom10"
    assert feed.feed.language == "en"
    assert {entry.id for entry in feed.entries} == {f"urn:uuid:{record.id}" for record in records[1:-1]}
    assert all(entry.title == "Antibodies for solid tumours" for entry in feed.entries)
    assert {tag.term for tag in feed.entries[0].tags} == {"offer", "antibodies", "oncology"}
    assert (again.status, since.status) == (304, 304)
