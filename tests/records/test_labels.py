"""Everything that people read instead of codes has a name, and every problem says what to do."""

import pytest
from django.utils.translation import override

from kakehashi.records import audience, kinds, labels, lifecycle
from kakehashi.records.regions import names_of


@pytest.mark.parametrize("kind", kinds.KINDS)
def test_every_kind_field_and_choice_has_a_name(kind: str) -> None:
    assert {kind} <= labels.KIND.keys() & labels.KINDS.keys()
    for field in kinds.FIELDS[kind]:
        assert field.name in labels.FIELDS
        assert field.group in labels.GROUPS
        named = labels.CHOICES.get(field.name) or labels.names_of(field.name)
        assert set(field.choices) == set(named) if field.choices else True


def test_every_state_and_level_has_a_name() -> None:
    assert set(labels.STATES) == set(lifecycle.State)
    assert set(labels.AUDIENCES) == set(audience.Audience)
    assert set(labels.TLP) == set(audience.Tlp)
    assert set(labels.ONWARD) == set(audience.Onward)


def test_a_sentence_names_the_limit_of_its_field_in_the_reader_s_language() -> None:
    summary = kinds.field("offer", "summary")
    with override("de"):
        assert str(labels.say("texts-length ja", summary)).startswith("Japanisch: Hier passen höchstens 500")
    with override("ja"):
        assert "1から9" in str(labels.say("integer-range", kinds.field("offer", "trl")))


def test_regions_in_a_row_have_their_names_in_each_language() -> None:
    assert names_of(["JP-27", "JP-28"])["ja"] == "大阪府、兵庫県"
    assert names_of(["DE-BY"])["en"] == "Bavaria"
    assert names_of(["XX-1", "DE-BY"])["de"] == "XX-1, Bayern"
