"""``holdfast app``: check, warm up, serve, say where."""

import contextlib
import os
import socket
import threading
import webbrowser
from dataclasses import dataclass
from typing import Annotated

import typer

from sim.cli.group import app
from sim.cli.options import INSTALL
from sim.errors import InputError

PASSWORD_VARIABLE = "HOLDFAST_PASSWORD"


@app.command("app")
def page(
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8765,
    host: Annotated[
        str,
        typer.Option(help="Address to listen on; others can reach any but this one, so it asks a password."),
    ] = "127.0.0.1",
    password: Annotated[
        str | None,
        typer.Option(
            help="Class password; better in HOLDFAST_PASSWORD, where nobody sees it.", show_default=False
        ),
    ] = None,
    sessions: Annotated[int, typer.Option(help="Most browser tabs at a time.")] = 60,
    names: Annotated[
        list[str] | None,
        typer.Option(
            "--name", metavar="NAME", help="A further name of this server, as of a proxy; repeatable."
        ),
    ] = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open a browser.")] = True,
) -> None:
    """Open the page: a campaign to look at and to change, for one person or for a class."""
    serve_page(Asked(host, port, password, sessions, tuple(names or ()), browser))


@dataclass(frozen=True)
class Asked:
    """What was asked for on the command line."""

    host: str
    port: int
    password: str | None
    sessions: int
    names: tuple[str, ...]
    browser: bool


def serve_page(asked: Asked) -> None:
    """Serve the page until it is stopped.

    Raises:
        InputError: a package or a file is missing, or an option is wrong.
    """
    _check_packages()
    from sim.app.server import Settings, listen, serve

    password = asked.password or os.environ.get(PASSWORD_VARIABLE)
    settings = Settings(asked.host, asked.port, password or _ask(asked.host), asked.sessions, asked.names)
    listener = listen(settings)
    from sim.app.view import warm_up

    typer.echo("Preparing the first campaign (the first time: up to a minute)", err=True)
    warm_up()
    port = listener.getsockname()[1]
    addresses = [f"http://{name}:{port}" for name in _names(settings.host)]
    typer.echo(f"Holdfast is at {' or '.join(addresses)}   (stop with Ctrl-C)")
    if not settings.local:
        typer.echo(
            "Anybody with the class password can use it. Passwords travel unencrypted unless a proxy adds "
            "HTTPS; see docs/app.md."
        )
    if asked.browser and settings.local:
        threading.Timer(1.0, webbrowser.open, addresses[:1]).start()
    serve(settings, listener)


def _check_packages() -> None:
    try:
        import anywidget  # noqa: F401
        import solara  # noqa: F401
    except ImportError as error:
        raise InputError([f"holdfast app: {error.name} is missing; {INSTALL.format('app')}"]) from None
    from sim.app.assets import HINT, missing

    if absent := missing():
        raise InputError([f"holdfast app: {absent[0]} is missing; {HINT}"])


def _ask(host: str) -> str | None:
    """The class password from the terminal, where others can reach the server and none was given."""
    from sim.app.gate import LOOPBACK

    if host in LOOPBACK or not os.isatty(0):
        return None
    return str(typer.prompt("Class password", hide_input=True, confirmation_prompt=True))


def _names(host: str) -> list[str]:
    """The host as a person types it; for all addresses the machine's name, and its number on the network."""
    if host not in ("0.0.0.0", "::"):
        return [f"[{host}]" if ":" in host else host]
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as outward:
        outward.connect(("192.0.2.1", 9))  # sends nothing: it asks which address would be used
        return [socket.gethostname(), outward.getsockname()[0]]
    return [socket.gethostname()]
