"""A browser without a browser: opens the page of a server over its websocket and asks it questions.

For tests and for measuring: it speaks as much of Jupyter's messages as Solara's page does.
"""

import asyncio
import json
import struct
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

from websockets.asyncio.client import ClientConnection, connect

_PATIENCE_SECONDS = 60.0
_LARGEST = 64 * 2**20


class Refused(RuntimeError):
    """The server did not let the client in; ``args[0]`` is what it said."""


class Client:
    """One tab of a browser.

    Args:
        address: of the server, as ``http://127.0.0.1:8765``.
        password: of the class.

    Attributes:
        traits: ``geo``, ``levers`` and ``options`` as the server last set them.
    """

    def __init__(self, address: str, password: str | None = None) -> None:
        self.address, self._password = address.rstrip("/"), password
        self.traits: dict[str, Any] = {}
        self._cookies: dict[str, str] = {}
        self._session, self._kernel = uuid.uuid4().hex, str(uuid.uuid4())
        self._view, self._number = "", 0

    async def __aenter__(self) -> "Client":
        await asyncio.to_thread(self._enter)
        where = urlsplit(self.address)
        self._socket: ClientConnection = await connect(
            f"ws://{where.netloc}/jupyter/api/kernels/{self._kernel}/channels?session_id={self._session}",
            origin=self.address,  # type: ignore[arg-type]
            additional_headers={"Cookie": "; ".join(f"{k}={v}" for k, v in self._cookies.items())},
            max_size=_LARGEST,
            open_timeout=_PATIENCE_SECONDS,
        )
        control = uuid.uuid4().hex
        await self._comm("comm_open", control, {}, target_name="solara.control")
        await self._comm("comm_msg", control, {"method": "run", "args": {"path": "", "appName": None}})
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while not self._view:
                self._take(*(await self._receive()))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._socket.close()
        beacon = f"{self.address}/_solara/api/close/{self._kernel}?session_id={self._session}"
        await asyncio.to_thread(self._http, beacon, b"")

    async def ask(self, kind: str, **content: Any) -> int:
        """Send a question; gives its number."""
        self._number += 1
        data = {"method": "custom", "content": {"kind": kind, "id": self._number, **content}}
        await self._comm("comm_msg", self._view, data)
        return self._number

    async def answer(self, *kinds: str) -> tuple[dict[str, Any], list[bytes]]:
        """The next message of one of these kinds, with its buffers; others are passed over."""
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while True:
                content, buffers = self._take(*(await self._receive()))
                if content and content.get("kind") in kinds:
                    return content, buffers

    async def campaign(self, request: dict[str, Any]) -> tuple[dict[str, Any], list[bytes], float]:
        """Simulate: the campaign or the problem, and the seconds that it took."""
        began = time.perf_counter()
        number = await self.ask("simulate", request=request)
        while True:
            content, buffers = await self.answer("campaign", "problem")
            # The world as it was comes first, unless that is what was asked for.
            done = content["kind"] == "problem" or not content["baseline"] or content["alone"]
            if content["id"] == number and done:
                return content, buffers, time.perf_counter() - began

    def _enter(self) -> None:
        """Fetch the page, by way of the password if there is one."""
        if self._password is not None:
            form = urlencode({"password": self._password}).encode()
            self._http(f"{self.address}/login", form)
        self._http(f"{self.address}/")

    def _http(self, url: str, body: bytes | None = None) -> None:
        headers = {"Origin": self.address, "Cookie": "; ".join(f"{k}={v}" for k, v in self._cookies.items())}
        opener = urllib.request.build_opener(_Stay)
        try:
            reply = opener.open(urllib.request.Request(url, body, headers), timeout=_PATIENCE_SECONDS)
        except urllib.error.HTTPError as error:
            reply = error
        with reply:
            received = reply.headers.get_all("set-cookie") or []
            if reply.status is not None and reply.status >= 400:
                raise Refused(str(reply.status))
        for cookie in received:
            name, _, rest = cookie.partition("=")
            self._cookies[name] = rest.partition(";")[0]

    async def _comm(self, kind: str, comm: str, data: dict[str, Any], **more: Any) -> None:
        message = {
            "header": {
                "msg_id": uuid.uuid4().hex,
                "msg_type": kind,
                "session": self._session,
                "username": "",
                "version": "5.2",
                "date": "2000-01-01T00:00:00Z",
            },
            "parent_header": {},
            "metadata": {},
            "content": {"comm_id": comm, "data": data, **more},
            "channel": "shell",
            "buffers": [],
        }
        await self._socket.send(json.dumps(message))

    async def _receive(self) -> tuple[dict[str, Any], list[bytes]]:
        raw = await self._socket.recv()
        if isinstance(raw, str):
            return json.loads(raw), []
        count = struct.unpack("!I", raw[:4])[0]
        starts = struct.unpack(f"!{count}I", raw[4 : 4 * (count + 1)])
        parts = list(_parts(raw, starts))
        return json.loads(parts[0]), parts[1:]

    def _take(
        self, message: dict[str, Any], buffers: list[bytes]
    ) -> tuple[dict[str, Any] | None, list[bytes]]:
        """What the page's widget would make of a message: note its traits, hand on what it is told."""
        kind, content = message["header"]["msg_type"], message["content"]
        data = content.get("data") or {}
        if kind == "comm_open" and "geo" in data.get("state", {}):
            self._view = content["comm_id"]
        if kind not in ("comm_open", "comm_msg") or content.get("comm_id") != self._view:
            return None, []
        state = data.get("state", {})
        self.traits |= {name: state[name] for name in ("geo", "levers", "options") if name in state}
        return (data.get("content"), buffers) if data.get("method") == "custom" else (None, [])


class _Stay(urllib.request.HTTPRedirectHandler):
    """Cookies come with a redirect, which is not followed."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _parts(raw: bytes, starts: tuple[int, ...]) -> Iterator[bytes]:
    for start, end in zip(starts, (*starts[1:], None), strict=True):
        yield raw[start:end]
