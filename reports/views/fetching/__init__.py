"""Where a view gets its objects, by noun: fetched within the user's reach, or refused."""
