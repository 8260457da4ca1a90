"""No code in what Django itself logs, DESIGN 6."""

import io
import logging
import re

from django.test import RequestFactory
from pytest import fixture

from pingyi.logs import MaskCodes

CODE = "K7M2PQ9X"


@fixture
def written():
    """A stream that takes what a masked handler writes."""
    stream, handler, logger = io.StringIO(), logging.StreamHandler(), logging.getLogger("test_logs")
    handler.setStream(stream)
    handler.addFilter(MaskCodes())
    logger.addHandler(handler)
    yield stream
    logger.removeHandler(handler)


def test_message_arguments_and_traceback_are_masked(written):
    try:
        raise LookupError(f"nothing at /v/{CODE}")
    except LookupError:
        logging.getLogger("test_logs").exception("Internal Server Error: %s", f"/v/{CODE}/send")

    lines = written.getvalue().splitlines()
    assert lines[0] == "Internal Server Error: /v/******/send"
    assert lines[-1] == "LookupError: nothing at /v/******"
    assert CODE not in written.getvalue()


def test_the_request_is_dropped_with_the_ballot_in_it():
    record = logging.LogRecord("x", logging.ERROR, __file__, 1, "x", (), None)
    record.request = RequestFactory().post(f"/v/{CODE}", {"marks": "11"})

    MaskCodes().filter(record)

    assert record.request is None


def test_every_handler_of_the_settings_masks(settings):
    handlers = settings.LOGGING["handlers"]
    loggers = {"root": settings.LOGGING["root"], **settings.LOGGING["loggers"]}

    assert [name for name, handler in handlers.items() if "mask_codes" not in handler["filters"]] == []
    assert {"root", "django", "django.server"} <= set(loggers)
    assert [name for name, logger in loggers.items() if not set(logger["handlers"]) <= set(handlers)] == []


def test_a_line_carries_the_time_and_how_bad_it_is(settings):
    form = settings.LOGGING["formatters"][settings.LOGGING["handlers"]["console"]["formatter"]]
    record = logging.LogRecord("x", logging.ERROR, __file__, 1, "Not Found: /v/%s", (CODE,), None)
    MaskCodes().filter(record)

    line = logging.Formatter(form["format"], style=form["style"]).format(record)

    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} ERROR Not Found: /v/\*{6}", line)


def test_the_link_to_a_self_appraisal_is_masked(written):
    logging.getLogger("test_logs").warning("Not Found: /self-appraisal/%s/", CODE)

    assert written.getvalue() == "Not Found: /self-appraisal/******/\n"
