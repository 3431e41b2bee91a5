"""The message catalogues: complete, current, and with the same placeholders in every language."""

import subprocess
import sys
from pathlib import Path

import polib
import pytest
from django.utils.translation import gettext, ngettext, override
from tools import messages

ROOT = Path(__file__).resolve().parents[2]


def test_every_message_has_german_and_japanese() -> None:
    result = subprocess.run(
        [sys.executable, ROOT / "tools" / "messages.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr


def test_no_row_translates_a_message_that_nobody_says() -> None:
    rows, _ = messages.read_parts()
    assert set(rows) <= set(messages.collect())


@pytest.mark.parametrize("language", ["de", "ja"])
def test_the_committed_catalogue_is_what_the_rows_say(language: str) -> None:
    found, (rows, _) = messages.collect(), messages.read_parts()
    fresh = messages.catalogue(language, ("de", "ja").index(language), found, rows)
    folder = messages.LOCALE / language / "LC_MESSAGES"
    kept = polib.pofile(str(folder / "django.po"))
    compiled = polib.mofile(str(folder / "django.mo"))
    wanted = {(e.msgid, e.msgstr, tuple(e.msgstr_plural.values())) for e in fresh}
    assert {(e.msgid, e.msgstr, tuple(e.msgstr_plural.values())) for e in kept} == wanted
    assert {(e.msgid, e.msgstr, tuple(e.msgstr_plural.values())) for e in compiled} == wanted
    assert not kept.fuzzy_entries()


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (("%(n)s records", "Einträge", "%(n)s件"), "de: placeholders"),
        (("Until {date}", "bis {date}", "まで"), "ja: placeholders"),
        (("one␟%(n)s others", "%(n)s andere", "%(n)s件"), "de: 2 forms"),
    ],
)
def test_a_row_that_cannot_work_is_refused(row: tuple[str, str, str], fault: str) -> None:
    assert any(found.startswith(fault) for found in messages.check(*row))


def test_messages_are_found_in_python_and_in_templates() -> None:
    source = 'x = _("One")\ny = ngettext("%(n)s day", "%(n)s days", n)\nz = f(_)'
    assert list(messages.from_python(source)) == ["One", "%(n)s day␟%(n)s days"]
    template = (
        '{% translate "It\'s \\"here\\"" %}{% blocktranslate with a=b trimmed %}\n Up to {{ a }}\n'
        "{% endblocktranslate %}"
        "{% blocktranslate count n=n %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}"
    )
    found = list(messages.from_template(template))
    assert found[1:] == ["Up to %(a)s", "%(n)s day␟%(n)s days"]


def test_the_interface_speaks_the_reader_s_language() -> None:
    with override("de"):
        assert gettext("Skip to content") == "Zum Inhalt"
    with override("ja"):
        assert gettext("Skip to content") == "本文へ"
        assert ngettext("Skip to content", "-", 1) == "Skip to content"
