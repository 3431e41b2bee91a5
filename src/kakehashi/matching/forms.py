"""The form of one concept of the glossary."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kakehashi.matching.concepts import LANGUAGES, Concept
from kakehashi.records.kinds import TOPIC_CODES
from kakehashi.records.lint import contacts
from kakehashi.records.topics import TOPICS
from kakehashi.ui.languages import reader_language

TERM = 120  # characters
MOST = 30  # further terms of one language


def _name(label: Any, lang: str) -> forms.CharField:
    return forms.CharField(label=label, max_length=TERM, widget=forms.TextInput(attrs={"lang": lang}))


class Lines(forms.CharField):
    """Several terms, one a line."""

    def __init__(self, **facts: Any) -> None:
        lang = facts.pop("lang", "")
        widget = forms.Textarea(attrs={"rows": 3, **({"lang": lang} if lang else {})})
        super().__init__(required=False, max_length=TERM * MOST, widget=widget, **facts)

    def to_python(self, value: Any) -> Any:
        lines = [" ".join(line.replace("|", " ").split())[:TERM] for line in str(value or "").splitlines()]
        return "\n".join(dict.fromkeys(filter(None, lines[:MOST])))


class ConceptForm(forms.Form):
    """Names in three languages, further forms, and when an abbreviation counts."""

    topic = forms.ChoiceField(label=_("Topic"))
    de = _name(_("German: preferred term"), "de")
    de_others = Lines(label=_("German: further forms, one a line"), lang="de")
    ja = _name(_("Japanese: preferred term"), "ja")
    reading = forms.CharField(
        label=_("Reading in kana"),
        max_length=TERM,
        required=False,
        widget=forms.TextInput(attrs={"lang": "ja"}),
    )
    ja_others = Lines(label=_("Japanese: further forms, one a line"), lang="ja")
    en = _name(_("English: preferred term"), "en")
    en_others = Lines(label=_("English: further forms, one a line"), lang="en")
    context = Lines(
        label=_("Words beside which an abbreviation counts, one a line"),
        help_text=_(
            "Only for abbreviations that usually mean something else. Without words here each form counts."
        ),
    )
    why = forms.CharField(label=_("Why this is changed"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = sorted((TOPICS[code][reader_language()], code) for code in TOPIC_CODES)
        choices = [(code, name) for name, code in names]
        self.fields["topic"] = forms.ChoiceField(label=self.fields["topic"].label, choices=choices)

    def clean_why(self) -> str:
        """It may go to the partners, as the names do."""
        why = str(self.cleaned_data["why"])
        if contacts(why):
            raise forms.ValidationError(_("Please leave e-mail addresses and telephone numbers out."))
        return why

    def concept(self, key: str = "") -> Concept:
        """What was entered; a new concept is called after its English name."""
        said = self.cleaned_data
        return Concept(
            id=key or slug(said["en"]),
            topic=said["topic"],
            names={lang: said[lang] for lang in LANGUAGES},
            others={lang: tuple(said[f"{lang}_others"].splitlines()) for lang in LANGUAGES},
            reading=said["reading"],
            context=tuple(said["context"].splitlines()),
        )


def slug(name: str) -> str:
    """The id of a concept with that English name."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:80]


def initial(concept: Concept) -> dict[str, str]:
    """A concept as the form shows it."""
    return {
        "topic": concept.topic,
        "reading": concept.reading,
        "context": "\n".join(concept.context),
        **concept.names,
        **{f"{lang}_others": "\n".join(concept.others.get(lang, ())) for lang in LANGUAGES},
    }
