"""Forms of the import pages: which file, and what becomes of its new records."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kakehashi.importers.tables import MAX_BYTES
from kakehashi.records import labels

DRAFTS = ""
AFTERWARDS = [
    (DRAFTS, _("Drafts, to be looked at and published one by one")),
    ("members", _("Published for the members of our own cluster")),
    ("agreements", _("Published for our members and the partners of all agreements")),
    ("public", _("Published for everyone")),
]


class FileForm(forms.Form):
    """A spreadsheet."""

    file = forms.FileField(
        label=_("File"),
        max_length=200,
        allow_empty_file=True,  # said in our own words, like all that is wrong with a file
        help_text=_("XLSX or CSV, at most 10 MB and 5,000 lines."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.tsv,.txt"}),
    )

    def read(self) -> tuple[str, bytes]:
        """The name and the content; one that is too large is not read."""
        file = self.cleaned_data["file"]
        return file.name, file.read(MAX_BYTES + 1)


class UploadForm(FileForm):
    """A spreadsheet with the kind of its records."""

    kind = forms.ChoiceField(label=_("What the file holds"), choices=[("", "–"), *labels.KINDS.items()])
    field_order = ("kind", "file")


class AgreeForm(forms.Form):
    """What becomes of new records; members have no choice, theirs are drafts."""

    level = forms.ChoiceField(
        label=_("New records become"), choices=AFTERWARDS, required=False, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, staff: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not staff:
            del self.fields["level"]
