"""The least that Django can do: a project whose one view inserts one row. What casting is measured against."""
