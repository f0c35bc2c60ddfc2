"""Experiments: many scenarios side by side, and what can be learnt from them."""
