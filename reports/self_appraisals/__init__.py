"""Members' self-appraisals (自评): signed texts with a file, written by an own one-time link or entered by the secretary."""
