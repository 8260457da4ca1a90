"""The committee's view of its campaigns."""
