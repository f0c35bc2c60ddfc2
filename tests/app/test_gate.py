"""The gate: names of host and origin, the password, paths, sizes, places, headers and cookies."""

import asyncio
import dataclasses
from typing import Any

import pytest

from sim.app.entrance import TRIES, Entrance
from sim.app.gate import LARGEST_BODY, Gate
from sim.app.server import Settings
from sim.errors import InputError

KERNEL = "0123abcd-0000-4000-8000-0123456789ab"
CHANNELS = f"/jupyter/api/kernels/{KERNEL}/channels"
HOME = "http://localhost:8765"


@dataclasses.dataclass
class Reply:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def of(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name]


async def inside(scope: Any, receive: Any, send: Any) -> None:
    """Stands for Solara: reads the body, sets Solara's cookies, accepts websockets."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        return
    body = b""
    while (message := await receive())["type"] == "http.request":
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    cookies = [
        (b"set-cookie", b"solara-session-id=abc; expires=Fri; Path=/; SameSite=none; Secure"),
        (b"set-cookie", b"solara-session-id-lax=abc; SameSite=lax"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": cookies})
    await send({"type": "http.response.body", "body": b"read %d" % len(body)})


def gate(password: str | None = None, kernels: tuple[str, ...] = (), any_address: bool = False) -> Gate:
    return Gate(
        inside,
        Entrance(password),
        ["localhost", "127.0.0.1", "class.example"],
        any_address=any_address,
        sessions=2,
        kernels=lambda: kernels,
    )


def scope_of(kind: str, path: str, headers: dict[str, str], method: str = "GET") -> dict[str, Any]:
    path, _, query = path.partition("?")
    given = {"host": "localhost:8765"} | headers
    return {
        "type": kind,
        "method": method,
        "path": path,
        "query_string": query.encode(),
        "headers": [(key.encode(), value.encode()) for key, value in given.items() if value],
        "scheme": "ws" if kind == "websocket" else "http",
        "client": ("10.0.0.9", 1),
        "server": ("localhost", 8765),
    }


def ask(door: Gate, path: str = "/", method: str = "GET", body: bytes = b"", **headers: str) -> Reply:
    sent: list[dict[str, Any]] = []
    chunks = [body[:100], body[100:]]

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": chunks.pop(0), "more_body": bool(chunks)}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    named = {name.replace("_", "-"): value for name, value in headers.items()}
    asyncio.run(door(scope_of("http", path, named, method), receive, send))
    found = [(key.decode().lower(), value.decode()) for key, value in sent[0]["headers"]]
    return Reply(sent[0]["status"], found, b"".join(message.get("body", b"") for message in sent[1:]))


def opens(door: Gate, path: str = f"{CHANNELS}?session_id=x", **headers: str) -> bool:
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(door(scope_of("websocket", path, {"origin": HOME} | headers), receive, send))
    return sent[0]["type"] == "websocket.accept"


def log_in(door: Gate, password: str) -> Reply:
    return ask(door, "/login", "POST", f"password={password}".encode(), origin=HOME)


def test_a_page_is_served_with_strict_headers_and_cookies() -> None:
    reply = ask(gate())
    assert reply.status == 200
    policy = reply.of("content-security-policy")[0]
    assert "default-src 'none'" in policy and "http" not in policy
    assert "connect-src 'self' blob: ws://localhost:8765;" in policy
    assert reply.of("x-frame-options") == ["DENY"]
    (cookie,) = reply.of("set-cookie")
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "none" not in cookie and "2038" not in cookie


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8765", "localhost.evil.example", "10.1.2.3", "", "["]
)
def test_other_names_of_the_host_are_refused(host: str) -> None:
    assert ask(gate(), host=host).status == 421
    assert not opens(gate(), host=host, origin=f"http://{host}")


def test_a_server_for_others_may_be_called_by_its_address_but_by_no_other_name() -> None:
    assert ask(gate("secret", any_address=True), host="10.1.2.3:8765").status == 401
    assert ask(gate("secret", any_address=True), host="evil.example").status == 421
    assert ask(gate(), host="class.example").status == 200


@pytest.mark.parametrize(
    "origin", ["", "null", "http://evil.example", "https://localhost:8765", "http://localhost:1"]
)
def test_websockets_and_posts_of_other_pages_are_refused(origin: str) -> None:
    assert not opens(gate(), origin=origin)
    assert ask(gate(), f"/_solara/api/close/{KERNEL}", "POST", origin=origin).status == 403
    assert ask(gate("secret"), "/login", "POST", b"password=secret", origin=origin).status == 403


def test_websockets_of_this_page_are_accepted() -> None:
    assert opens(gate())
    assert not opens(gate(), CHANNELS)
    assert not opens(gate(), "/jupyter/api/kernels/x/channels?session_id=x")


@pytest.mark.parametrize(
    "path",
    [
        "/resourcez",
        "/static/public/secret.txt",
        "/static/../server.py",
        "/_solara/cdn/../../page.py",
        "/jupyter/nbextensions/other/index.js",
        "/jupyter/nbextensions/anywidget/../../../etc/passwd",
        f"/_solara/api/evict/{KERNEL}",
        "/etc/passwd",
        "//etc/passwd",
    ],
)
def test_nothing_but_the_page_is_served(path: str) -> None:
    assert ask(gate(), path).status == 404


def test_requests_have_a_largest_size_whatever_they_say() -> None:
    big = b"x" * (LARGEST_BODY + 1)
    assert ask(gate(), "/", "POST", big, origin=HOME, content_length=str(len(big))).status == 413
    assert ask(gate(), "/", "POST", b"", origin=HOME, content_length="many").status == 413
    assert ask(gate(), "/", "POST", big, origin=HOME).body == b"read 100"
    assert ask(gate("secret"), "/login", "POST", big, origin=HOME).status == 413
    assert ask(gate(), "/", "PUT", origin=HOME).status == 405


def test_a_class_password_opens_page_and_websocket() -> None:
    door = gate("open sesame")
    shut = ask(door)
    assert shut.status == 401 and b"Class password" in shut.body
    assert ask(door, "/static/main.js").status == 401 and not opens(door)
    assert log_in(door, "wrong").status == 401
    entered = log_in(door, "open+sesame")
    assert entered.status == 303 and entered.of("location") == ["/"]
    (cookie,) = entered.of("set-cookie")
    assert "HttpOnly" in cookie and "samesite=lax" in cookie.lower()
    key = cookie.partition(";")[0]
    assert ask(door, cookie=key).status == 200 and opens(door, cookie=key)
    assert ask(gate("open sesame"), cookie=key).status == 401  # the key of another server


def test_a_cookie_cannot_be_made_up_or_prolonged() -> None:
    entrance = Entrance("secret")
    until, _, signature = entrance.new_cookie().partition(".")
    assert entrance.knows(f"{until}.{signature}")
    for forged in (
        f"{int(until) + 1}.{signature}",
        f"{until}.",
        "",
        None,
        ".",
        f"1.{signature}",
        "x.y",
        "\u0665.x",
    ):
        assert not entrance.knows(forged)


def test_a_long_password_lets_in_who_knows_all_of_it() -> None:
    entrance = Entrance("x" * 300)
    assert entrance.accepts("x" * 300, "here") and not entrance.accepts("x" * 299, "here")


def test_passwords_cannot_be_tried_for_long() -> None:
    door = gate("secret")
    for _ in range(TRIES):
        assert log_in(door, "wrong").status == 401
    assert log_in(door, "secret").status == 429


def test_the_class_is_full_at_the_limit_and_who_is_in_stays_in() -> None:
    full = gate(kernels=("one", KERNEL))
    reply = ask(full)
    assert reply.status == 503 and b"The class is full" in reply.body
    assert opens(full)  # its session is one of the two
    assert not opens(gate(kernels=("one", "two")))
    assert opens(gate(kernels=("one",)))


def test_others_reach_a_server_only_with_a_password() -> None:
    with pytest.raises(InputError, match="with a class password"):
        Settings(host="0.0.0.0")
    with pytest.raises(InputError, match="too short"):
        Settings(host="0.0.0.0", password="abc")
    assert Settings().local and not Settings(host="0.0.0.0", password="secret").local
    with pytest.raises(InputError, match="--port"):
        Settings(port=70000)
