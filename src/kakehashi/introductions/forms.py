"""Forms of introductions: the three questions, a contact, reasons, a meeting, an outcome."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from kakehashi.introductions import labels, zones
from kakehashi.introductions.actions.asking import Asked
from kakehashi.introductions.contact import Contact
from kakehashi.introductions.moves import Move
from kakehashi.records.labels import PARTNERSHIPS, say

NAMES = {"de": "Deutsch", "ja": "日本語", "en": "English"}  # by themselves, as those who need them know them
LONG = forms.Textarea(attrs={"rows": 5})


class StepForm(forms.Form):
    """A form of one step; what the action refuses is said at its field."""

    def refuse(self, problems: dict[str, list[str]]) -> None:
        for name, codes in problems.items():
            for code in codes:
                self.add_error(name if name in self.fields else None, str(say(code)))


class ContactForm(StepForm):
    """Whom the other side may talk to."""

    name = forms.CharField(label=_("Contact person"), max_length=200)
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    phone = forms.CharField(label=_("Telephone"), max_length=60, required=False)

    @property
    def contact(self) -> Contact:
        facts = self.cleaned_data
        return Contact(facts["name"], facts["email"], facts["phone"])


class AskForm(ContactForm):
    """The three questions; the contact is kept back until both sides have said yes."""

    organisation = forms.UUIDField(widget=forms.Select, label=_("For which organisation"))
    cooperation = forms.MultipleChoiceField(
        label=_("Which type of cooperation?"),
        help_text=_("One to three."),
        choices=list(PARTNERSHIPS.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    questions = forms.CharField(
        label=_("What would you like to know?"),
        help_text=_("Your open questions about the record, in your own language. No names, no addresses."),
        max_length=2000,
        widget=LONG,
    )
    about_you = forms.CharField(
        label=_("What should the owner know about you?"),
        help_text=_(
            "What your organisation does and why this fits. The owner reads it with your organisation’s name."
        ),
        max_length=2000,
        widget=LONG,
    )
    field_order = ("organisation", "cooperation", "questions", "about_you", "name", "email", "phone")

    def __init__(self, *args: Any, organisations: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(organisations) > 1:
            self.fields["organisation"].widget.choices = organisations
        else:
            del self.fields["organisation"]

    def clean_cooperation(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["cooperation"]
        if len(chosen) > 3:
            raise ValidationError(_("At most three."))
        return chosen

    def asked(self, lang: str) -> Asked:
        facts = self.cleaned_data
        return Asked(facts["cooperation"], facts["questions"], facts["about_you"], lang)


class ReasonForm(StepForm):
    """A reason from the list, and what else is to be said."""

    reason = forms.ChoiceField(label=_("Reason"), widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("More to it"),
        help_text=_("In your own language. The reason itself is translated."),
        max_length=4000,
        required=False,
        widget=LONG,
    )

    def __init__(self, *args: Any, reasons: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = list(reasons.items())  # type: ignore[attr-defined]


class WordsForm(StepForm):
    """A step that can be taken without a word."""

    words = forms.CharField(label=_("More to it"), max_length=4000, required=False, widget=LONG)


class OutcomeForm(WordsForm):
    """What came of it."""

    result = forms.ChoiceField(
        label=_("What came of it?"), choices=list(labels.RESULTS.items()), widget=forms.RadioSelect
    )
    field_order = ("result", "words")


class MeetingForm(StepForm):
    """A meeting by the clock here, with the time zone there."""

    start = forms.DateTimeField(
        label=_("Begins"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    minutes = forms.IntegerField(label=_("Minutes"), min_value=5, max_value=1440, initial=60)
    zone = forms.ChoiceField(label=_("Time zone there"))
    place = forms.CharField(label=_("Place, or address of the video call"), max_length=300, required=False)

    def __init__(self, *args: Any, there: Sequence[str], here: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.here = here
        self.fields["start"].help_text = _("By the clock here: %(zone)s.") % {"zone": here}
        self.fields["zone"].choices = [(name, name.replace("_", " ")) for name in there or [here]]  # type: ignore[attr-defined]

    def clean_start(self) -> datetime:
        moment: datetime = self.cleaned_data["start"]
        if not 2000 <= moment.year < 2200:
            raise ValidationError(_("Enter a date within reach."))
        return moment.replace(tzinfo=zones.zone(self.here))


class OneOfOurs(StepForm):
    """Which of the meetings that this side has arranged."""

    meeting = forms.ChoiceField(label=_("Which meeting"))

    def __init__(self, *args: Any, meetings: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["meeting"].choices = meetings  # type: ignore[attr-defined]


class RescheduleForm(OneOfOurs, MeetingForm):
    """Another time or place."""

    field_order = ("meeting", "start", "minutes", "zone", "place")


class CallOffForm(OneOfOurs, WordsForm):
    """It does not take place."""

    field_order = ("meeting", "words")


class WordingForm(StepForm):
    """A translation of what somebody wrote."""

    language = forms.ChoiceField(label=_("Language"))
    text = forms.CharField(label=_("Translation"), max_length=4000, widget=LONG)

    def __init__(self, *args: Any, languages: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [(code, NAMES[code]) for code in languages]  # type: ignore[attr-defined]


def form_of(move: Move, data: Any, **facts: Any) -> StepForm:
    """The form of one step.

    `facts`: `contact` and `asked` (first values), `here` and `there` (time zones), `meetings` (of this
    side) and `planned` (the last of them).
    """
    ids = f"{move}_%s"  # several forms stand on one page
    if move is Move.ASK_AGAIN:
        return AskForm(data, auto_id=ids, initial={**facts["asked"], **facts["contact"]})
    if move is Move.ACCEPT:
        return ContactForm(data, auto_id=ids, initial=facts["contact"])
    if move in (Move.RETURN, Move.DECLINE):
        return ReasonForm(
            data, auto_id=ids, reasons=labels.RETURNS if move is Move.RETURN else labels.REASONS
        )
    if move is Move.MEETING:
        return MeetingForm(data, auto_id=ids, here=facts["here"], there=facts["there"])
    if move is Move.RESCHEDULE:
        when = {"here": facts["here"], "there": facts["there"]}
        planned, known = facts["planned"], facts["meetings"]
        return RescheduleForm(data, auto_id=ids, initial=planned, meetings=known, **when)
    if move is Move.CALL_OFF:
        return CallOffForm(data, auto_id=ids, meetings=facts["meetings"])
    if move is Move.OUTCOME:
        return OutcomeForm(data, auto_id=ids)
    if move in (Move.CDA, Move.NEGOTIATION, Move.CONFIRM, Move.DISPUTE):
        return WordsForm(data, auto_id=ids)
    return StepForm(data, auto_id=ids)
