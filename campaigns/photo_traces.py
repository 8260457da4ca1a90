"""Pictures without what the camera wrote beside them: place, time, device, captions, a smaller picture, a film behind it.

The picture itself is not drawn anew, so that no detail of a signed sheet is lost: segments of a JPEG and chunks of a PNG
are left out. Colours and which side is up stay. A file that is no picture, or a broken one, stays as it is.
"""

import struct
import zlib
from collections.abc import Iterator

JPEG, PNG = b"\xff\xd8", b"\x89PNG\r\n\x1a\n"
EXIF = b"Exif\0\0"
START_OF_SCAN, END_OF_IMAGE, COMMENT, APP0, APP1, APP2, APP14, APP15 = 0xDA, 0xD9, 0xFE, 0xE0, 0xE1, 0xE2, 0xEE, 0xEF
# Markers without a length: restarts within a scan, and the rare TEM.
BARE = {0x01, *range(0xD0, 0xD8)}
# Chunks that a reader may pass over and that say how the picture looks; it may not pass over those in capitals.
LOOKS = {
    *(b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs", b"hIST", b"sPLT", b"cICP"),
    *(b"mDCV", b"cLLI", b"acTL", b"fcTL", b"fdAT"),
}
ORIENTATION = 0x0112


class _Broken(Exception):
    """Bytes that do not have the form of a picture."""


def without_traces(content: bytes) -> bytes:
    """The picture without what the camera wrote beside it; any other content as it is."""
    try:
        if content.startswith(JPEG):
            return JPEG + b"".join(_jpeg_parts(content))
        if content.startswith(PNG):
            return PNG + b"".join(_png_parts(content))
    except (_Broken, struct.error):
        pass
    return content


def _jpeg_parts(content: bytes) -> Iterator[bytes]:
    """The segments that stay, to the end of the first image: what lies behind it is another picture, or a film."""
    at, turned = len(JPEG), False
    while True:
        marker, end = _segment(content, at)
        part, body = content[at:end], content[at + 4 : end]
        if marker == APP1 and body.startswith(EXIF):
            side = _orientation(body[len(EXIF) :])
            if side > 1 and not turned:
                turned = True
                yield struct.pack(">BBH", 0xFF, APP1, 2 + len(EXIF) + 26) + EXIF + _only_orientation(side)
        elif (marker not in range(APP0, APP15 + 1) and marker != COMMENT) or _is_look(marker, body):
            yield part
        if marker == END_OF_IMAGE:
            return
        at = end
        if marker == START_OF_SCAN:
            at = _end_of_scan(content, end)
            yield content[end:at]
            if at == len(content):  # cut off: the picture shows as far as it goes
                return


def _is_look(marker: int, body: bytes) -> bool:
    """Whether an application's segment says how the picture looks: JFIF, a colour profile, Adobe's kind of colours."""
    return (marker in (APP0, APP14) and body[:5] in (b"JFIF\0", b"Adobe")) or (
        marker == APP2 and body.startswith(b"ICC_PROFILE\0")
    )


def _segment(content: bytes, at: int) -> tuple[int, int]:
    """Marker and end of the segment at a place."""
    if content[at : at + 1] != b"\xff" or at + 2 > len(content):
        raise _Broken
    marker = content[at + 1]
    if marker == END_OF_IMAGE or marker in BARE:
        return marker, at + 2
    (length,) = struct.unpack_from(">H", content, at + 2)
    if length < 2 or at + 2 + length > len(content):
        raise _Broken
    return marker, at + 2 + length


def _end_of_scan(content: bytes, at: int) -> int:
    """Where the next segment begins after a scan's bytes, in which 0xFF is followed by zero or by a restart."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0 or at + 1 >= len(content):
            return len(content)
        if content[at + 1] == 0xFF:  # filling
            at += 1
        elif content[at + 1] == 0 or content[at + 1] in BARE:
            at += 2
        else:
            return at


def _png_parts(content: bytes) -> Iterator[bytes]:
    at, name = len(PNG), b""
    while name != b"IEND":
        length, name = struct.unpack_from(">I4s", content, at)
        end = at + 12 + length
        if end > len(content):
            raise _Broken
        if name == b"eXIf":
            side = _orientation(content[at + 8 : end - 4])
            if side > 1:
                yield _chunk(name, _only_orientation(side))
        elif name[:1].isupper() or name in LOOKS:
            yield content[at:end]
        at = end


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _orientation(tiff: bytes) -> int:
    """Which side is up, from 1 to 8; 1 where nothing readable says so."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return 1
    try:
        (first,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, first)
        for entry in range(count):
            tag, kind, _, value = struct.unpack_from(f"{order}HHIH", tiff, first + 2 + 12 * entry)
            if (tag, kind) == (ORIENTATION, 3) and 1 <= value <= 8:
                return value
    except struct.error:
        return 1
    return 1


def _only_orientation(side: int) -> bytes:
    """A directory of EXIF with that single entry, 26 bytes."""
    return b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, ORIENTATION, 3, 1, side, 0, 0)
