"""What the committee above reads of its campaigns."""
