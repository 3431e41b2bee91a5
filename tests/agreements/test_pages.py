"""Pages of agreements: they render for every role in three languages, and say what is so."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from kakehashi.accounts.viewer import Role
from kakehashi.agreements import actions, cards, queries, shape, signatures
from kakehashi.agreements.models import Agreement, Partner
from kakehashi.agreements.terms import State
from kakehashi.records.models import Passage
from kakehashi.signing import canonical
from kakehashi.signing.keys import fingerprint
from tests import cast
from tests.agreements import parties, partnership
from tests.agreements.parties import KYOTO, MUNICH, OSAKA, bilateral, card
from tests.agreements.partnership import HERE, THERE
from tests.cast import MANAGER
from tests.home import MUNICH as HOME

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_home")]
LANGUAGES = ("de", "ja", "en")
TEAM = (Role.EDITOR, Role.MANAGER, Role.OPERATOR)
OTHERS = (None, Role.READER, Role.MEMBER)


def visitor(role):
    client = Client()
    if role is not None:
        client.force_login(cast.user(role))
    return client


def address(name, *arguments, language="en"):
    with translation.override(language):
        return reverse(f"agreements:{name}", args=arguments)


def short(agreement):
    return queries.short(agreement.hash)


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", [*OTHERS, *TEAM])
def test_the_agreement_in_force_is_read_by_everybody_in_three_languages(role, language, now):
    agreement = partnership.active(now)
    client = visitor(role)
    page = client.get(address("detail", short(agreement), language=language))
    assert page.status_code == 200
    assert f'<html lang="{language}"' in page.content.decode()
    with translation.override(language):
        assert str(agreement.document["title"][language]) in text(page)
        assert agreement.document["clauses"][4]["text"][language][:20] in text(page)
    assert fingerprint(OSAKA.public) in text(page)
    assert client.get(address("overview", language=language)).status_code == 200


@pytest.mark.parametrize("role", OTHERS)
def test_drafts_and_partners_are_for_the_team_only(role, now):
    partnership.partner(now)
    agreement = partnership.proposal(now)
    client = visitor(role)
    for name in ("detail", "document", "sign", "end"):
        assert client.get(address(name, short(agreement))).status_code == 404
    assert short(agreement) not in client.get(address("overview")).content.decode()
    for page in (
        address("partners"),
        address("partner-add"),
        address("partner", THERE),
        address("propose", THERE),
    ):
        assert client.get(page).status_code == 403


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", TEAM)
def test_the_team_reads_drafts_and_partners_and_only_managers_find_the_ways_to_act(role, language, now):
    partnership.partner(now)
    agreement = partnership.proposal(now)
    client = visitor(role)
    manager = role >= Role.MANAGER
    draft = client.get(address("detail", short(agreement), language=language))
    assert draft.status_code == 200
    assert (address("sign", short(agreement), language=language) in draft.content.decode()) == manager
    for name in ("partners", "overview"):
        assert client.get(address(name, language=language)).status_code == 200
    assert client.get(address("partner", THERE, language=language)).status_code == 200
    for page in (
        address("sign", short(agreement), language=language),
        address("end", short(agreement), language=language),
        address("partner-add", language=language),
        address("propose", THERE, language=language),
    ):
        assert client.get(page).status_code == (200 if manager else 403)


@pytest.mark.parametrize("role", [*OTHERS, Role.EDITOR])
@pytest.mark.parametrize("name", ["withdraw", "suspend", "retry"])
def test_nobody_but_managers_changes_an_agreement(role, name, now):
    agreement = partnership.active(now)
    page = visitor(role).post(address(name, short(agreement)), {"suspended": "1"})
    assert page.status_code == 403
    agreement.refresh_from_db()
    assert (agreement.state, agreement.suspended) == (State.ACTIVE, False)


def test_the_front_door_leads_to_the_one_agreement_in_force(now):
    agreement = partnership.active(now)
    page = visitor(None).get(address("list"))
    assert page.status_code == 302
    assert page["Location"] == address("detail", short(agreement))


def test_without_an_agreement_the_page_says_what_to_do():
    assert "There is no agreement yet." in text(visitor(None).get(address("list")))
    assert address("partners") in visitor(Role.MANAGER).get(address("list")).content.decode()


def test_a_partner_is_added_confirmed_and_proposed_to_in_the_browser_and_the_draft_signed(now):
    client = visitor(Role.MANAGER)
    page = client.post(address("partner-add"), {"card": cards.write(card())})
    assert page["Location"] == address("partner", THERE)
    page = client.get(address("partner", THERE))
    assert fingerprint(OSAKA.public) in text(page)
    unticked = client.post(address("partner", THERE), {"fingerprint": fingerprint(OSAKA.public)})
    assert unticked.status_code == 200
    assert Partner.objects.get().fingerprint_confirmed_at is None
    client.post(address("partner", THERE), {"fingerprint": fingerprint(OSAKA.public), "compared": "on"})
    assert Partner.objects.get().fingerprint_confirmed_at == now
    proposal = {
        "kinds": ["offer", "practice"],
        "topics": ["oncology"],
        "tlp_max": "GREEN",
        "onward": "none",
        "starts": "2026-11-22",
        "years": "2",
        "notice_days": "90",
    }
    client.post(address("propose", THERE), proposal)
    agreement = Agreement.objects.get()
    assert {tuple(grant["kinds"]) for grant in agreement.document["grants"]} == {("offer",), ("practice",)}
    assert agreement.document["grants"][0]["regions"] == HOME.regions
    page = client.post(address("sign", short(agreement)), {"at_once": "1"})
    assert page["Location"] == address("detail", short(agreement))
    assert [delivery.what for delivery in queries.due_deliveries(now)] == ["draft"]


def test_personal_parts_are_proposed_only_in_the_direction_that_has_a_basis(now):
    partnership.partner(now)
    client = visitor(Role.MANAGER)
    facts = {
        "kinds": ["academic"],
        "tlp_max": "GREEN",
        "onward": "none",
        "starts": "2026-12-01",
        "years": "1",
    }
    client.post(address("propose", THERE), {**facts, "notice_days": "30", "basis_in": "appi-28-consent"})
    parts = {grant["from"]: grant["parts"] for grant in Agreement.objects.get().document["grants"]}
    assert parts == {HERE: ["body"], THERE: ["body", "person"]}


@pytest.mark.parametrize(
    ("pasted", "reason"),
    [
        ("hello", cards.NO_CARD),
        ("[" * 3000, cards.NO_CARD),
        (cards.write({**card(), "node": "x:80"}), shape.WRONG_FORM),
        (cards.write({**card(), "address": "http://169.254.169.254/"}), shape.WRONG_FORM),
        (cards.write({**card(), "root": ["z6Mk"]}), "This is no usable public key."),
    ],
)
def test_a_card_that_is_none_is_refused_with_a_reason(pasted, reason):
    page = visitor(Role.MANAGER).post(address("partner-add"), {"card": pasted})
    assert page.status_code == 200
    assert reason in text(page)
    assert not Partner.objects.exists()


def upload(content):
    return SimpleUploadedFile("signed.json", content)


def test_a_signature_made_elsewhere_is_uploaded_and_a_wrong_one_refused(now):
    partnership.partner(now)
    agreement = partnership.proposal(now)
    client = visitor(Role.MANAGER)
    for wrong in (
        b"<html>",
        canonical.encode(signatures.sign(agreement.document, THERE, OSAKA, now)),
        canonical.encode(signatures.sign(bilateral(notice_days=3), HERE, MUNICH, now)),
        b"[]",
    ):
        page = client.post(address("sign", short(agreement)), {"signed": upload(wrong)})
        assert page.status_code == 200
        assert 'role="alert"' in page.content.decode()
    right = canonical.encode(signatures.sign(agreement.document, HERE, MUNICH, now)) + b"\n"
    page = client.post(address("sign", short(agreement)), {"signed": upload(right)})
    assert page.status_code == 302
    assert [proof.node for proof in agreement.proofs.all()] == [HERE]


def test_the_downloaded_document_is_what_is_signed_and_the_signed_one_verifies(now):
    agreement = partnership.active(now)
    client = visitor(None)
    data = client.get(address("document", short(agreement))).content
    assert canonical.decode(data, limit=10**6) == agreement.document
    signed = canonical.decode(
        client.get(address("document", short(agreement)) + "?signed").content, limit=10**6
    )
    assert list(signatures.signers(signed, signed["proof"])) == [HERE, THERE]


def test_a_manager_ends_an_agreement_and_too_short_a_notice_is_said_at_the_field(now):
    agreement = partnership.active(now)
    client = visitor(Role.MANAGER)
    page = client.post(address("end", short(agreement)), {"reason": "notice", "effective": "2026-12-24"})
    assert "The agreement asks for a longer notice than this." in text(page)
    page = client.post(address("end", short(agreement)), {"reason": "cause", "effective": "2026-11-22"})
    assert page.status_code == 302
    agreement.refresh_from_db()
    assert agreement.state == State.ENDED


def test_a_signed_declaration_made_elsewhere_is_uploaded(now):
    agreement = partnership.active(now)
    ending = signatures.termination(agreement.hash, HERE, now + timedelta(days=200), "notice", now)
    ending["proof"] = [signatures.sign(ending, HERE, MUNICH, now)]
    data = {"upload": "1", "signed": upload(canonical.encode(ending))}
    assert visitor(Role.MANAGER).post(address("end", short(agreement)), data).status_code == 302
    assert queries.terminations(MANAGER, agreement).get().by == HERE


def test_the_switch_suspends_and_resumes(now):
    agreement = partnership.active(now)
    client = visitor(Role.MANAGER)
    client.post(address("suspend", short(agreement)), {"suspended": "1"})
    assert "suspended on this node" in text(client.get(address("detail", short(agreement))))
    client.post(address("suspend", short(agreement)), {"suspended": "0"})
    assert "suspended on this node" not in text(client.get(address("detail", short(agreement))))


def test_a_clause_without_evidence_says_so_and_shows_dotted(now):
    agreement = partnership.active(now)
    page = visitor(None).get(address("detail", short(agreement)))
    assert text(page).count("No evidence yet.") == 5
    assert page.content.decode().count('class="still"') == 5


def test_text_from_a_hostile_partner_is_shown_as_text(now):
    partnership.partner(now)
    title = {"en": "<script>alert(1)</script>", "de": "<img src=x onerror=alert(1)>"}
    agreement = partnership.received(now, bilateral(parties=bilateral()["parties"]) | {"title": title})
    page = visitor(Role.MANAGER).get(address("detail", short(agreement))).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_an_agreement_of_three_names_all_three_and_their_ways(now):
    partnership.partner(now)
    partnership.partner(now, "kyoto.example", KYOTO)
    agreement = partnership.proposal(now, parties.trilateral())
    page = text(visitor(Role.MANAGER).get(address("detail", short(agreement))))
    for words in ("Munich to all others", "Osaka to all others", "Kyoto to all others"):
        assert words in page


def test_what_has_not_reached_the_partner_is_said_and_can_be_sent_again(now):
    partnership.partner(now)
    agreement = partnership.sign_here(partnership.proposal(now), now)
    delivery = queries.due_deliveries(now)[0]
    actions.delivery_failed(delivery_id=delivery.pk, failure="not-a-party", now=now, final=True)
    client = visitor(Role.MANAGER)
    page = text(client.get(address("detail", short(agreement))))
    assert "tried once without success (not-a-party)" in page
    client.post(address("retry", short(agreement)))
    assert len(queries.due_deliveries(now)) == 1


def test_the_page_of_an_agreement_costs_a_fixed_number_of_queries(now, django_assert_max_num_queries):
    agreement = partnership.active(now)
    with django_assert_max_num_queries(6):
        Client().get(address("detail", short(agreement)))


def test_each_number_leads_to_the_records_behind_it_and_idleness_is_said(now, monkeypatch):
    agreement = partnership.active(now)
    cast.received(now)
    Passage.objects.update(agreement=agreement.hash, clause="c1")
    client = Client()
    page = client.get(address("detail", short(agreement))).content.decode()
    (link,) = re.findall(r'data-side="osaka"><span[^>]*>[^<]*</span><a href="([^"]+)">1</a>', page)
    assert link.replace("&amp;", "&") == reverse("matching:search") + "?side=osaka&clause=c1"
    assert (
        "固形がんに対する抗体薬物複合体の導入を希望"
        in client.get(link.replace("&amp;", "&")).content.decode()
    )
    assert page.count('class="still"') == 4
    monkeypatch.setattr("kakehashi.clock.now", lambda: now + timedelta(days=47))
    assert "Idle for 47 days." in text(client.get(address("detail", short(agreement))))


def test_the_state_of_the_exchange_is_a_fragment_with_a_link_for_those_without_script(now):
    agreement = partnership.active(now)
    page = Client().get(address("detail", short(agreement))).content.decode()
    (fragment,) = re.findall(r'hx-get="([^"]+)"', page.split('id="agreement-state"')[1][:200])
    assert f'<a href="{fragment}">' in page
    assert Client().get(fragment).status_code == 200
