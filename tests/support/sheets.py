"""Reading a workbook in tests as its own XML has it."""

import io
import xml.etree.ElementTree as ET
import zipfile

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
SHEET = "xl/worksheets/sheet1.xml"


def sheet_of(data):
    """The root of the sheet's XML; every part of the file is well-formed, and none of its sums is wrong."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        parts = {name: ET.fromstring(archive.read(name)) for name in archive.namelist()}
    return parts[SHEET]


def cells_of(data):
    """All rows, each a list of the texts of its cells."""
    return [[_text(cell) for cell in row] for row in sheet_of(data).iter(f"{_MAIN}row")]


def kinds_of(data):
    """The types of the cells that hold something, and whatever stands in the sheet that could act."""
    sheet = sheet_of(data)
    kinds = {cell.get("t") for cell in sheet.iter(f"{_MAIN}c") if len(cell)}
    acting = [element.tag for element in sheet.iter() if element.tag.removeprefix(_MAIN) in ("f", "hyperlink", "v")]
    return kinds, acting


def _text(cell):
    return "".join(text.text or "" for text in cell.iter(f"{_MAIN}t"))
