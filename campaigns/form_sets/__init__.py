"""Sets of forms: made of a campaign, used in another, and the places in which a unit's own forms differ from them.

`contents` turns the file's words into the records of the library and back; `actions` reads and writes rows;
`differences` compares.
"""
