"""The trail (审计): which pages leave a row, of what, written into a chain, verified and archived."""
