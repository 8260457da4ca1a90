"""An act a file: each tells the story of one root organization, from its roster to the 公示 of its result, as far as it has come."""
