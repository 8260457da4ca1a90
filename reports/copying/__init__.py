"""The campaign of the next period, made from the last one with its standing words."""
