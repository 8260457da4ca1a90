"""Thresholds that tallies crossed."""

from .crossings import Crossing, crossings_of, pending_keys

__all__ = ["Crossing", "crossings_of", "pending_keys"]
