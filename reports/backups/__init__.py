"""Backups: one encrypted file with the database, the key and the kept files, read back before it counts as made."""
