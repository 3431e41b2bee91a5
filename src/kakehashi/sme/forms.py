"""Forms for dated, sourced figures; what they are checked by is in `inputs`."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from kakehashi.sme import labels
from kakehashi.sme.figures import Evidence, Figure, Rate, What
from kakehashi.sme.group import Holding, Kind, Side

Day = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
CURRENCY = {"maxlength": 3, "autocapitalize": "characters", "spellcheck": "false"}


def number(label: Any, help_text: Any = "", **facts: Any) -> forms.DecimalField:
    """A field for an amount that is not below nought."""
    widget = forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"})
    facts = {"max_digits": 20, "decimal_places": 4, "required": False, **facts}
    return forms.DecimalField(label=label, help_text=help_text, min_value=0, widget=widget, **facts)


def written(value: Decimal | None) -> str:
    """A decimal as it travels: no exponent, no needless noughts."""
    if value is None:
        return ""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


class SourceForm(forms.Form):
    """The end of each form: where it stands."""

    title = forms.CharField(
        label=_("Source"),
        help_text=_("Such as: annual accounts 2025, commercial register, the organisation’s own statement."),
        max_length=300,
    )
    dated = forms.CharField(
        label=_("Date of the source"),
        help_text=_("Year, year and month, or day: 2026, 2026-11 or 2026-11-22."),
        max_length=10,
    )
    url = forms.CharField(label=_("Address of the source"), max_length=2000, required=False)
    open = forms.BooleanField(
        label=_("Whoever sees the organisation may see this too"),
        help_text=_("Otherwise the answer is shown, but not the figure, its source or names."),
        required=False,
    )
    order: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([*self.order, "title", "dated", "url", "open"])

    @property
    def evidence(self) -> Evidence:
        facts = self.cleaned_data
        return Evidence(facts["title"], facts["dated"], facts["url"])


class AccountsForm(SourceForm):
    """One accounting period, of the organisation or of a related enterprise."""

    whose = forms.ChoiceField(label=_("Whose accounts"), required=False)
    closed = forms.DateField(label=_("The accounting period closed on"), widget=Day)
    staff = number(
        labels.WHAT["staff"],
        _("Full-time staff of the whole year; part-time and seasonal staff in fractions; no apprentices."),
    )
    currency = forms.CharField(
        label=_("Currency"), max_length=3, initial="EUR", widget=forms.TextInput(attrs=CURRENCY)
    )
    turnover = number(labels.WHAT["turnover"], _("Without value-added tax; the full amount, not thousands."))
    balance_sheet = number(labels.WHAT["balance_sheet"])
    order = ("whose", "closed", "staff", "currency", "turnover", "balance_sheet")

    def __init__(self, *args: Any, whose: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["whose"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # as declared above
        field.choices = whose

    def figures(self) -> list[Figure]:
        facts = self.cleaned_data
        rows = ((What.STAFF, ""), (What.TURNOVER, facts["currency"]), (What.BALANCE_SHEET, facts["currency"]))
        return [
            Figure(what, written(facts[what]), unit, facts["closed"], self.evidence, facts["open"])
            for what, unit in rows
            if facts[what] is not None
        ]


class CompanyForm(SourceForm):
    """What the Japanese Act asks for."""

    day = forms.DateField(label=_("These figures hold for"), widget=Day)
    legal_form = forms.ChoiceField(
        label=_("Legal form"), choices=[("", _("not known")), *labels.FORMS.items()], required=False
    )
    sector = forms.ChoiceField(
        label=_("Sector"), choices=[("", _("not known")), *labels.SECTORS.items()], required=False
    )
    jsic = forms.CharField(
        label=_("Or the code of the Japan Standard Industrial Classification"),
        help_text=_("Two to four digits; it settles the sector and stays as evidence. 7114 is a laboratory."),
        max_length=4,
        required=False,
    )
    capital = number(labels.WHAT["capital"], _("Paid-in capital or total contributions; the full amount."))
    currency = forms.CharField(
        label=_("Currency"), max_length=3, initial="JPY", widget=forms.TextInput(attrs=CURRENCY)
    )
    employees = number(
        labels.WHAT["employees"],
        _("Those employed permanently; officers and short-term staff left out."),
        decimal_places=0,
    )
    order = ("day", "legal_form", "sector", "jsic", "capital", "currency", "employees")

    def figures(self) -> list[Figure]:
        facts = self.cleaned_data
        rows = (
            (What.LEGAL_FORM, facts["legal_form"], ""),
            (What.SECTOR, facts["jsic"] or facts["sector"], ""),
            (What.CAPITAL, written(facts["capital"]), facts["currency"]),
            (What.EMPLOYEES, written(facts["employees"]), ""),
        )
        return [
            Figure(what, value, unit, facts["day"], self.evidence, facts["open"])
            for what, value, unit in rows
            if value
        ]


class HoldingForm(SourceForm):
    """A relation to another enterprise."""

    name = forms.CharField(label=_("Name of the other one"), max_length=300)
    side = forms.ChoiceField(
        label=_("How they stand to each other"), choices=labels.SIDES.items(), widget=forms.RadioSelect
    )
    kind = forms.ChoiceField(label=_("What the other one is"), choices=labels.KINDS.items())
    share = number(
        _("Share in per cent"),
        _("Of capital or of voting rights, whichever is greater. Leave empty if it is not known."),
        max_value=100,
    )
    controls = forms.BooleanField(
        label=_("Control by other means: most of the votes or of the board, a contract, an agreement"),
        required=False,
    )
    since = forms.DateField(label=_("Since"), widget=Day, required=False)
    until = forms.DateField(label=_("Until"), widget=Day, required=False)
    together = forms.CharField(
        label=_("Group of holders"),
        help_text=_("Holders that are linked with each other get the same word here."),
        max_length=100,
        required=False,
    )
    invested = number(_("Invested by a business angel, in euros"))
    order = ("name", "side", "kind", "share", "controls", "since", "until", "together", "invested")

    def holding(self) -> Holding:
        facts = self.cleaned_data
        return Holding(
            facts["name"],
            Side(facts["side"]),
            Kind(facts["kind"]),
            self.evidence,
            share=written(facts["share"]) or None,
            controls=facts["controls"] or facts["side"] == Side.BESIDE,
            together=facts["together"],
            invested=written(facts["invested"]) or None,
            since=facts["since"],
            until=facts["until"],
            open=facts["open"],
        )


class RateForm(SourceForm):
    """An exchange rate of one day."""

    date = forms.DateField(label=_("Day of the rate"), widget=Day)
    base = forms.CharField(
        label=_("One unit of"), max_length=3, initial="EUR", widget=forms.TextInput(attrs=CURRENCY)
    )
    value = number(_("Is worth"), max_digits=19, decimal_places=10, required=True)
    quote = forms.CharField(
        label=_("Expressed in"), max_length=3, initial="JPY", widget=forms.TextInput(attrs=CURRENCY)
    )
    order = ("date", "base", "value", "quote")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["open"]  # rates are public

    def rate(self) -> Rate:
        facts = self.cleaned_data
        return Rate(facts["base"], facts["quote"], written(facts["value"]), facts["date"], self.evidence)


def first_figures(body: dict[str, Any], name: str) -> dict[str, Any]:
    """What the organisation's own record already says, for the form on the Japanese figures."""
    first: dict[str, Any] = {"legal_form": "company"} if body.get("type") == "company" else {}
    if "employees" in body and "employees_year" in body:
        day = date(body["employees_year"], 12, 31)
        first |= {"employees": body["employees"], "day": day, "dated": str(day.year), "title": name}
    return first
