"""Opinions gathered beside the ballots: letters, calls, visits, 座谈会, recorded by somebody who signs for them."""
