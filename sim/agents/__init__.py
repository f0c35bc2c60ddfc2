"""Places, units, factions and backers as Mesa sees them: thin views on rows of ``model.state``.

A view keeps nothing. An attribute reads its entry of a state array, and writing it writes that entry, which
the next step starts from. ``Ranks`` knows which units have a view.
"""

from sim.agents.backer import Backer
from sim.agents.column import Column, checked
from sim.agents.faction import Faction
from sim.agents.place import Place
from sim.agents.ranks import Ranks
from sim.agents.unit import Unit

__all__ = ["Backer", "Column", "Faction", "Place", "Ranks", "Unit", "checked"]
