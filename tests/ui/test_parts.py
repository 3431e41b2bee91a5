"""The parts that all pages share: texts with their origin, fields, pages of lists, progress."""

from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.translation import override

from kakehashi.translation.texts import Texts, machine, original, pick, reviewed
from kakehashi.ui.templatetags.kakehashi import breakable

TEXT = "細胞治療の<受託>製造"


def part(name: str, language: str = "de", at: str = "/de/x/", **facts: Any) -> str:
    with override(language):
        return render_to_string(f"ui/{name}.html", facts, RequestFactory().get(at))


def shown(texts: Texts, language: str = "de") -> dict[str, Any]:
    return {"text": pick(texts, language)}


def test_a_machine_translation_says_so_and_keeps_the_original_one_click_away() -> None:
    texts = {"ja": original(TEXT), "de": machine("Auftragsherstellung", of=TEXT, engine="test")}
    page = part("_text", **shown(texts))
    assert '<div class="prose" lang="de-t-ja">' in page
    assert 'data-origin="machine"' in page
    assert "Maschinell aus dem Japanischen übersetzt, noch nicht geprüft" in page
    assert "<summary>" in page
    assert "Japanisches Original lesen" in page
    assert 'lang="ja"><p>細胞治療の&lt;受託&gt;製造</p>' in page


def test_a_checked_translation_names_who_checked_it() -> None:
    texts = {"ja": original(TEXT), "de": reviewed("Auftragsherstellung", of=TEXT, by="<Redaktion>")}
    page = part("_text", **shown(texts))
    assert "Aus dem Japanischen übersetzt, geprüft von &lt;Redaktion&gt;" in page
    assert 'data-origin="reviewed"' in page


def test_a_translation_of_an_older_original_says_so() -> None:
    texts = {"ja": original(TEXT), "de": machine("Auftragsherstellung", of="etwas anderes", engine="test")}
    assert "Das Original hat sich seit dieser Übersetzung geändert." in part("_text", **shown(texts))


def test_an_original_that_has_no_translation_says_so_and_has_its_language() -> None:
    page = part("_text", **shown({"ja": original(TEXT)}))
    assert 'lang="ja"' in page
    assert "Japanisches Original, noch nicht übersetzt" in page
    assert "<details" not in page


def test_an_original_in_the_reader_s_language_is_called_that() -> None:
    assert "日本語の原文" in part("_text", language="ja", **shown({"ja": original(TEXT)}, "ja"))


def test_a_text_that_is_not_there_leaves_nothing() -> None:
    assert part("_text", text=None).strip() == ""
    assert part("_origin", text=None).strip() == ""


class Profile(forms.Form):
    title = forms.CharField(label="Titel", help_text="Eine Zeile")
    kinds = forms.MultipleChoiceField(
        label="Arten", choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple, required=False
    )


def test_a_field_ties_help_and_errors_to_its_control() -> None:
    field = Profile({"title": ""})["title"]
    page = part("_field", field=field)
    assert '<label for="id_title">Titel <span class="needed">erforderlich</span></label>' in page
    described = page.split('aria-describedby="')[1].split('"')[0].split()
    assert all(f'id="{name}"' in page for name in described)
    assert len(described) == 2
    assert 'aria-invalid="true"' in page


def test_help_may_be_a_list() -> None:
    """Django gives the rules of a password as one; a paragraph may not hold it."""
    field = Profile()["title"]
    field.help_text = "<ul><li>Mindestens acht Zeichen</li></ul>"
    assert '<div class="help" id="id_title_helptext"><ul><li>' in part("_field", field=field)


def test_a_long_address_breaks_after_its_at_sign() -> None:
    assert breakable("manager@munich.example") == "manager@<wbr>munich.example"
    assert breakable("<b>@x") == "&lt;b&gt;@<wbr>x"


def test_several_boxes_are_one_group_with_a_name() -> None:
    page = part("_field", field=Profile()["kinds"])
    assert "<fieldset>" in page
    assert "<legend>Arten</legend>" in page
    assert "erforderlich" not in page


def test_a_form_that_cannot_be_used_lists_what_to_mend_with_links() -> None:
    page = part("_errors", form=Profile({"title": "", "kinds": ["c"]}))
    assert 'role="alert"' in page
    assert '<a href="#id_title">Titel</a>' in page
    assert "Es ist noch nichts gespeichert." in page
    assert part("_errors", form=Profile()).strip() == ""


@pytest.mark.parametrize(("number", "before", "after"), [(1, False, True), (2, True, True), (3, True, False)])
def test_the_way_through_a_list_keeps_the_filters(number: int, before: bool, after: bool) -> None:
    page = part("_pagination", at="/de/x/?side=osaka&page=9", page=Paginator(range(25), 10).page(number))
    assert f"Seite {number} von 3" in page
    assert ('rel="prev"' in page, 'rel="next"' in page) == (before, after)
    assert "side=osaka" in page
    assert "page=9" not in page


def test_a_short_list_has_no_pages() -> None:
    assert part("_pagination", page=Paginator(range(5), 10).page(1)).strip() == ""


def test_progress_tells_how_far_it_is_and_looks_again_by_itself() -> None:
    page = part("_progress", words="Treffer werden berechnet.", done=1200, all=3000, address="/de/x/")
    assert 'role="status"' in page
    assert "1\u202f200 von 3\u202f000" in page
    assert 'hx-trigger="every 3s"' in page
    assert '<progress value="1200" max="3000"' in page
    assert "hx-get" not in part("_progress", words="Fertig.", done=0, all=0)


def test_an_empty_place_says_what_to_do() -> None:
    page = part(
        "_empty",
        title="Noch kein Partner.",
        text="Fügen Sie einen hinzu.",
        address="/de/p/",
        action="Hinzufügen",
    )
    assert '<a href="/de/p/">Hinzufügen</a>' in page
    assert "Fügen Sie einen hinzu." in page
