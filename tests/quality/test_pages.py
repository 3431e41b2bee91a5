"""The part of a record's page that tells its editors what to mend."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from kakehashi import clock
from kakehashi.accounts.viewer import Role
from kakehashi.errors import InvalidInput
from kakehashi.importers import queries as importers
from kakehashi.quality import labels
from kakehashi.quality.check import objections
from kakehashi.quality.findings import Severity
from kakehashi.records import actions
from kakehashi.records.lifecycle import State
from kakehashi.records.models import Record
from kakehashi.records.sentences import say
from kakehashi.translation.texts import original
from tests import cast
from tests.importers import made

pytestmark = pytest.mark.django_db


def part(
    record: Any, role: Role = Role.EDITOR, lang: str = "en", *, part_only: bool = True, **facts: Any
) -> Any:
    client = Client()
    client.force_login(cast.user(role, **facts))
    with override(lang):
        address = reverse("quality:for-record", args=[cast.HERE, record.id])
        return client.get(address, headers={"hx-request": "true"} if part_only else {})


def test_without_script_the_findings_are_a_page_of_their_own() -> None:
    page = part(cast.offer(clock.now(), trl=2), part_only=False).content.decode()
    assert '<html lang="en">' in page
    assert "TRL 2" in page


def test_an_editor_sees_the_sentence_with_its_words_and_what_to_do() -> None:
    record = cast.offer(clock.now(), body={"de": original("Es misst. Wir messen <i>mit</i>.")})
    page = part(record).content.decode()
    assert "<html" not in page
    assert "Written in the first person." in page
    assert '<blockquote lang="de"><b>Wir</b> messen &lt;i&gt;mit&lt;/i&gt;.</blockquote>' in page
    assert "Write in the third person" in page
    assert "Es misst" not in page


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("de", "TRL 2 passt nicht zu „im Labor geprüft“; üblich ist 3 bis 6."),
        ("ja", "TRL 2は「実験室で確認済み」と合いません。"),
    ],
)
def test_facts_are_said_in_the_reader_s_language(lang: str, words: str) -> None:
    record = cast.offer(clock.now(), trl=2)
    page = part(record, lang=lang).content.decode()
    assert words in page


def test_members_see_it_for_their_own_records_and_nobody_else_does() -> None:
    record = cast.offer(clock.now())
    assert part(record, Role.MEMBER, organisation=record.owner).status_code == 200
    assert part(record, Role.READER).status_code == 404
    address = reverse("quality:for-record", args=[cast.HERE, record.id])
    assert Client().get(address).status_code == 404


def test_other_kinds_have_no_such_part() -> None:
    assert part(cast.organisation(clock.now())).content == b""


def test_every_code_that_a_rule_can_give_has_its_words() -> None:
    folder = Path(labels.__file__).parent
    rules = ("tone", "claims", "confidential", "content", "consistency")
    source = "".join((folder / f"{name}.py").read_text("utf-8") for name in rules)
    given = set(re.findall(r'(?:Finding|finding|_whole)\(\s*(?:wording, )?"([a-z-]+)"', source))
    given |= set(re.findall(r'\("([a-z-]+)", Severity', source)) | {"contact-email", "contact-phone"}
    fields = {"body", "sought_partner", "stage", "ipr", "technical", "keywords"}
    given -= fields | {"advantages", "differentiation", "partner_types"}
    assert len(given) > 25
    assert given == set(labels.WORDS)
    assert set(labels.SEVERITIES) == set(Severity)


UNPUBLISHED = "Die Anmeldung PCT/EP2026/123456 schützt das Verfahren."
WHAT_TO_DO = "Take it out, or give the publication number once there is one."


def publish(record: Record, client: Client, **form: str) -> str:
    """What the record's page says after somebody pressed the button."""
    with override("en"):
        change = reverse("records:change", args=[cast.HERE, record.id])
    return client.post(change, {"to": "published", **form}, follow=True).content.decode()


@pytest.mark.parametrize("form", [{}, {"overrule": "on"}])
def test_a_record_with_a_blocker_is_not_published_and_its_editor_reads_why_and_what_to_do(
    form: dict[str, str],
) -> None:
    now, client = clock.now(), Client()
    client.force_login(cast.user(Role.EDITOR))
    body = cast.offer_body(cast.organisation(now), body={"de": original(UNPUBLISHED)})
    record = actions.create(viewer=cast.EDITOR, body=body, now=now)
    page = publish(record, client, **form)
    assert "probably not published yet" in page
    assert WHAT_TO_DO in page
    record.refresh_from_db()
    assert record.state == State.DRAFT
    mended = {**body, "body": {"de": original("Das Verfahren ist zum Patent angemeldet.")}}
    actions.revise(viewer=cast.EDITOR, record_id=record.id, body=mended, now=now)
    publish(record, client)
    record.refresh_from_db()
    assert record.state == State.PUBLISHED


def test_a_record_that_is_public_takes_no_blocker_in_and_a_draft_does() -> None:
    now = clock.now()
    record = cast.offer(now)
    body = {**record.revisions.get().body, "een_type": "TR"}
    body.pop("revision")
    with pytest.raises(InvalidInput) as refused:
        actions.revise(viewer=cast.EDITOR, record_id=record.id, body=body, now=now)
    assert refused.value.problems == {"een_type": ["type-of-other-kind"]}
    actions.move(viewer=cast.EDITOR, record_id=record.id, to=State.WITHDRAWN, now=now)
    assert actions.revise(viewer=cast.EDITOR, record_id=record.id, body=body, now=now).revision == 2


def test_the_form_says_at_the_field_what_stands_against_publication() -> None:
    now, client = clock.now(), Client()
    client.force_login(cast.user(Role.EDITOR))
    owner = cast.organisation(now)
    typed = {
        **{"lang": "de", "organisation": str(owner.id), "een_type": "TR", "partnership": "licence"},
        **{
            "title_de": "Antikörper",
            "summary_de": "Ein Antikörper gegen solide Tumoren.",
            "topics": "oncology",
        },
        **{"audience": "public", "tlp": "", "onward": "none", "base": "0", "do": "publish"},
    }
    page = client.post("/en/records/new/offer/", typed).content.decode()
    assert "This profile type belongs to the other kind of record." in page
    assert "Offers are TO or BO" in page
    assert 'name="overrule"' not in page
    assert client.post("/en/records/new/offer/", {**typed, "een_type": "TO"}).status_code == 302


@pytest.mark.parametrize("language", ["de", "ja", "en"])
def test_every_blocker_says_why_and_what_to_do(language: str) -> None:
    now = clock.now()
    body = {
        **cast.offer_body(cast.organisation(now)),
        "een_type": "TR",
        "body": {"de": original(UNPUBLISHED)},
    }
    codes = {code for codes in objections(body, now).values() for code in codes}
    assert codes == set(labels.OBJECTIONS)
    with override(language):
        for code in codes:
            wrong, better = labels.WORDS[code]
            assert str(wrong) in str(say(code))
            assert str(better) in str(say(code))


def test_a_line_of_a_spreadsheet_with_a_blocker_becomes_a_draft() -> None:
    now = clock.now()
    cast.organisation(now)
    line = {**made.OFFER, "body.de": UNPUBLISHED}
    data = made.as_csv(made.rows(line))
    plan = importers.plan(cast.EDITOR, "offer", "offers.csv", data, now)
    assert [step.doubtful for step in plan.steps] == [True]
