"""The one edit form of all six kinds, generated from `records.kinds.FIELDS`, and the form for the level."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _

from kakehashi.records import inputs, labels, schema
from kakehashi.records.audience import Audience, Onward, default_tlp, level_problems
from kakehashi.records.kinds import FIELDS, TRANSLATABLE, Field
from kakehashi.records.sentences import say
from kakehashi.translation.lazy import Promise
from kakehashi.translation.texts import LANGUAGES, is_stale, pick

SPARE_ROWS = 2
ROW_TYPES = ("references", "sources")
CHECK_LABEL = _("I have checked this translation")
LINES = {"texts": 2, "names": 2, "summary": 4, "keywords": 4, "body": 14}


class Typed(forms.Field):
    """Text exactly as typed, with line ends as LF. The schema judges it, so no validator of its own."""

    def to_python(self, value: Any) -> str:
        return str(value or "").replace("\r\n", "\n").replace("\r", "\n")


class Codes(forms.Field):
    """Ticked codes as they came; the schema judges them."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, choices: Iterable[tuple[str, Any]], **options: Any) -> None:
        super().__init__(**options)
        self.widget.choices = list(choices)

    def to_python(self, value: Any) -> list[str]:
        return [str(code) for code in value or []]


@dataclass(frozen=True)
class Cell:
    """One control of a row: the text of one language, or one part of a source."""

    control: forms.BoundField
    label: Promise | str
    lang: str = ""
    origin: Any = None  # the stored wording as translation.texts.Shown
    check: forms.BoundField | None = None


@dataclass(frozen=True)
class Row:
    """One field of the record with its controls."""

    field: Field
    label: Promise | str
    help: Promise | str
    cells: list[Cell]
    layout: str  # "languages", "single", "choices", "rows"

    @property
    def wrong(self) -> bool:
        return any(cell.control.errors for cell in self.cells)


