"""The least that Django can do: a project whose one view inserts one row. Casting is measured against it."""
