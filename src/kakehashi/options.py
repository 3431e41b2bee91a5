"""Options that many commands share."""

from typing import Annotated

import typer

NodeOption = Annotated[
    str | None,
    typer.Option("--node", help="The node to work on: its name or its side, such as munich.", metavar="NAME"),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of text for people.")]
