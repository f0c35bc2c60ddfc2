"""Learning parameters from recorded wars: ``holdfast calibrate``; ``docs/calibration.md`` says how and why.

``load_study(file)`` reads a study, ``calibrate(study, folder)`` runs it and gives the posterior's draws.
"""

from sim.calibration.rounds import calibrate
from sim.calibration.study import Study, load_study

__all__ = ["Study", "calibrate", "load_study"]
