"""docs/validation.md is what the kept results say."""

from experiments.validation.page import PAGE, refreshed


def test_the_page_has_not_drifted():
    text = PAGE.read_text("utf-8")
    assert refreshed(text) == text, "python -m experiments.validation.page writes it anew"
