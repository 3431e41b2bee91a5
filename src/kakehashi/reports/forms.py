"""The form that asks for a period."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kakehashi.reports.period import FIRST_YEAR, LAST_YEAR, Period


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class PeriodForm(forms.Form):
    """From a first day to a last one."""

    first = _day(_("First day"))
    last = _day(_("Last day"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first and last and first > last:
            self.add_error("last", _("The last day is before the first. Please choose a later one."))
        for name in ("first", "last"):
            if (day := data.get(name)) and not FIRST_YEAR <= day.year <= LAST_YEAR:
                self.add_error(name, _("Please give a year from 2000 on."))
        return data

    @property
    def period(self) -> Period:
        return Period(self.cleaned_data["first"], self.cleaned_data["last"])
