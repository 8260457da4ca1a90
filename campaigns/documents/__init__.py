"""Documents that are appraised: their drafts in order, and the last one as participants read it."""
