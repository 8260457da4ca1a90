"""The facts of many units' meetings in one workbook: drawn with what is known, read again, and written together."""
