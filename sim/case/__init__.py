"""A war as data: a folder of CSV tables, read and checked, and its road network.

``load_case(folder)`` gives a ``Case`` or raises an ``InputError`` that lists everything wrong with it.
"""

from sim.case.case import Case
from sim.case.load import check_case, load_case
from sim.case.shipped import case_folder, shipped_cases

__all__ = ["Case", "case_folder", "check_case", "load_case", "shipped_cases"]
