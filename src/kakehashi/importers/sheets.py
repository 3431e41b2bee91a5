"""From the rows of a table to drafts of records: what each line would become, and what is wrong with it."""

import dataclasses
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kakehashi.errors import FileRefused
from kakehashi.importers import cells
from kakehashi.importers.cells import Fault
from kakehashi.importers.columns import (
    CHECKED,
    KEY,
    LANG,
    SHEET_FIELDS,
    TRANSLATIONS,
    Column,
    Header,
    Words,
    best_kind,
    columns,
    find_header,
    normal,
    of_field,
)
from kakehashi.importers.tables import MAX_ROWS, Finding, Row, Table
from kakehashi.records import schema
from kakehashi.records.kinds import FIELDS, TRANSLATABLE, Field
from kakehashi.text.fold import fold
from kakehashi.translation.texts import LANGUAGES, Texts, machine, original, reviewed

UNSTATED = "not stated"  # the engine of translations in a sheet that does not say they were checked


@dataclass(frozen=True)
class Problem:
    """One reason why a line cannot be imported. `column` counts from 1; 0 if the sheet has no such column."""

    line: int
    column: int
    code: str
    field: Field | None = None
    lang: str = ""
    value: str = ""
    facts: Mapping[str, object] = dataclasses.field(default_factory=dict)


@dataclass
class Draft:
    """One line: the key under which its source knows it, the body it would have, and its problems."""

    line: int
    key: str
    body: dict[str, Any]
    problems: list[Problem]


@dataclass(frozen=True)
class Givens:
    """What a sheet need not say: whose it is, who checked translations, how a name becomes a reference."""

    words: Words
    refer: Callable[[str], "dict[str, str] | Fault"]
    by: str
    owner: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Sheet:
    """A table understood: drafts in the order of the lines, and what concerns the whole."""

    kind: str
    form: str
    header: Header
    drafts: list[Draft]
    problems: list[Problem]
    notes: list[Finding]

    @property
    def good(self) -> list[Draft]:
        """The lines that can be imported; none while the sheet as a whole is wrong."""
        return [] if self.problems else [draft for draft in self.drafts if not draft.problems]

    @property
    def faulty(self) -> list[Draft]:
        return [draft for draft in self.drafts if draft.problems]

    @property
    def fields(self) -> set[str]:
        """The fields for which the sheet has a column."""
        return {code.partition(".")[0] for code in self.header.places}


def understand(table: Table, kind: str, givens: Givens) -> Sheet:
    """What the lines of a table would become as records of `kind`. FileRefused without a header or lines."""
    given = {"organisation"} if givens.owner else set()
    header = find_header(table.rows, kind, givens.words, given)
    if header is None:
        raise FileRefused("header-missing", kind=kind)
    rows = [
        row for row in table.rows if row.line > header.line and not _is_example(row, header, givens.words)
    ]
    if not rows:
        raise FileRefused("rows-missing")
    if len(rows) > MAX_ROWS:
        raise FileRefused("rows-too-many", limit=MAX_ROWS)
    drafts = [_draft(kind, row, header, givens) for row in rows]
    _mark_repeated(drafts, header)
    whole, notes = _spread(table.findings, header, drafts)
    whole += [_of(finding) for finding in header.findings if finding.severity == "error"]
    notes += [finding for finding in header.findings if finding.severity == "note"]
    likely = best_kind(table.rows, givens.words)
    if any(problem.code == "column-missing" for problem in whole) and likely not in (kind, None):
        whole.insert(0, Problem(header.line, 0, "kind-other", facts={"kind": likely}))
    return Sheet(kind, table.form, header, drafts, whole, notes)


