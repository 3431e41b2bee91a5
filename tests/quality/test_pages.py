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
from kakehashi.quality import labels
from kakehashi.quality.findings import Severity
from kakehashi.translation.texts import original
from tests import cast

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
