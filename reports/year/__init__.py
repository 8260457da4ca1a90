"""The year: campaigns made from a plan, and the periods of a year side by side."""
