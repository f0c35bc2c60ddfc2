"""The server of the page: Solara behind a gate, on uvicorn, for one person or for a class."""

import contextlib
import errno
import os
import secrets
import socket
import warnings
from collections.abc import Collection
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from sim.app import assets
from sim.app.entrance import Entrance
from sim.app.gate import LOOPBACK, Gate
from sim.errors import InputError

LARGEST_MESSAGE = 256 * 1024
"""Bytes of one message of a browser over its websocket."""
IDLE_MINUTES = 5
"""After which a session that nobody is connected to ends."""


@dataclass(frozen=True)
class Settings:
    """How the page is served."""

    host: str = "127.0.0.1"
    port: int = 8765
    password: str | None = None
    sessions: int = 60
    names: tuple[str, ...] = ()  # further names by which the server may be called, as by a proxy

    def __post_init__(self) -> None:
        problems = []
        if not 0 <= self.port <= 65535:
            problems.append(f"--port: {self.port} is out of range; allowed: 0 to 65535")
        if self.sessions < 1:
            problems.append(f"--sessions: {self.sessions} is out of range; allowed: 1 or more")
        if self.password is not None and len(self.password) < 6:
            problems.append("--password: is too short; allowed: 6 characters or more")
        if not self.local and self.password is None:
            problems.append(f"--host: {self.host} can be reached by others; allowed: with a class password")
        if problems:
            raise InputError(problems)

    @property
    def local(self) -> bool:
        """Whether only this machine can reach it."""
        return self.host in LOOPBACK


def application(settings: Settings) -> ASGIApp:
    """The page as an ASGI application, behind its gate."""
    _configure_solara()
    from solara.server import app, kernel_context
    from solara.server.starlette import app as solara_app

    app.apps["__default__"] = app.AppScript("sim.app.page")

    async def ready(_: object) -> PlainTextResponse:
        return PlainTextResponse("ready")

    inside = Starlette(
        routes=[
            Route("/readyz", ready),
            # Solara's own route fetches what is missing from a public server.
            Mount("/_solara/cdn", GZipMiddleware(StaticFiles(directory=assets.FOLDER), compresslevel=5)),
            Mount("/", solara_app),
        ],
        lifespan=solara_app.router.lifespan_context,
    )
    return Gate(
        inside,
        Entrance(settings.password),
        _names(settings),
        any_address=not settings.local,
        sessions=settings.sessions,
        kernels=lambda: list(kernel_context.contexts),
    )


def _names(settings: Settings) -> Collection[str]:
    """Names by which a browser may call the server."""
    own = () if settings.local else (socket.gethostname(), socket.getfqdn(), settings.host)
    return {*LOOPBACK, *own, *settings.names}


def _configure_solara() -> None:
    """Solara's settings, as it reads them from the environment or here."""
    from solara.server import settings

    settings.telemetry.mixpanel_enable = False
    settings.main.mode = "production"
    settings.main.root_path = ""  # else the first request may say what it is
    settings.kernel.cull_timeout = f"{IDLE_MINUTES}m"
    settings.state.auto_remount = True  # the address holds all that a tab would lose
    settings.session.http_only = True
    settings.session.secret_key = secrets.token_hex(32)
    settings.assets.proxy_cache_dir = assets.FOLDER
    settings.assets.fontawesome_enabled = False
    settings.theme.title = "Holdfast"
    settings.theme.loader = "plain"
    settings.theme.show_banner = False
    # Plain HTTP on a local network is what it is; the gate sets the cookies' flags.
    warnings.filterwarnings("ignore", "Cookies with samesite=none", UserWarning)


def listen(settings: Settings) -> socket.socket:
    """The socket to serve on, before anything slow is done.

    Raises:
        InputError: the port is taken, or the address is not one of this machine.
    """
    try:
        socket.getaddrinfo(settings.host, settings.port)
        return socket.create_server((settings.host, settings.port), family=_family(settings.host))
    except socket.gaierror as error:
        line = f"--host: {settings.host}: {error.strerror}; allowed: an address of this machine"
    except OSError as error:
        where, reason = f"{settings.host}:{settings.port}", os.strerror(error.errno or 0).lower()
        option = "host" if error.errno == errno.EADDRNOTAVAIL else "port"
        allowed = {"host": "an address of this machine", "port": "a free port"}[option]
        line = f"--{option}: {where} cannot be used ({reason}); allowed: {allowed}"
    raise InputError([line])


def serve(settings: Settings, listener: socket.socket) -> None:
    """Serve until stopped with Ctrl-C."""
    import uvicorn

    config = uvicorn.Config(
        application(settings),
        log_level="warning",
        access_log=False,
        server_header=False,
        ws_max_size=LARGEST_MESSAGE,
        timeout_graceful_shutdown=3,
        loop="asyncio",
    )
    with listener, contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
