"""The read-only web API: results for other programs, as `docs/api.md` and `openapi.json` describe them."""
