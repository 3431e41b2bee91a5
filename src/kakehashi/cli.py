"""The command `kakehashi`: chooses the node, starts Django for it, hands over to the features."""

import os
import signal
import sys
from importlib import import_module

import typer
from rich.console import Console

from kakehashi import node as nodes
from kakehashi.bridge import leash
from kakehashi.errors import InvalidInput, KakehashiError, NodeMisconfigured

# Commands that run without Django: they start, make or remove whole nodes, or need none.
BEFORE_DJANGO = {"up", "reset", "verify", "compare"}
# And one that runs with Django, but on no node.
WITHOUT_NODE = {"evaluate"}
# Exit codes: 0 done, 1 ran and the answer is no, 2 could not run as asked (130 is Ctrl-C, see __main__).
COULD_NOT_RUN = 2


def chosen_node(arguments: list[str]) -> str | None:
    """The value of --node, wherever it stands."""
    for place, word in enumerate(arguments):
        if word == "--node" and place + 1 < len(arguments):
            return arguments[place + 1]
        if word.startswith("--node="):
            return word.removeprefix("--node=")
    return None


def enter_node(name: str | None) -> None:
    """Point Django's settings at the node; with several and none chosen, commands say so."""
    every = nodes.nodes(nodes.home())
    if name is None and len(every) != 1:
        return
    node = nodes.find(nodes.home(), name)
    os.environ["KAKEHASHI_NODE"] = str(node.folder)
    if node.demo:
        os.environ.setdefault("KAKEHASHI_DEMO", "1")


def build(command: str | None) -> typer.Typer:
    """The application; features are imported only when their commands may be needed."""
    app = typer.Typer(
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode="rich",
        help="Kakehashi, the bridge between two life-science clusters.",
    )
    import_module("kakehashi.bridge.commands").mount(app)
    import_module("kakehashi.proving.offline").mount(app)
    if command in BEFORE_DJANGO:
        return app
    import django  # only now: the commands above start sooner without

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kakehashi.settings")
    django.setup()
    import_module("kakehashi.commands").mount(app)
    return app


def run() -> None:
    """What the words behind `kakehashi` ask for."""
    leash.hold()
    console = Console(stderr=True)
    arguments = sys.argv[1:]
    try:
        command = next((word for word in arguments if not word.startswith("-")), None)
        if command not in WITHOUT_NODE:
            enter_node(chosen_node(arguments))
        app = build(command)
        signal.signal(signal.SIGINT, signal.default_int_handler)  # from here on Ctrl-C undoes what is begun
        app(standalone_mode=True)
    except InvalidInput as error:
        for path, messages in error.problems.items():
            console.print(
                f"[bold]{path or 'input'}[/]: " + "; ".join(str(m) for m in messages), highlight=False
            )
        sys.exit(COULD_NOT_RUN)
    except NodeMisconfigured as error:
        sides = ", ".join(n.side for n in nodes.nodes(nodes.home()))
        console.print(
            f"{error}" + (f" (nodes here: {sides}; choose with --node)" if sides else ""), highlight=False
        )
        sys.exit(COULD_NOT_RUN)
    except KakehashiError as error:
        console.print(str(error), highlight=False)
        sys.exit(COULD_NOT_RUN)
