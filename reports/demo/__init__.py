"""What follows the count in the demo: opinions sorted, a ledger, comments, notices and the 小结, by the same deeds as in the browser."""

from .loading import load

__all__ = ["load"]
