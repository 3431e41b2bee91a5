"""The form in which something is said of a practice."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kakehashi.practices.actions import Words
from kakehashi.practices.labels import WAYS
from kakehashi.records.labels import say

LONG = forms.Textarea(attrs={"rows": 5})


class SayForm(forms.Form):
    """In the writer's own language; a practice taken over also has a result."""

    organisation = forms.UUIDField(widget=forms.Select, label=_("For which organisation"))
    message = forms.CharField(max_length=4000, widget=LONG)
    result = forms.CharField(
        label=_("What came of it?"),
        help_text=_("With figures, if you have any. You can say it again later; the last word counts."),
        max_length=4000,
        widget=LONG,
        required=False,
    )

    def __init__(
        self, *args: Any, says: str, organisations: Sequence[tuple[str, str]] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["message"].label = str(WAYS[says].asks)
        self.fields["message"].help_text = _("In your own language. Members of both clusters can read it.")
        if says != "adoption":
            del self.fields["result"]
        if len(organisations) > 1:
            self.fields["organisation"].widget.choices = organisations
        else:
            del self.fields["organisation"]

    def words(self, lang: str) -> Words:
        return Words(self.cleaned_data["message"].strip(), lang, self.cleaned_data.get("result", "").strip())

    def refuse(self, problems: dict[str, list[str]]) -> None:
        """What the action refused, said at its field."""
        for name, codes in problems.items():
            for code in codes:
                self.add_error(name if name in self.fields else None, str(say(code)))
