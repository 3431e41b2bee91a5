"""Names of columns and choices: in the reader's language for templates, in all three for reading back."""

from functools import cache

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from kakehashi.importers.columns import (
    CHECKED,
    KEY,
    LANG,
    TRANSLATIONS,
    UNCHECKED,
    Column,
    Words,
    columns,
    normal,
)
from kakehashi.records import labels
from kakehashi.records.kinds import KINDS
from kakehashi.translation.texts import LANGUAGES
from kakehashi.ui.languages import reader_language

EXAMPLE = _("Example, is not imported")
_SHEET: dict[str, Promise] = {KEY: _("Own number"), TRANSLATIONS: _("Translations")}
_CHOICES: dict[str, dict[str, Promise]] = {
    TRANSLATIONS: {CHECKED: _("checked by a person"), UNCHECKED: _("by a machine, not checked")},
    "flag": {"TRUE": _("yes"), "FALSE": _("no")},
}
_HELP: dict[str, Promise] = {
    KEY: _(
        "Any number or word of yours. A later file with the same one changes the same record; "
        "without it, the title or name decides."
    ),
    LANG: _("In which language the original is written. Needed only if several languages are filled in."),
    TRANSLATIONS: _("How the other languages came about. Left empty, they are shown as not checked."),
}
_LIST_HELP = _("Several: one per line, or with semicolons between them.")


def header(column: Column) -> str:
    """The name of a column in the reader's language."""
    name = _SHEET[column.code] if column.code in _SHEET else labels.field(column.field.name)
    if column.lang:
        return str(format_lazy("{field} ({language})", field=name, language=labels.LANGUAGES[column.lang]))
    return str(name)


def header_of(kind: str, code: str) -> str:
    """The name of the column with that code."""
    return next((header(column) for column in columns(kind) if column.code == code), code)


def choice(field: str, code: str) -> str:
    """The name of a choice in the reader's language."""
    if code in _CHOICES.get(field, {}):
        return str(_CHOICES[field][code])
    names = labels.names_of(field).get(code)
    return names[reader_language()] if names else str(labels.choice(field, code))


def permitted(column: Column) -> list[str]:
    """All choices of a column in the reader's language; empty if it takes free text."""
    if column.field.type == "flag":
        return [choice("flag", code) for code in ("TRUE", "FALSE")]
    return [choice(column.field.name, code) for code in column.field.choices]


def help_for(column: Column) -> str:
    """What to write in a column, in the reader's language."""
    said = str({**labels.HELP, **_HELP}.get(column.code.partition(".")[0], ""))
    return f"{said} {_LIST_HELP}".strip() if column.field.type == "choices" else said


def words() -> Words:
    """Everything that may stand in a sheet, folded, in German, Japanese and English, and as plain code."""
    return _words()


@cache
def _words() -> Words:
    headers: dict[str, str] = {}
    choices: dict[str, dict[str, str]] = {}
    examples = set()
    every = {column.code: column for kind in KINDS for column in columns(kind)}.values()
    for lang in LANGUAGES:
        with override(lang):
            examples.add(normal(str(EXAMPLE)))
            for column in every:
                headers[normal(header(column))] = headers[normal(column.code)] = column.code
                among = choices.setdefault(column.field.name, {})
                for code in column.field.choices:
                    among[normal(choice(column.field.name, code))] = among[normal(code)] = code
    return Words(headers, choices, frozenset(examples))
