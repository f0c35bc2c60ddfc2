"""How good a simulation of a recorded case is: scores, and the baselines that they are held against.

``score(scenario)`` simulates and scores; ``score_result(result)`` scores what has been simulated.
"""

from sim.skill.card import Skill
from sim.skill.verdict import score, score_result

__all__ = ["Skill", "score", "score_result"]
