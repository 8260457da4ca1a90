"""Files of self-appraisals: under random names in the folder that no web server hands out; their first bytes say what they are."""

import hashlib
import secrets
from dataclasses import dataclass

from campaigns.kept_files import Unsuitable, picture_kind, read_limited


@dataclass(frozen=True)
class KeptFile:
    """A file as its row describes it."""

    file_name: str = ""
    kind: str = ""
    size: int = 0
    sha256: str = ""


def checked_file(upload) -> tuple[KeptFile, bytes]:
    """An uploaded file with its bytes, to be written; raises Unsuitable."""
    content = read_limited(upload)
    kind = picture_kind(content)
    if not kind:
        raise Unsuitable("只收JPEG、PNG图片和PDF，这个文件不是。手机拍的照片请先转成JPEG。")
    return KeptFile(secrets.token_hex(16), kind, len(content), hashlib.sha256(content).hexdigest()), content
