"""The description is OpenAPI 3.1 and has every address of the API."""

import json
import re

from django.urls import get_resolver
from openapi_spec_validator import OpenAPIV31SpecValidator

from reports.api.description import description


def test_the_description_is_valid():
    assert list(OpenAPIV31SpecValidator(json.loads(description())).iter_errors()) == []


def test_every_address_is_described_and_no_other():
    described = json.loads(description())["paths"]
    addresses = {
        "/" + re.sub(r"<\w+:\w+>", "{campaign}", str(route.pattern).removeprefix("api/v1/"))
        for group in get_resolver().url_patterns
        for route in getattr(group, "url_patterns", ())
        if str(route.pattern).startswith("api/v1/")
    }

    assert set(described) == addresses - {"/{campaign}"}
    assert {method for path in described.values() for method in path} == {"get"}
