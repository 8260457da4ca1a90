"""Pictures lose what the camera wrote, and neither a dot of the picture nor which side is up."""

import io

import pytest
from PIL import Image, ImageChops, ImageCms, PngImagePlugin

from campaigns.photo_traces import without_traces

PLACE, CAMERA, CAPTION = b"N39.9042", b"SecretCam", b"Zhang San at the polls"


def picture(size=(48, 32)):
    image = Image.new("RGB", size)
    image.putdata([(x * 5 % 256, y * 7 % 256, (x * y) % 256) for y in range(size[1]) for x in range(size[0])])
    return image


def exif(side):
    facts = Image.Exif()
    facts[0x0110], facts[0x010E] = CAMERA.decode(), CAPTION.decode()
    facts.get_ifd(0x8825)[29] = PLACE.decode()
    if side:
        facts[0x0112] = side
    return facts


def jpeg(side=0, **how):
    stream = io.BytesIO()
    picture().save(
        stream, "JPEG", exif=exif(side), comment=CAPTION, xmp=b"<x:xmpmeta>" + PLACE + b"</x:xmpmeta>", **how
    )
    content = stream.getvalue()
    iptc = b"Photoshop 3.0\x008BIM" + CAPTION
    return content[:2] + b"\xff\xed" + (len(iptc) + 2).to_bytes(2, "big") + iptc + content[2:]


def png(side=0):
    stream, words = io.BytesIO(), PngImagePlugin.PngInfo()
    words.add_text("Comment", CAPTION.decode())
    words.add_text("Software", CAMERA.decode(), zip=True)
    words.add_itxt("XML:com.adobe.xmp", PLACE.decode())
    picture().save(stream, "PNG", exif=exif(side), pnginfo=words)
    return stream.getvalue()


def opened(content):
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def has_traces(content):
    return any(word in content for word in (PLACE, CAMERA, CAPTION, b"xmpmeta", b"Software", b"Comment"))


@pytest.mark.parametrize("side", [0, 1, 3, 6, 8])
@pytest.mark.parametrize("make", [jpeg, png])
def test_place_camera_and_captions_go_and_picture_and_side_stay(make, side):
    before = make(side)

    after = without_traces(before)

    assert has_traces(before)
    assert not has_traces(after)
    assert ImageChops.difference(opened(before).convert("RGB"), opened(after).convert("RGB")).getbbox() is None
    assert dict(opened(after).getexif()) == ({0x0112: side} if side > 1 else {})
    assert without_traces(after) == after


@pytest.mark.parametrize("how", [{"progressive": True}, {"restart_marker_rows": 1}, {"quality": 100, "subsampling": 0}])
def test_every_kind_of_scan_is_carried_over_byte_by_byte(how):
    before = jpeg(6, **how)

    after = without_traces(before)

    assert not has_traces(after)
    assert (
        after[after.index(b"\xff\xda") :]
        == before[before.rindex(CAPTION) :][before[before.rindex(CAPTION) :].index(b"\xff\xda") :]
    )
    assert opened(after).tobytes() == opened(before).tobytes()


def test_a_colour_profile_stays():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

    assert opened(without_traces(jpeg(icc_profile=profile))).info["icc_profile"] == profile


@pytest.mark.parametrize("make", [jpeg, png])
def test_whatever_lies_behind_the_picture_goes(make):
    assert without_traces(make() + b"a film with " + PLACE) == without_traces(make())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.4 GPS",
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xe1\xff\xff",
        b"\x89PNG\r\n\x1a\n",
        b"\x89PNG\r\n\x1a\n\0\0\1\0IDAT",
    ],
)
def test_what_is_no_whole_picture_stays_as_it_is(content):
    assert without_traces(content) == content


def test_a_picture_that_is_cut_off_keeps_what_there_is_of_it_without_traces():
    whole = jpeg()

    cut = without_traces(whole[:-40])

    assert not has_traces(cut)
    assert without_traces(whole).startswith(cut)
