"""The stages of a campaign with the papers that each has to have."""
