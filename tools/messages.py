"""Builds the message catalogues: `python tools/messages.py [--check]`.

Collects every English message of the source (Python by its syntax tree, templates by Django's own
reading of them), takes the German and Japanese wording from src/kakehashi/locale/parts/*.tsv, and writes
django.po and django.mo for both. Pure Python: nobody needs GNU gettext.

A row of a part is `English <tab> German <tab> Japanese`. A plural message is `one␟other <tab>
one␟other <tab> other`. A line that starts with # is a comment; \\n stands for a line break.
"""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "kakehashi"
LOCALE = SOURCE / "locale"
SEPARATOR = "␟"
PLURALS = {"de": "nplurals=2; plural=(n != 1);", "ja": "nplurals=1; plural=0;"}
SINGULAR = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}
IN_TEMPLATE = re.compile(
    r"\b(?P<name>gettext|ngettext|pgettext|npgettext|_)\("
    r"(?P<arguments>(?:\s*u?(?:'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")\s*,?)+)"
)
LITERAL = re.compile(r"u?('(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")")
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]|\{(\w*)\}")


def main() -> int:
    messages = collect()
    rows, faults = read_parts()
    faults += [
        f"no translation: {m!r} ({', '.join(sorted(where))})"
        for m, where in messages.items()
        if m not in rows
    ]
    unused = sorted(set(rows) - set(messages))
    for message in unused:
        print(f"unused row ({rows[message][2]}): {message!r}")
    for fault in faults:
        print(fault, file=sys.stderr)
    if "--check" not in sys.argv:
        for column, language in enumerate(("de", "ja")):
            write(catalogue(language, column, messages, rows), LOCALE / language / "LC_MESSAGES")
        print(f"{len(messages)} messages, {len(faults)} faults, {len(unused)} unused rows")
    return 1 if faults else 0


def collect() -> dict[str, set[str]]:
    """Every message (`one␟other` for plurals) and the files that say it."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in sorted(SOURCE.rglob("*.py")):
        for message in from_python(path.read_text("utf-8")):
            found[message].add(str(path.relative_to(ROOT)))
    for path in sorted([*SOURCE.rglob("templates/**/*.html"), *SOURCE.rglob("templates/**/*.txt")]):
        for message in from_template(path.read_text("utf-8")):
            found[message].add(str(path.relative_to(ROOT)))
    return dict(sorted(found.items()))


def from_python(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name | ast.Attribute):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
        texts = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        if name in SINGULAR and texts:
            yield texts[0]
        elif name in PLURAL and len(texts) >= 2:
            yield SEPARATOR.join(texts[:2])


def from_template(source: str) -> Iterator[str]:
    from django.utils.translation.template import templatize  # Django is only needed for this

    for call in IN_TEMPLATE.finditer(templatize(source)):
        texts = [ast.literal_eval(text) for text in LITERAL.findall(call["arguments"])]
        if call["name"] in ("pgettext", "npgettext"):
            raise SystemExit(f"message contexts are not in use here: {texts}")
        yield SEPARATOR.join(texts[:2]) if call["name"] == "ngettext" else texts[0]


def read_parts() -> tuple[dict[str, tuple[str, str, str]], list[str]]:
    """{message: (German, Japanese, file)} and what is wrong with the rows."""
    rows: dict[str, tuple[str, str, str]] = {}
    faults = []
    for path in sorted((LOCALE / "parts").glob("*.tsv")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            cells = [cell.strip().replace("\\n", "\n") for cell in line.split("\t")]
            where = f"{path.name}:{number}"
            if len(cells) != 3 or not all(cells):
                faults.append(f"{where}: three filled cells are needed, found {len(cells)}")
                continue
            message, german, japanese = cells
            faults += [f"{where}: {fault}" for fault in check(message, german, japanese)]
            if message in rows and rows[message][:2] != (german, japanese):
                faults.append(f"{where}: {message!r} is translated otherwise in {rows[message][2]}")
            rows.setdefault(message, (german, japanese, path.name))
    return rows, faults


def check(message: str, german: str, japanese: str) -> Iterator[str]:
    """Faults of one row: placeholders that differ, forms that are missing."""
    forms = message.split(SEPARATOR)
    wanted = placeholders(forms[-1])
    for language, text, count in (("de", german, len(forms)), ("ja", japanese, 1)):
        if len(text.split(SEPARATOR)) != count:
            yield f"{language}: {count} forms are needed in {text!r}"
        if placeholders(text.split(SEPARATOR)[-1]) != wanted:
            yield f"{language}: placeholders differ from {sorted(wanted)} in {text!r}"


def placeholders(text: str) -> set[str]:
    return {match.group(0) for match in PLACEHOLDER.finditer(text.replace("%%", ""))}


def catalogue(
    language: str, column: int, messages: dict[str, set[str]], rows: dict[str, tuple[str, str, str]]
) -> polib.POFile:
    """The catalogue of one language, sorted by message so that changes stay readable."""
    po = polib.POFile(wrapwidth=100)
    po.metadata = {
        "Project-Id-Version": "Kakehashi",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS[language],
    }
    for message in sorted(set(messages) & set(rows)):
        forms, texts = message.split(SEPARATOR), rows[message][column].split(SEPARATOR)
        entry = polib.POEntry(msgid=forms[0], occurrences=[(path, "") for path in sorted(messages[message])])
        if len(forms) == 2:
            entry.msgid_plural = forms[1]
            entry.msgstr_plural = dict(enumerate(texts))
        else:
            entry.msgstr = texts[0]
        if "%" in message:
            entry.flags.append("python-format")
        po.append(entry)
    return po


def write(po: polib.POFile, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    po.save(str(folder / "django.po"))
    po.save_as_mofile(str(folder / "django.mo"))


if __name__ == "__main__":
    raise SystemExit(main())
