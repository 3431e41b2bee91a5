"""What no link leads to: pages that refuse, find nothing, or answer a form that was filled in badly."""

from collections.abc import Callable

from playwright.sync_api import FilePayload, Page

State = Callable[[Page, str], object]  # brings the page there; takes the node's address with the language
UNCHECKED = "for (const form of document.forms) form.noValidate = true"
SEND = "main form[method=post] :is(button, [type=submit])"
HEADER = "Eigene Nummer;Sprache des Originals;Namen (Deutsch) *;Art der Organisation *;Region *;Stadt\n"
LINES = "W-1;Deutsch;Würm Diagnostik GmbH;Unternehmen;Bajern;Gauting\nW-2;Klingonisch;;Firmchen;Bayern;\n"


def at(path: str) -> State:
    """Simply an address."""
    return lambda page, start: page.goto(start + path)


def sent(path: str, **filled: str) -> State:
    """A form sent as it is, or with a few fields filled, past the browser's own checks."""

    def state(page: Page, start: str) -> None:
        page.goto(start + path)
        for name, value in filled.items():
            page.fill(f"main [name={name}]", value)
        page.evaluate(UNCHECKED)
        page.locator(SEND).last.click()
        page.wait_for_load_state()

    return state


def uploaded(name: str, content: str) -> State:
    """A spreadsheet of organisations as somebody uploads it."""

    def state(page: Page, start: str) -> None:
        page.goto(f"{start}import/")
        page.select_option("main select", "organisation")
        file = FilePayload(name=name, mimeType="text/csv", buffer=content.encode())
        page.set_input_files("input[type=file]", file)
        page.locator(SEND).first.click()
        page.wait_for_load_state()

    return state


STATES: dict[str, dict[str, State]] = {
    "stranger": {
        "x-404": at("nowhere/"),
        "x-403": at("people/"),
        "x-search-nothing": at("search/?q=xqzwv"),
        "x-search-found": at("search/?q=Antikörper"),
        "x-sign-in-wrong": sent("account/login/", login="nobody@munich.example", password="wrong"),
    },
    "member": {
        "x-403": at("people/"),
        "x-record-wrong": sent("records/new/offer/"),
    },
    "manager": {
        "x-search-found": at("search/?q=Antikörper"),
        "x-record-wrong": sent("records/new/request/"),
        "x-invite-wrong": sent("people/invite/", email="nobody"),
        "x-term-wrong": sent("glossary/new/"),
        "x-partner-wrong": sent("agreements/partners/add/"),
        "x-mission-wrong": sent("missions/new/"),
        "x-import-nothing": sent("import/"),
        "x-import-columns": uploaded("a.csv", "a;b\n1;2\n"),
        "x-import-cells": uploaded("organisations.csv", HEADER + LINES),
    },
}
