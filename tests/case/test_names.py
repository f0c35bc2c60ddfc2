"""Names are short where that leaves them apart."""

from sim.case.names import short_name, short_names


def test_a_name_keeps_its_brackets_only_where_others_have_the_same_short_one() -> None:
    assert short_name("Quneitra (Madinat al-Baath)") == "Quneitra"
    names = ["Iran", "Iran (support to the government)", "Army (north), reserves"]
    assert short_names(names) == ["Iran", "Iran (support to the government)", "Army"]
