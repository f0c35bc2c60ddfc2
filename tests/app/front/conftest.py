"""The page alone in a real browser: the harness replays recorded messages in the place of the server."""

import http.server
import mimetypes
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

HERE = Path(__file__).parent
STATIC = HERE.parents[2] / "sim" / "app" / "static"


class _Harness(http.server.BaseHTTPRequestHandler):
    archive: zipfile.ZipFile

    def do_GET(self):
        folder, _, name = urlsplit(self.path).path.lstrip("/").partition("/")
        try:
            if folder == "static":
                body = (STATIC / Path(name).name).read_bytes()
            elif folder == "fixture":
                body = self.archive.read(name.lstrip("/"))
            else:
                body = (HERE / "harness.html").read_bytes()
        except (KeyError, OSError):
            return self.send_error(404)
        self.send_response(200)
        self.send_header(
            "Content-Type", mimetypes.guess_type(name or "harness.html")[0] or "application/octet-stream"
        )
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture(scope="session")
def harness() -> Iterator[str]:
    """Address of the harness."""
    with zipfile.ZipFile(HERE / "syria-2024.zip") as archive:
        _Harness.archive = archive
        with http.server.HTTPServer(("127.0.0.1", 0), _Harness) as server:
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            yield f"http://127.0.0.1:{server.server_port}"
            server.shutdown()
            thread.join()


@pytest.fixture
def open_page(browser, harness):
    """Open the page: open_page(size, theme, query, hash); errors and requests to elsewhere fail the test."""
    contexts, wrong = [], []

    def open_one(size=(1280, 720), theme="light", query="", hash="", **options):
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme=theme, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: wrong.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "request",
            lambda r: wrong.append(r.url) if not r.url.startswith((harness, "data:", "blob:")) else None,
        )
        page.on("response", lambda r: wrong.append(f"{r.status} {r.url}") if r.status >= 400 else None)
        page.add_init_script(path=HERE / "probes.js")
        page.goto(f"{harness}/harness.html?{query}{hash}")
        page.locator(".held span").first.wait_for()
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not wrong