class RecordForm(forms.Form):
    """Typed texts in, a checked body out (`self.body`), problems said at the control they concern."""

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        kind: str,
        stored: dict[str, Any] | None,
        context: inputs.Context,
        rows: int = SPARE_ROWS,
        **options: Any,
    ) -> None:
        self.kind, self.stored, self.context = kind, stored or {}, context
        self.body: dict[str, Any] = {}
        self.doubtful = False
        super().__init__(data, **options)
        self.fields["lang"] = Typed(
            label=labels.field("lang"),
            initial=context.lang_before,
            required=False,
            widget=forms.RadioSelect(choices=list(labels.LANGUAGES.items())),
        )
        for field in FIELDS[kind]:
            self._add(field, rows)

    def _add(self, field: Field, spare: int) -> None:
        shown = inputs.show(field, self.stored.get(field.name))
        for name, initial in (self._spare(field, len(shown), spare) | shown).items():
            self.fields[name] = _control(field, name, self.context)
            self.initial.setdefault(name, initial)
        if field.type in TRANSLATABLE:
            texts = self.stored.get(field.name, {})
            for lang in LANGUAGES:
                if texts.get(lang, {}).get("origin") == "machine" or is_stale(texts, lang):
                    self.fields[f"{field.name}_{lang}_checked"] = forms.BooleanField(
                        required=False, label=CHECK_LABEL
                    )

    def _spare(self, field: Field, filled: int, spare: int) -> dict[str, str]:
        """Empty rows below the filled ones; after typing, as many as were typed into."""
        if field.type not in ROW_TYPES:
            return {}
        parts = inputs.SOURCE_PARTS if field.type == "sources" else ("",)
        typed = [key for key in self.data if key.startswith(f"{field.name}_")] if self.data else []
        numbers = [int(key.split("_")[1]) + 1 for key in typed if key.split("_")[1].isdecimal()]
        count = min(max([filled // len(parts) + spare, *numbers]), field.limit + 1)
        return {
            "_".join(filter(None, (field.name, str(i), part))): "" for i in range(count) for part in parts
        }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        checked = {
            name.removesuffix("_checked") for name, on in cleaned.items() if name.endswith("_checked") and on
        }
        context = inputs.Context(
            lang=cleaned["lang"],
            lang_before=self.context.lang_before,
            office=self.context.office,
            own=self.context.own,
            directory=self.context.directory,
            checked=checked,
        )
        self.body = {"kind": self.kind, "lang": cleaned["lang"]}
        for field in FIELDS[self.kind]:
            typed = {name: cleaned[name] for name in self._names(field)}
            value = inputs.read(field, typed, self.stored.get(field.name), context)
            if value is not None:
                self.body[field.name] = value
        self._say(schema.problems({**self.body, "revision": 1}))
        return cleaned

    def leave_unjudged(self) -> None:
        """Show what was typed without a word about what is wrong with it."""
        self._errors = ErrorDict()

    def refuse(self, problems: schema.Problems) -> None:
        """Say what an action found wrong; contact data may then be overruled."""
        self._say(problems)
        self.doubtful = all(code.startswith("contact-") for codes in problems.values() for code in codes)

    def _names(self, field: Field) -> list[str]:
        """The controls of one field, without those that vouch for a translation."""
        if field.type in (*TRANSLATABLE, "names"):
            return [f"{field.name}_{lang}" for lang in LANGUAGES]
        if field.type in ROW_TYPES:
            return [name for name in self.fields if name.startswith(f"{field.name}_")]
        return [field.name]

    def _say(self, problems: schema.Problems) -> None:
        described = {field.name: field for field in FIELDS[self.kind]}
        for path, codes in problems.items():
            field = described.get(path)
            for code in codes:
                self.add_error(self._place(field, path, code), forms.ValidationError(str(say(code, field))))

    def _place(self, field: Field | None, path: str, code: str) -> str | None:
        """The control that a problem is about: that of its language, of the wrong row, or the first."""
        if field is None:
            return path if path in self.fields else None
        names = self._names(field)
        lang = code.rpartition(" ")[2]
        if f"{path}_{lang}" in names:
            return f"{path}_{lang}"
        if field.type in (*TRANSLATABLE, "names") and f"{path}_{self.context.lang_before}" in names:
            return self._offending(field) or f"{path}_{self.context.lang_before}"
        if field.type in ROW_TYPES:
            return names[
                self._wrong_row(field) * (len(inputs.SOURCE_PARTS) if field.type == "sources" else 1)
            ]
        return names[0]

    def _offending(self, field: Field) -> str | None:
        """The first language whose text holds what the schema refuses."""
        for lang in LANGUAGES:
            text = self.cleaned_data.get(f"{field.name}_{lang}", "")
            if schema.field_problems(Field(field.name, "string", limit=field.limit), text) not in (
                [],
                ["required"],
            ):
                return f"{field.name}_{lang}"
        return None

    def _wrong_row(self, field: Field) -> int:
        """The number of the row that the schema refuses; empty rows between count too."""
        numbers = {int(name.split("_")[1]) for name in self._names(field) if self.cleaned_data.get(name)}
        for row, value in zip(sorted(numbers), self.body.get(field.name, []), strict=False):
            if schema.field_problems(field, [value]):
                return row
        return 0

    def faults(self) -> list[tuple[str, Any, str]]:
        """(id of the control, name of the field, what is wrong), in the order of the page."""
        rows = [row for _heading, group in self.groups() for row in group]
        controls = [(self["lang"], labels.field("lang"))]
        controls += [(cell.control, row.label) for row in rows for cell in row.cells]
        return [
            (control.id_for_label or control.auto_id, label, error)
            for control, label in controls
            for error in map(str, control.errors)
        ]

    def groups(self) -> list[tuple[Promise | str, list[Row]]]:
        """The rows under the headings of their groups."""
        made: dict[str, list[Row]] = {}
        for field in FIELDS[self.kind]:
            made.setdefault(field.group, []).append(self._row(field))
        return [(labels.GROUPS[group], rows) for group, rows in made.items()]

    def _row(self, field: Field) -> Row:
        cells, layout = [self._cell(field, name) for name in self._names(field)], "single"
        if field.type in (*TRANSLATABLE, "names"):
            layout = "languages"
        elif field.type in ROW_TYPES:
            layout = "rows"
        elif field.type == "choices":
            layout = "choices"
        help_text = labels.HELP.get(field.name, "") if field.type != "sources" else ""
        return Row(field, labels.field(field.name), help_text, cells, layout)

    def _cell(self, field: Field, name: str) -> Cell:
        lang = name.removeprefix(f"{field.name}_")
        if lang not in LANGUAGES:
            return Cell(self[name], self.fields[name].label or "")
        check = f"{name}_checked"
        wording = self.stored.get(field.name, {}) if field.type in TRANSLATABLE else {}
        origin = pick({**wording}, lang) if lang in wording else None
        return Cell(
            self[name], labels.LANGUAGES[lang], lang, origin, self[check] if check in self.fields else None
        )


_SOURCE_LABELS = {"url": _("Address"), "title": _("Title"), "date": _("Date")}


def _control(field: Field, name: str, context: inputs.Context) -> forms.Field:
    label = labels.field(field.name)
    if field.type == "choices":
        return Codes(_choices(field), label=label, required=False)
    if field.type == "flag":
        return forms.BooleanField(label=label, required=False)
    part = name.rpartition("_")[2]
    if field.type == "sources":
        label = _SOURCE_LABELS[part]
    return Typed(label=label, required=False, widget=_widget(field, part, context))


def _widget(field: Field, part: str, context: inputs.Context) -> forms.Widget:
    described: dict[str, Any] = {"lang": part} if part in LANGUAGES else {}
    if field.type in ("texts", "names", "long_texts", "terms", "strings"):
        return forms.Textarea(attrs={"rows": LINES.get(field.type, LINES.get(field.name, 5)), **described})
    if field.type == "choice":
        return forms.Select(choices=[("", "–"), *_choices(field)])
    if field.type == "reference":
        named = [(id, reference["name"]) for id, reference in context.own.items()]
        return forms.Select(choices=[("", "–"), *named])
    if field.type == "references":
        described = {"list": "organisations", "autocomplete": "off"}
    if field.type in ("integer", "decimal"):
        described = {"inputmode": "decimal" if field.type == "decimal" else "numeric"}
    return forms.TextInput(attrs=described)


def _choices(field: Field) -> list[tuple[str, Any]]:
    names = labels.names_of(field.name)
    if names:
        return [(code, labels.in_reader_language(names[code])) for code in field.choices]
    return [(code, labels.choice(field.name, code)) for code in field.choices]


USUAL = _(
    "As usual for these people: CLEAR for everyone, GREEN for members and partners, RED for nobody else"
)


class LevelForm(forms.Form):
    """Who may see a record. `agreements` are (lineage, name) of those that may be chosen."""

    audience = forms.ChoiceField(
        choices=list(labels.AUDIENCES.items()), widget=forms.RadioSelect, label=labels.field("audience")
    )
    named = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, label=labels.field("named")
    )
    tlp = forms.ChoiceField(
        choices=[("", USUAL), *labels.TLP.items()], label=labels.field("tlp"), required=False
    )
    onward = forms.ChoiceField(choices=list(labels.ONWARD.items()), label=labels.field("onward"))

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, agreements: list[tuple[str, Any]], **options: Any
    ) -> None:
        super().__init__(data, **options)
        if agreements:
            self.fields["named"].choices = agreements  # type: ignore[attr-defined]  # a MultipleChoiceField
        else:
            del self.fields["named"]

    def leave_unjudged(self) -> None:
        """Show what was typed without a word about what is wrong with it."""
        self._errors = ErrorDict()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        cleaned["tlp"] = cleaned["tlp"] or default_tlp(cleaned["audience"])
        codes = level_problems(cleaned["audience"], cleaned["tlp"], cleaned["onward"])
        if not codes and cleaned["audience"] == Audience.NAMED and not cleaned.get("named"):
            codes = ["named-needed"]
        for code in codes:
            self.add_error("onward" if code.startswith("onward") else "audience", str(say(code)))
        return cleaned


START_LEVEL = {"audience": Audience.PRIVATE, "tlp": "", "onward": Onward.NONE}


class EraseForm(forms.Form):
    """What is erased, and why; `scopes` are those of `records.erasure` that there is something of."""

    scope = forms.ChoiceField(label=_("What is erased"), widget=forms.RadioSelect)
    basis = forms.ChoiceField(label=_("On what basis"))
    sure = forms.BooleanField(label=_("I have checked this. It cannot be undone."))

    def __init__(self, *args: Any, scopes: Iterable[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["scope"].choices = [(scope, labels.SCOPES[scope]) for scope in scopes]  # type: ignore[attr-defined]
        self.fields["basis"].choices = list(labels.BASES.items())  # type: ignore[attr-defined]
