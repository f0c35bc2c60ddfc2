"""``holdfast app`` on a free port of this machine, for as long as a block lasts."""

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

START = (sys.executable, "-c", "from sim.cli import main; main()", "app", "--no-browser")


@contextmanager
def serving(*options: str) -> Iterator[tuple[str, subprocess.Popen]]:
    """Address and process of a server that is ready; RuntimeError if it does not start."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = subprocess.Popen([*START, f"--port={port}", *options], stdout=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        while not _ready(address):
            if server.poll() is not None:
                raise RuntimeError("the server did not start")
            time.sleep(0.2)
        yield address, server
    finally:
        server.terminate()
        server.wait()


def _ready(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/readyz", timeout=1):
            return True
    except OSError:
        return False
