"""The class password: a login page, and a signed cookie for those who know it.

The cookie holds the time until which it is good and an HMAC of it under a key that lives as long as the
server. It says nothing of who somebody is; all who know the password are alike.
"""

import hashlib
import hmac
import html
import secrets
import time
from collections import defaultdict, deque

COOKIE = "holdfast-class"
HOURS = 12
TRIES, WITHIN_SECONDS = 20, 60.0
"""Wrong passwords from one address before it has to wait."""
_MOST_ADDRESSES = 4096


class Entrance:
    """Checks passwords and cookies.

    Args:
        password: of the class; None lets everybody in, for a server that only this machine reaches.
    """

    def __init__(self, password: str | None) -> None:
        self._password = password
        self._key = secrets.token_bytes(32)
        self._wrong: defaultdict[str, deque[float]] = defaultdict(deque)

    @property
    def locked(self) -> bool:
        """Whether there is a password."""
        return self._password is not None

    def knows(self, cookie: str | None) -> bool:
        """Whether a cookie is one of ours, and still good."""
        if not self.locked:
            return True
        until, _, signature = (cookie or "").partition(".")
        if not until.isdecimal() or len(until) > 12 or int(until) < time.time():
            return False
        return hmac.compare_digest(signature.encode(), self._signed(until).encode())

    def new_cookie(self) -> str:
        """The value of a cookie for somebody who has come in."""
        until = str(int(time.time()) + HOURS * 3600)
        return f"{until}.{self._signed(until)}"

    def may_try(self, address: str) -> bool:
        """Whether an address has tries left."""
        tries = self._wrong.get(address)
        while tries and tries[0] < time.monotonic() - WITHIN_SECONDS:
            tries.popleft()
        return not tries or len(tries) < TRIES

    def accepts(self, password: str, address: str) -> bool:
        """Whether the password is right; a wrong one counts against the address."""
        if hmac.compare_digest(_hashed(password), _hashed(self._password or "")):
            self._wrong.pop(address, None)
            return True
        if len(self._wrong) > _MOST_ADDRESSES:
            self._wrong.clear()
        self._wrong[address].append(time.monotonic())
        return False

    def _signed(self, text: str) -> str:
        return hmac.new(self._key, text.encode(), "sha256").hexdigest()


def _hashed(password: str) -> bytes:
    return hashlib.sha256(password.encode()).digest()


def login_page(problem: str = "") -> str:
    """The page that asks for the password; the part of a link behind # comes through it unharmed."""
    said = f'<p role="alert">{html.escape(problem)}</p>' if problem else ""
    return _page(
        "Holdfast: class password",
        f"""<h1>Holdfast</h1>{said}
<form method="post" action="/login" onsubmit="this.action='/login'+location.hash">
<label for="password">Class password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required autofocus>
<button type="submit">Enter</button></form>""",
    )


def notice_page(title: str, text: str) -> str:
    """A page that says one thing."""
    return _page(f"Holdfast: {title}", f"<h1>{html.escape(title)}</h1><p>{html.escape(text)}</p>")


def _page(title: str, body: str) -> str:
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>:root{{color-scheme:light dark}}
body{{font:18px/1.5 system-ui,sans-serif;max-width:26rem;margin:18vh auto;padding:0 1rem}}
label,input,button{{display:block;font:inherit;width:100%;box-sizing:border-box;margin-top:.5rem}}
input,button{{padding:.6rem}}[role=alert]{{border-left:4px solid #c7424c;padding-left:.6rem}}</style>
</head><body><main>{body}</main></body></html>
"""