def cells_of(kind: str, body: Mapping[str, Any], name: Callable[[str, str], str]) -> dict[str, str]:
    """The cells, by column code, that become `body` again; `name(field, code)` names choices."""
    made = {LANG: name(LANG, body["lang"])}
    for column in columns(kind):
        value = body.get(column.field.name)
        if value is None or column.code in SHEET_FIELDS:
            continue
        if not column.lang:
            made[column.code] = cells.write(column.field, value, name)
        elif column.lang in value:
            wording = value[column.lang]
            text = wording if column.field.type == "names" else wording["text"]
            made[column.code] = cells.lines(text.split("\n")) if column.field.type == "terms" else text
            if column.field.type in TRANSLATABLE and wording["origin"] != "original":
                made[TRANSLATIONS] = name(TRANSLATIONS, wording["origin"])
    return made


def merge(present: Mapping[str, Any], body: Mapping[str, Any], fields: set[str]) -> dict[str, Any]:
    """A new wording of `present`: a column speaks for its field, a field without column stays as it is.

    A translation that the sheet leaves empty stays too; if the original changed, it is stale by itself.
    """
    kept = {name: value for name, value in present.items() if name not in fields and name != "revision"}
    made = {**kept, **body}
    for described in FIELDS[body["kind"]]:
        name = described.name
        if described.type in TRANSLATABLE and name in body and name in present:
            stays = {
                lang: wording for lang, wording in present[name].items() if wording["origin"] != "original"
            }
            made[name] = {**stays, **body[name]}
    return made


def _draft(kind: str, row: Row, header: Header, givens: Givens) -> Draft:
    said = header.cells(row)
    problems: list[Problem] = []

    def fault(column: Column, code: str) -> None:
        place = header.places.get(column.code, 0)
        value = said.get(column.code, "")[:80]
        problems.append(Problem(row.line, place, code, column.field, column.lang, value))

    body: dict[str, Any] = {"kind": kind, "lang": _language(kind, said, givens.words, fault)}
    checked = _checked(said, givens.words, fault)
    for described in FIELDS[kind]:
        value = _value(described, said, body["lang"], checked, givens, fault)
        if value is not None:
            body[described.name] = value
    if givens.owner and "organisation" not in said and any(f.name == "organisation" for f in FIELDS[kind]):
        body["organisation"] = dict(givens.owner)
    faulty = {problem.field.name for problem in problems if problem.field}
    for name, codes in schema.problems({**body, "revision": 1}).items():
        if name not in faulty:
            for code in codes:
                fault(_column_at(kind, name, code, header), code)
    return Draft(row.line, _key(kind, said, body), body, problems)


def _value(
    described: Field,
    said: Mapping[str, str],
    lang: str,
    checked: bool,
    givens: Givens,
    fault: Callable[[Column, str], None],
) -> Any:
    """The value of one field, or None if the line does not say it (or says it wrongly)."""
    found = {column: said[column.code] for column in of_field(described) if column.code in said}
    if not found:
        return None
    if described.type in TRANSLATABLE:
        plain = {column.lang: _wording(described, text) for column, text in found.items()}
        if described.required and lang not in plain:
            fault(next(column for column in of_field(described) if column.lang == lang), "original-missing")
        return _texts(plain, lang, givens.by if checked else "")
    if described.type == "names":
        return {column.lang: text.strip() for column, text in found.items()}
    column, text = next(iter(found.items()))
    value = cells.read(described, text, givens.words.choices.get(described.name, {}), givens.refer)
    if isinstance(value, Fault):
        fault(column, value.code)
        return None
    return value


def _wording(described: Field, text: str) -> str:
    return "\n".join(cells.items(described, text)) if described.type == "terms" else text.strip()


def _texts(plain: Mapping[str, str], lang: str, by: str) -> Texts:
    """The original in its language; the others checked by `by`, or a machine's if nobody is named."""
    source = next(c for c in (lang, *LANGUAGES) if c in plain)
    made = {source: original(plain[source])}
    for other in LANGUAGES:
        if other in plain and other != source:
            made[other] = (
                reviewed(plain[other], of=plain[source], by=by)
                if by
                else machine(plain[other], of=plain[source], engine=UNSTATED)
            )
    return made


