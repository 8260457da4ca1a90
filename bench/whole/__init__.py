"""Every page of the product, and the deeds of a county, in a province of five levels on PostgreSQL (`make bench-province`)."""
