"""``holdfast app``: check, warm up, serve, say where."""

import os
import socket
import threading
import webbrowser
from dataclasses import dataclass

import typer

from sim.errors import InputError

PASSWORD_VARIABLE = "HOLDFAST_PASSWORD"


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
    address = f"http://{_shown(settings.host)}:{settings.port}"
    typer.echo(f"Holdfast is at {address}   (stop with Ctrl-C)")
    if not settings.local:
        typer.echo(
            "Anybody with the class password can use it. Passwords travel unencrypted unless a proxy adds "
            "HTTPS; see docs/app.md."
        )
    if asked.browser and settings.local:
        threading.Timer(1.0, webbrowser.open, [address]).start()
    serve(settings, listener)


def _check_packages() -> None:
    try:
        import anywidget  # noqa: F401
        import solara  # noqa: F401
    except ImportError as error:
        raise InputError([f"holdfast app: {error.name} is missing; install holdfast[app]"]) from None
    from sim.app.assets import HINT, missing

    if absent := missing():
        raise InputError([f"holdfast app: {absent[0]} is missing; {HINT}"])


def _ask(host: str) -> str | None:
    """The class password from the terminal, where others can reach the server and none was given."""
    from sim.app.gate import LOOPBACK

    if host in LOOPBACK or not os.isatty(0):
        return None
    return str(typer.prompt("Class password", hide_input=True, confirmation_prompt=True))


def _shown(host: str) -> str:
    """The address as a person types it."""
    if host in ("0.0.0.0", "::"):
        return socket.gethostname()
    return f"[{host}]" if ":" in host else host
