"""The plan of a year: ready patterns, what is late, and campaigns that fall on one unit at once."""
