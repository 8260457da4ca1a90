"""Keeps ballot codes out of every log line (DESIGN 6)."""

import logging
import re

CODE_IN_PATH = re.compile(r"(/v/|/self-appraisal/)[^/\s?\"']+")


def mask_codes(text: str) -> str:
    """Replace the code in every `/v/CODE`, and in the link to a self-appraisal, by asterisks."""
    return CODE_IN_PATH.sub(r"\1******", text)


class MaskCodes(logging.Filter):
    """Masks codes in the message and the traceback and drops the request, whose form holds a ballot."""

    def filter(self, record):
        record.msg = mask_codes(record.getMessage())
        record.args = ()
        if record.exc_info:
            record.exc_text = mask_codes(logging.Formatter().formatException(record.exc_info))
        if hasattr(record, "request"):
            record.request = None
        return True
