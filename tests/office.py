"""LibreOffice as another program that opens our files: it computes a workbook's formulas anew, and prints Word files."""

import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

INSTALL = "没有 LibreOffice：apt-get install -y --no-install-recommends libreoffice-calc-nogui"
INSTALL_WRITER = "没有 LibreOffice：apt-get install -y --no-install-recommends libreoffice-writer-nogui"
SECONDS = 180
# Compute on opening, also what says that Excel has computed it.
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
STORED = re.compile(rb"(</f>)<v>[^<]*</v>")


def recalculated(folder: Path, workbooks: list[bytes]) -> list[bytes]:
    """The workbooks as LibreOffice saves them, opened without any stored value of a formula; one start for all."""
    if not shutil.which("soffice"):
        pytest.fail(INSTALL, pytrace=False)
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(SETTINGS, encoding="utf-8")
    files = [folder / f"{place}.xlsx" for place in range(len(workbooks))]
    for file, workbook in zip(files, workbooks, strict=True):
        file.write_bytes(without_values(workbook))
    (folder / "out").mkdir()
    office = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless"]
    converting = [*office, "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", folder / "out", *files]
    done = subprocess.run(converting, capture_output=True, text=True, timeout=SECONDS, check=False)
    converted = [folder / "out" / file.name for file in files]
    assert [file.exists() for file in converted] == [True] * len(files), done.stderr
    return [file.read_bytes() for file in converted]


def without_values(workbook: bytes) -> bytes:
    """The workbook with a nought in place of each formula's value."""
    stripped = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as source,
        zipfile.ZipFile(stripped, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for info in source.infolist():
            target.writestr(info.filename, STORED.sub(rb"\1<v>0</v>", source.read(info)))
    return stripped.getvalue()


def printed(folder: Path, document: bytes) -> bytes:
    """A Word file as LibreOffice prints it, in PDF."""
    if not shutil.which("soffice"):
        pytest.fail(INSTALL_WRITER, pytrace=False)
    file = folder / "document.docx"
    file.write_bytes(document)
    office = ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    converting = [*office, "--convert-to", "pdf", "--outdir", folder, file]
    done = subprocess.run(converting, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert file.with_suffix(".pdf").exists(), done.stderr
    return file.with_suffix(".pdf").read_bytes()
