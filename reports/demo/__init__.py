"""The demo: invented units, people and opinions, through the same deeds as the browser's, with a fixed seed.

Each act is one root organization with its campaign and what follows the count, made in one transaction; `playing` plays
the acts that are not there.
"""

from .accounts import ACCOUNTS, DEMO_PASSWORD
from .playing import Address, NotADemo, load, make_demo_address

__all__ = ["ACCOUNTS", "DEMO_PASSWORD", "Address", "NotADemo", "load", "make_demo_address"]