def _language(kind: str, said: Mapping[str, str], words: Words, fault: Callable[[Column, str], None]) -> str:
    """The language of the original: as said, or the only one that is used."""
    column = Column(LANG, SHEET_FIELDS[LANG])
    if LANG in said:
        code = words.choices[LANG].get(normal(said[LANG]))
        if code is None:
            fault(column, "choice-unknown")
        return code or LANGUAGES[0]
    texts = {f.name for f in FIELDS[kind] if f.type in TRANSLATABLE}
    used = {code.partition(".")[2] for code in said if code.partition(".")[0] in texts}
    if len(used) > 1:
        fault(column, "lang-needed")
    return next((lang for lang in LANGUAGES if lang in used), LANGUAGES[0])


def _checked(said: Mapping[str, str], words: Words, fault: Callable[[Column, str], None]) -> bool:
    if TRANSLATIONS not in said:
        return False
    code = words.choices[TRANSLATIONS].get(normal(said[TRANSLATIONS]))
    if code is None:
        fault(Column(TRANSLATIONS, SHEET_FIELDS[TRANSLATIONS]), "choice-unknown")
    return code == CHECKED


def _column_at(kind: str, name: str, code: str, header: Header) -> Column:
    """The column that a problem of the schema points at."""
    described = next((f for f in FIELDS[kind] if f.name == name), SHEET_FIELDS[KEY])
    among = of_field(described)
    lang = code.partition(" ")[2]
    exact = [column for column in among if column.lang == lang]
    present = [column for column in among if column.code in header.places]
    return (exact or present or among)[0]


def _key(kind: str, said: Mapping[str, str], body: Mapping[str, Any]) -> str:
    """The writer's own number, else what the line is recognised by: ROR, name or title."""
    owner = body.get("organisation", {}).get("id", "") if kind != "organisation" else ""
    if KEY in said:
        return f"{owner}:{said[KEY].strip()}"
    names = body.get("names", {}).values()
    titles = [
        wording["text"] for wording in body.get("title", {}).values() if wording["origin"] == "original"
    ]
    found = body.get("ror") or next(iter([*names, *titles]), "")
    return f"{owner}:={hashlib.sha256(fold(found).encode()).hexdigest()[:40]}"


def _mark_repeated(drafts: list[Draft], header: Header) -> None:
    first: dict[str, int] = {}
    for draft in drafts:
        line = first.setdefault(draft.key, draft.line)
        if line != draft.line:
            place = header.places.get(KEY, 0)
            draft.problems.append(
                Problem(draft.line, place, "key-repeated", SHEET_FIELDS[KEY], facts={"line": line})
            )


def _spread(
    findings: list[Finding], header: Header, drafts: list[Draft]
) -> tuple[list[Problem], list[Finding]]:
    """Findings of the reader go to the lines that they spoil; those of the header concern the whole."""
    known = set(header.places.values())
    whole, notes = [], []
    for finding in findings:
        last_line = int(str(finding.facts.get("last_line", finding.line)))
        last_column = int(str(finding.facts.get("last_column", finding.column)))
        if last_line < header.line or not known & set(range(finding.column, last_column + 1)):
            continue
        if finding.severity == "note":
            notes.append(finding)
        elif finding.line <= header.line:
            whole.append(_of(finding))
        else:
            for draft in drafts:
                if finding.line <= draft.line <= last_line:
                    draft.problems.append(_of(finding, draft.line))
    return whole, notes


def _of(finding: Finding, line: int = 0) -> Problem:
    return Problem(line or finding.line, finding.column, finding.code, facts=finding.facts)


def _is_example(row: Row, header: Header, words: Words) -> bool:
    place = header.places.get(KEY)
    return place is not None and place <= len(row.cells) and normal(row.cells[place - 1]) in words.example
