"""Forms of agreements: a partner's card, the fingerprint, a proposal, a signature made elsewhere, an end."""

from datetime import UTC, date, datetime, time
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from kakehashi.agreements import labels
from kakehashi.agreements.document import LEVELS, ONWARD, Document, Permission, build
from kakehashi.agreements.terms import years_later
from kakehashi.records.kinds import CONVERSATION, KINDS, OF_NODE
from kakehashi.records.topics import TOPICS
from kakehashi.ui.languages import reader_language

MOST_BYTES = 262_144
DateInput = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def topic_choices() -> list[tuple[str, str]]:
    """All topics in the reader's language."""
    return [(code, names[reader_language()]) for code, names in TOPICS.items()]


class CardForm(forms.Form):
    """The card of a partner, as its people sent it."""

    card = forms.CharField(
        label=_("The partner’s card"),
        help_text=_(
            "Your partner finds it on its own page “Partners” and sends it to you. Paste all of it here."
        ),
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        max_length=20_000,
    )


class ConfirmForm(forms.Form):
    """The fingerprint, compared by two people."""

    compared = forms.BooleanField(
        label=_(
            "We have compared all ten groups by telephone or video, and they are the same on both sides."
        ),
    )
    fingerprint = forms.CharField(widget=forms.HiddenInput, max_length=80)


class ProposalForm(forms.Form):
    """A first version from the clause library, both ways alike but for the regions."""

    kinds = forms.MultipleChoiceField(
        label=_("What may cross"),
        choices=[(kind, labels.KINDS[kind]) for kind in (*KINDS, *CONVERSATION)],
        initial=[kind for kind in (*KINDS, *CONVERSATION) if kind not in OF_NODE],
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices"}),
    )
    topics = forms.MultipleChoiceField(
        label=_("Topics"),
        help_text=_("None chosen means all topics."),
        required=False,
        choices=topic_choices,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices"}),
    )
    tlp_max = forms.ChoiceField(
        label=_("Up to level"), choices=[(level, labels.LEVELS[level]) for level in LEVELS], initial="AMBER"
    )
    onward = forms.ChoiceField(
        label=_("Passing on"), choices=[(level, labels.ONWARD[level]) for level in ONWARD], initial="members"
    )
    basis_out = forms.ChoiceField(
        label=_("Basis for personal data that we give"),
        help_text=_("Without a basis, personal parts stay at home."),
        choices=[("", _("none, personal parts stay at home")), *labels.BASES.items()],
        required=False,
    )
    basis_in = forms.ChoiceField(
        label=_("Basis for personal data that we receive"),
        choices=[("", _("none, personal parts stay at home")), *labels.BASES.items()],
        required=False,
    )
    starts = forms.DateField(label=_("Begins on"), widget=DateInput)
    years = forms.TypedChoiceField(
        label=_("Years"), coerce=int, choices=[(n, str(n)) for n in (1, 2, 3, 4, 5)], initial=3
    )
    notice_days = forms.IntegerField(label=_("Notice in days"), min_value=0, max_value=365, initial=183)

    def document(
        self, parties: list[Document], own: str, regions: dict[str, list[str]], former: Document | None = None
    ) -> Document:
        """The draft between `parties`; `regions` by node. InvalidInput if it could not be an agreement."""
        facts = self.cleaned_data
        bases = [
            {"from": sender["node"], "to": receiver["node"], "ref": ref}
            for sender in parties
            for receiver in parties
            if sender is not receiver and (ref := facts["basis_out" if sender["node"] == own else "basis_in"])
        ]
        with_person = {basis["from"] for basis in bases}
        permissions = [
            Permission(
                party["node"],
                regions=tuple(regions[party["node"]]),
                kinds=tuple(facts["kinds"]),
                topics=tuple(facts["topics"]) or ("*",),
                tlp_max=facts["tlp_max"],
                parts=("body", "person") if party["node"] in with_person else ("body",),
                onward=facts["onward"],
            )
            for party in parties
        ]
        starts = midnight(facts["starts"])
        return build(
            id=uuid4(),
            former=former,
            parties=parties,
            permissions=permissions,
            starts=starts,
            until=years_later(starts, facts["years"]),
            notice_days=facts["notice_days"],
            basis=bases,
        )


class FirstProposalForm(ProposalForm):
    """A first version, to which further partners can be invited."""

    others = forms.MultipleChoiceField(
        label=_("Further parties"),
        help_text=_("All parties read what each of them gives."),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices"}),
    )

    def __init__(self, *args: Any, others: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if others:
            self.fields["others"].choices = others  # type: ignore[attr-defined]
        else:
            del self.fields["others"]


def initial_of(document: Document, own: str, starts: date) -> dict[str, Any]:
    """What the form shows for a version that follows `document`."""
    grants = document["grants"]
    topics = [] if any(grant["topics"] == ["*"] for grant in grants) else grants[0]["topics"]
    bases = {basis["from"] == own: basis["ref"] for basis in document["personal_data"]["basis"]}
    return {
        "kinds": list(dict.fromkeys(kind for grant in grants for kind in grant["kinds"])),
        "topics": topics,
        "tlp_max": grants[0]["tlp_max"],
        "onward": grants[0]["onward"],
        "basis_out": bases.get(True, ""),
        "basis_in": bases.get(False, ""),
        "notice_days": document["term"]["notice_days"],
        "starts": starts,
    }


class SignedFileForm(forms.Form):
    """What `kakehashi agreement sign` wrote: a proof, or a signed termination."""

    signed = forms.FileField(
        label=_("The signed file"), help_text=_("As “kakehashi agreement sign” has written it.")
    )

    def clean_signed(self) -> bytes:
        upload = self.cleaned_data["signed"]
        if upload.size > MOST_BYTES:
            raise forms.ValidationError(_("This file is too large to be a signature."))
        data: bytes = upload.read()
        return data.strip()


class EndForm(forms.Form):
    """When and why an agreement shall end."""

    reason = forms.ChoiceField(
        label=_("How it ends"), choices=labels.REASONS.items(), widget=forms.RadioSelect
    )
    effective = forms.DateField(
        label=_("Ends on"), help_text=_("For an end for cause, today counts as at once."), widget=DateInput
    )

    def effective_at(self, now: datetime) -> datetime:
        """Midnight (UTC) of the day, or now if that is past today."""
        chosen = midnight(self.cleaned_data["effective"])
        same_day = chosen.date() == now.astimezone(UTC).date()
        return now.replace(microsecond=0) if same_day and chosen < now else chosen


def midnight(day: date) -> datetime:
    """The first moment of a day, in UTC as agreements count."""
    return datetime.combine(day, time(), UTC)
