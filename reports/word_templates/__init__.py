"""An office's own Word file, with its 红头, into which the 小结 is written."""
