"""Problems keep their lines, and the nearest known word is offered."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import InputError, nearest
from sim.paths import configs_dir


def test_problems_are_kept_line_by_line():
    error = InputError(["a.csv: row 2", "b.csv: row 3"])
    assert error.problems == ("a.csv: row 2", "b.csv: row 3")
    assert str(error) == "a.csv: row 2\nb.csv: row 3"
    assert InputError("one line").problems == ("one line",)


def test_problems_survive_the_way_from_a_worker():
    assert pickle.loads(pickle.dumps(InputError(["x", "y"]))).problems == ("x", "y")


@pytest.mark.parametrize(
    ("word", "known", "hint"),
    [
        ("alepo", ["aleppo", "homs"], " (did you mean 'aleppo'?)"),
        ("HTS", ["hts", "sna"], " (did you mean 'hts'?)"),
        ("xyz", ["aleppo", "homs"], ""),
        ("", ["aleppo"], ""),
        ("aleppo", [], ""),
    ],
)
def test_the_nearest_word_is_offered(word, known, hint):
    assert nearest(word, known) == hint


@given(st.lists(st.text()), st.text())
def test_only_known_words_are_offered(known, word):
    hint = nearest(word, known)
    assert hint == "" or any(hint == f" (did you mean '{name}'?)" for name in known)


def test_shipped_data_are_found():
    assert (configs_dir() / "geo" / "syria.geojson").is_file()
