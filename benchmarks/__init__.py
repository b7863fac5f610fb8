"""Figures of speed: each beside its bound, ratios measured side by side in one run."""
