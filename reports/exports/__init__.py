"""Archives of many files, made outside the request."""
