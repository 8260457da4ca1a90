"""The roster workbook: organizations, members and commitments out of Excel, in four steps.

`template` writes the empty workbook; `safety` and `reading` turn an upload into rows of plain text or say what is wrong
with it; `comparing` sets the rows against the database and knows what is new, changed and unchanged; `keeping` holds the
rows between preview and confirmation; `writing` writes a comparison, all or nothing.
"""
