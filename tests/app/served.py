"""A page server in a process of its own, and a Chromium to look at it."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import FloatRect, Locator

from sim.app import assets

_CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chrome")
_PATIENCE_SECONDS = 240
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def need_assets() -> None:
    """Skip where npm could not fetch the page's files; fail where .ci/run says that they must be there."""
    if assets.missing():
        _miss(f"the page's files are missing; {assets.HINT}")


def chromium() -> str:
    """The path of a Chromium; skips where there is none, and fails in .ci/run."""
    found = next((path for name in _CHROMIUM if (path := shutil.which(name))), None)
    return found or _miss("Chromium was not found; install the package chromium")


def steady_box(locator: Locator) -> FloatRect:
    """Where an element lies once the page has stopped laying it out anew, as it does with every answer."""
    before = None
    for _ in range(100):
        box = locator.bounding_box()  # None in the moment in which the element is replaced
        if box and box == before:
            return box
        before = box
        locator.page.wait_for_timeout(50)
    pytest.fail(f"{locator} does not come to rest")


def _miss(reason: str) -> str:
    if os.environ.get("HOLDFAST_BROWSER_TESTS") == "required":
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def serving(*options: str, password: str | None = None) -> Iterator[str]:
    """The address of a server that runs while the block does."""
    need_assets()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-c",
        "from sim.cli import main; main()",
        "app",
        "--no-browser",
        f"--port={port}",
    ]
    environment = os.environ | ({"HOLDFAST_PASSWORD": password} if password else {})
    server = subprocess.Popen([*command, *options], env=environment, stderr=subprocess.PIPE, text=True)
    address = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + _PATIENCE_SECONDS
        while not _answers(f"{address}/readyz"):
            assert server.poll() is None and time.monotonic() < until, server.stderr and server.stderr.read()
            time.sleep(0.2)
        yield address
    finally:
        server.terminate()
        server.communicate(timeout=30)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2):
            return True
    except urllib.error.HTTPError as error:
        error.close()  # it asks for the password
        return True
    except OSError:
        return False
