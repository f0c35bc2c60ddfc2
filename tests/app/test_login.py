"""The class password in a real browser, which decides by itself what it says of where it comes from."""

import pytest
from playwright.sync_api import Browser
from served import serving

pytestmark = pytest.mark.slow
LINK = "#s=kept"


def test_who_knows_the_password_gets_in_and_keeps_his_link(browser: Browser) -> None:
    with serving(password="twelve days") as address:
        page = browser.new_context().new_page()
        page.goto(f"{address}/{LINK}")
        for password, problem in (("eleven days", True), ("twelve days", False)):
            page.fill("input[name=password]", password)
            page.press("input[name=password]", "Enter")
            page.wait_for_load_state()
            assert (page.get_by_role("alert").count() == 1) is problem
        page.get_by_test_id("status").wait_for(state="attached", timeout=60_000)
        assert page.url.startswith(f"{address}/#")
