"""Secretaries' 双向述职: marked by the people's ballots and, openly, by the superiors; ranked for those above them (S3)."""
