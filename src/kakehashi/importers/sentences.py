"""One sentence for everything an import finds: what is wrong and what to do about it."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from kakehashi.errors import FileRefused
from kakehashi.importers import words
from kakehashi.importers.sheets import Problem
from kakehashi.importers.tables import Finding
from kakehashi.records import labels

_SENTENCES = {
    "file-empty": _("The file is empty. Choose another one."),
    "file-too-large": _(
        "The file has {size} MB; at most {limit} MB can be imported for now. Divide it into several files."
    ),
    "file-old-excel": _(
        "This is an old Excel file (.xls) or one with a password. Save it as .xlsx without a password."
    ),
    "file-not-a-sheet": _("“{name}” is no spreadsheet. Save it as .xlsx or .csv."),
    "file-macros": _("The file contains macros. Save it as .xlsx: that form has none."),
    "file-damaged": _("“{name}” is damaged and cannot be opened. Open it in your program and save it again."),
    "zip-bomb": _(
        "Unpacked, this file would be far larger than it looks, so it was not opened. "
        "Copy the cells into a new file and save that."
    ),
    "xml-entities": _(
        "The file contains instructions that no spreadsheet needs, so it was not opened. "
        "Copy the cells into a new file and save that."
    ),
    "ror-unreadable": _(
        "“{name}” is no file of ROR. Take the data dump (zip or JSON) or JSON Lines in schema 2 or 1."
    ),
    "encoding-mixed": _(
        "The file mixes two character encodings (for example in lines {lines}), so letters would be lost. "
        "Save it as “CSV UTF-8” or .xlsx."
    ),
    "encoding-broken": _(
        "The file says it is {encoding}, but line {line} is not. Save it as “CSV UTF-8” or .xlsx."
    ),
    "encoding-unknown": _(
        "The character encoding of this file is none of UTF-8, Shift_JIS and Windows-1252. "
        "Save it as “CSV UTF-8” or .xlsx."
    ),
    "csv-broken": _(
        "Line {line} has a cell without an end: most often a quotation mark is not closed. "
        "Correct it, or save the file as .xlsx."
    ),
    "rows-too-many": _("At most {limit} lines can be imported for now. Divide the file into several."),
    "rows-missing": _(
        "Below the header there is no line to import. Add your records and upload the file again."
    ),
    "columns-too-many": _("Line {line} has more than {limit} columns. Delete what lies beside the table."),
    "faults-too-many": _(
        "More than {limit} cells cannot be read, the first in line {line}. "
        "Copy the cells and insert them as values, without merged cells."
    ),
    "header-missing": _(
        "No line names the columns. Take the template, keep its first line, and copy your data below it."
    ),
    "formula-in-text": _("This begins with = like a formula. Write the value itself."),
    "formula-value-used": _(
        "Formulas are not calculated here: for {count} cells, the value last shown was taken."
    ),
    "formula-without-value": _("This formula has no value. Copy the cell and insert it as a value."),
    "cell-error": _("The cell shows an error ({value}). Correct it, or leave it empty."),
    "cells-merged": _(
        "The cells {range} are merged, so only {first} holds a value. Separate them and fill in each."
    ),
    "column-unknown": _("The column “{name}” is not known here and is left out."),
    "column-unknown-meant": _(
        "The column “{name}” is not known here and is left out. If you meant “{meant}”, name it so."
    ),
    "column-repeated": _("The column “{name}” stands here twice. Delete one of them."),
    "column-missing": _("The column “{field}” is missing. Add it, or take the template."),
    "kind-other": _("This looks like a sheet for another kind: {kind}. Choose that kind, or the right file."),
    "key-repeated": _(
        "Line {line} is the same record already. Delete one of the two, or give each its own number."
    ),
    "lang-needed": _("Several languages are filled in. Say which one is the original."),
    "original-missing": _("The wording in the language of the original is missing. Fill it in."),
    "owner-not-yours": _(
        "You can import for your own organisation only. Leave the line out or correct the name."
    ),
    "organisation-not-yours": _(
        "Only the cluster’s team adds organisations; you can import changes of your own. Leave the line out."
    ),
    "record-erased": _(
        "This record was erased here and does not come back by an import. If it shall, enter it by hand."
    ),
    "record-archived": _("This record is archived here and cannot change. Give the line another number."),
    "reference-doubtful": _(
        "It is not sure who is meant. Say so under “Who is meant?”, or write the name as it stands here."
    ),
    "organisation-doubtful": _(
        "This organisation seems to be here already. Say under “Who is meant?” whether it is the same."
    ),
    "reference-several": _("Several organisations bear this name. Write the ROR identifier instead."),
}


def refused(error: FileRefused) -> str:
    """Why a file cannot be used."""
    return _say(error.code, error.facts)


def note(finding: Finding, kind: str) -> str:
    """What a reader should know although it stops nothing."""
    return _say(finding.code, finding.facts, kind)


def problem(found: Problem, kind: str) -> str:
    """Why a line cannot be imported."""
    if found.code in _SENTENCES:
        return _say(found.code, found.facts, kind)
    return str(labels.say(found.code, found.field))


def _say(code: str, facts: Mapping[str, object], kind: str = "") -> str:
    said = dict(facts)
    if said.get("meant"):
        code, said["meant"] = f"{code}-meant", words.header_of(kind, str(said["meant"]))
    if "field" in said:
        said["field"] = labels.field(str(said["field"]))
    if "kind" in said:
        said["kind"] = labels.KINDS.get(str(said["kind"]), "")
    return str(_SENTENCES[code]).format(**said)
