"""The branch's decision on each member's grade (综合定格): the votes beside it, and nothing decided by the program."""
