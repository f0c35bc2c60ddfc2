"""The gate before Solara: who may come in, from where, to what, and how much they may bring.

An ASGI application around another. It lets through the few paths that the page needs and nothing else, checks
the names of host and origin (a page elsewhere could else talk to a server on this machine: DNS rebinding,
cross-site websockets), asks for the class password, limits the number of sessions and the size of requests,
and hardens headers and cookies.
"""

import ipaddress
import re
from collections.abc import Callable, Collection
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sim.app.entrance import COOKIE, HOURS, Entrance, login_page, notice_page

LARGEST_BODY = 16 * 1024
LOOPBACK = ("localhost", "127.0.0.1", "::1")
_CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",  # Vue compiles, anywidget imports a blob
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' blob: {sockets}",  # older browsers do not count a websocket as 'self'
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=()",
}
_PATHS = re.compile(
    "|".join(
        (
            r"/",
            r"/readyz",
            r"/jupyter/api/kernels/[0-9a-f-]{36}(/channels)?",
            r"/_solara/api/close/[0-9a-f-]{36}",
            r"/_solara/cdn/[\w@./-]+",
            r"/static/(assets/)?[\w.-]+",
            r"/jupyter/nbextensions/(anywidget|jupyter-vue|jupyter-vuetify)/[\w.-]+",
        )
    )
)
_KERNEL = re.compile(r"/jupyter/api/kernels/([0-9a-f-]{36})/channels")
_SESSION, _SESSION_TWICE = "solara-session-id", "solara-session-id-lax"


class Gate:
    """Lets through what may pass.

    Args:
        inside: the application.
        entrance: the class password.
        hosts: names by which the server may be called.
        any_address: whether it may be called by any number (an address cannot be rebound by DNS).
        sessions: most sessions at a time.
        kernels: gives the ids of the sessions that there are.
    """

    def __init__(
        self,
        inside: ASGIApp,
        entrance: Entrance,
        hosts: Collection[str],
        *,
        any_address: bool,
        sessions: int,
        kernels: Callable[[], Collection[str]],
    ) -> None:
        self._inside, self._entrance = inside, entrance
        self._hosts, self._any_address = {host.lower() for host in hosts}, any_address
        self._sessions, self._kernels = sessions, kernels
        self._arriving: set[str] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request or websocket."""
        if scope["type"] == "lifespan":
            await self._inside(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            await self._http(scope, receive, _hardened(send, scope["scheme"] == "https", _host(scope)))

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        refusal = self._refusal(request)
        if refusal is None and scope["path"] == "/login":
            refusal = await self._login(request)
        if refusal is None and not self._entrance.knows(request.cookies.get(COOKIE)):
            page = scope["path"] == "/"
            refusal = HTMLResponse(login_page(), 401) if page else PlainTextResponse("log in first", 401)
        if refusal is None and scope["path"] == "/" and self._full():
            refusal = HTMLResponse(
                notice_page("The class is full", f"All {self._sessions} places are taken. Try again soon."),
                503,
                {"retry-after": "60"},
            )
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        await self._inside(scope, _limited(receive), send)

    def _refusal(self, request: Request) -> Response | None:
        """Why a request may not pass, whoever sends it."""
        if not self._known_host(request.headers):
            return PlainTextResponse("This server is not known by that name.", 421)
        if request.method not in ("GET", "HEAD", "POST"):
            return PlainTextResponse("method not allowed", 405)
        if request.method == "POST" and not _same_origin(request):
            return PlainTextResponse("requests from other pages are refused", 403)
        length = request.headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > LARGEST_BODY:
            return PlainTextResponse("too large", 413)
        path = request.scope["path"]
        if path != "/login" and (".." in path or not _PATHS.fullmatch(path)):
            return PlainTextResponse("there is nothing here", 404)
        return None

    async def _login(self, request: Request) -> Response:
        address = request.client.host if request.client else ""
        if request.method != "POST":
            return RedirectResponse("/", 303)
        if not self._entrance.may_try(address):
            return HTMLResponse(login_page("Too many wrong passwords; wait a minute."), 429)
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST_BODY:
                return PlainTextResponse("too large", 413)
        fields = parse_qs(body.decode("utf-8", "replace"))
        if not self._entrance.accepts(fields.get("password", [""])[0], address):
            return HTMLResponse(login_page("That is not the password."), 401)
        response = RedirectResponse("/", 303)
        response.set_cookie(
            COOKIE,
            self._entrance.new_cookie(),
            max_age=HOURS * 3600,
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
        return response

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        connection = HTTPConnection(scope)
        kernel = _KERNEL.fullmatch(scope["path"])
        allowed = (
            kernel is not None
            and self._known_host(connection.headers)
            and _same_origin(connection)
            and self._entrance.knows(connection.cookies.get(COOKIE))
            and bool(connection.query_params.get("session_id"))
        )
        if not allowed or kernel is None or self._full(kernel[1]):
            await receive()  # websocket.connect
            await send({"type": "websocket.close", "code": 1008})
            return
        self._arriving.add(kernel[1])
        try:
            await self._inside(scope, receive, send)
        finally:
            self._arriving.discard(kernel[1])

    def _full(self, kernel: str = "") -> bool:
        """Whether one more session is one too many."""
        there = set(self._kernels()) | self._arriving
        return kernel not in there and len(there) >= self._sessions

    def _known_host(self, headers: Headers) -> bool:
        name = _host_name(headers.get("host", ""))
        if name in self._hosts:
            return True
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return self._any_address


def _host_name(host: str) -> str:
    """The name in a Host header, without its port."""
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def _same_origin(connection: HTTPConnection) -> bool:
    """Whether a request comes from a page of this server; browsers say so with websockets and POST."""
    origin = urlsplit(connection.headers.get("origin", ""))
    secure = connection.scope["scheme"] in ("https", "wss")
    return origin.scheme == ("https" if secure else "http") and origin.netloc == connection.headers.get(
        "host"
    )


def _limited(receive: Receive) -> Receive:
    """A body that is longer than it may be ends early, whatever its header says."""
    read = 0

    async def limited() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        return {"type": "http.disconnect"} if read > LARGEST_BODY else message

    return limited


def _host(scope: Scope) -> str:
    """The Host header, if it may stand in a header of ours."""
    host = Headers(scope=scope).get("host", "")
    return host if re.fullmatch(r"[\w.:\[\]-]+", host) else ""


def _hardened(send: Send, secure: bool, host: str) -> Send:
    """Security headers on every response, and cookies that scripts and other sites cannot use."""
    sockets = f"{'wss' if secure else 'ws'}://{host}" if host else ""
    own = _HEADERS | {"content-security-policy": _CSP.format(sockets=sockets)}

    async def hardened(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            cookies = headers.getlist("set-cookie")
            del headers["set-cookie"]
            for cookie in cookies:
                name, _, rest = cookie.partition("=")
                if name == _SESSION:
                    flags = "; Path=/; HttpOnly; SameSite=Lax" + ("; Secure" if secure else "")
                    cookie = f"{name}={rest.partition(';')[0]}; Max-Age={HOURS * 3600}{flags}"
                if name != _SESSION_TWICE:
                    headers.append("set-cookie", cookie)
            for name, value in own.items():
                headers[name] = value
            del headers["server"]
        await send(message)

    return hardened
