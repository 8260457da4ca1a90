"""Campaign files, `pingyi-campaign/1`: a whole campaign as one JSON text, loaded as a whole or not at all.

`parsing` reads JSON, `checking` makes a `Document` of it and finds every error, neither knowing the database;
`writing` writes a document's rows in one transaction; `saving` makes a file of a campaign's configuration.
"""

from .nodes import FileProblem, InvalidFile
from .parsing import parse
from .saving import campaign_text
from .writing import Loaded, load_campaign_file

__all__ = ["FileProblem", "InvalidFile", "Loaded", "campaign_text", "load_campaign_file", "parse"]
