"""An editor imports a spreadsheet: template, a mistake shown with its cell, correction, agreement."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

from tests.journeys.browser import Visitor
from tests.supervisor import Bridge

NAME = "Würm Diagnostik GmbH"
FILLED = {
    "Eigene Nummer": "W-1",
    "Sprache des Originals": "Deutsch",
    "Namen (Deutsch) *": NAME,
    "Art der Organisation *": "Unternehmen",
    "Zusammenfassung (Deutsch) *": "Entwickelt Schnelltests für Kliniken.",
    "Region *": "Bayern",
    "Stadt": "Gauting",
    "Themen": "Diagnostik",
}


def filled(template: Path, to: Path, **changes: str) -> Path:
    """The downloaded template with one line of one's own, saved as German Excel does: Windows-1252."""
    header, example = list(csv.reader(io.StringIO(template.read_text("utf-8-sig")), delimiter=";"))[:2]
    line = {**FILLED, **changes}
    assert set(line) <= set(header)
    out = io.StringIO(newline="")
    rows = [[cell.encode("cp1252", "ignore").decode("cp1252") for cell in row] for row in (header, example)]
    csv.writer(out, delimiter=";").writerows([*rows, [line.get(name, "") for name in header]])
    to.write_bytes(out.getvalue().encode("cp1252"))
    return to


def test_an_editor_imports_a_spreadsheet(
    bridge: Bridge, visitor: Callable[..., Visitor], tmp_path: Path
) -> None:
    editor = visitor()
    page = editor.page
    editor.sign_in(bridge.munich, "editor", "munich", "de")
    page.goto(f"{bridge.munich}/de/import/")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV Organisationen").click()
    template = tmp_path / "template.csv"
    download.value.save_as(template)

    page.get_by_label("Was die Datei enthält").select_option(label="Organisationen")
    page.set_input_files("input[type=file]", filled(template, tmp_path / "a.csv", **{"Region *": "Bajern"}))
    page.get_by_role("button", name="Datei prüfen").click()
    page.get_by_text("Bajern").wait_for()
    assert not page.get_by_text(NAME).count()
    preview = page.url
    page.goto(f"{bridge.munich}/de/organisations/?q=Würm")
    assert not page.get_by_role("link", name=NAME).count()

    page.goto(preview)
    page.set_input_files("input[type=file]", filled(template, tmp_path / "b.csv"))
    page.get_by_role("button", name="Die verbesserte Datei prüfen").click()
    page.get_by_text(NAME).first.wait_for()
    page.get_by_label("veröffentlicht für alle").check()
    page.get_by_role("button", name="1 Zeile").click()
    page.get_by_role("link", name=NAME).click()
    assert page.inner_text("h1") == NAME

    stranger = visitor().page
    stranger.goto(f"{bridge.munich}/de/organisations/?q=Würm")
    assert stranger.get_by_role("link", name=NAME).count()
