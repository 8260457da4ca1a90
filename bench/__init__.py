"""The cost of the promises of DESIGN 5, 7 and 9 in time, memory and bytes, measured on this machine (`make bench`)."""
