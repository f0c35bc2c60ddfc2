"""Settings that every test shares: reproducible by default, no screen and no accelerator needed."""

import os

from hypothesis import settings

# Before anything imports them. Set either variable yourself to test on a GPU or with another backend.
os.environ.setdefault("JAX_PLATFORMS", "cpu")
os.environ.setdefault("MPLBACKEND", "Agg")

# "ci" draws the same examples every time; HYPOTHESIS_PROFILE=explore looks further and keeps what it finds.
settings.register_profile("ci", derandomize=True, deadline=None, database=None)
settings.register_profile("explore", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
