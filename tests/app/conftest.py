"""One browser for the tests of a file."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright
from served import ARGUMENTS, chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium, for one file: Playwright's event loop would stand in the way of the next."""
    path = chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()
