"""A table of text as an XLSX file, written straight into the answer to a request.

Every cell is text, whatever it holds: no formula, no number, no link. Nothing is kept on the way, in memory or in a file:
the libraries for this gather their rows in temporary files, which a crash leaves on the disk.
"""

import re
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_048_575  # that a sheet can have, below its headings
MOST_LETTERS = 32_767  # that a cell can hold, counted as Excel does: an emoji is two
CUT = " … (cut here: a cell holds no more)"

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_READ_AS_CODE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # _x000D_ would become a line's end
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_NAMES = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"

_FRAME = {
    "[Content_Types].xml": f"""<Types xmlns="{_PACKAGE}/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>
<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPES}.worksheet+xml"/>
</Types>""",
    "_rels/.rels": f"""<Relationships xmlns="{_PACKAGE}/relationships">
<Relationship Id="rId1" Type="{_KINDS}/officeDocument" Target="xl/workbook.xml"/>
</Relationships>""",
    "xl/_rels/workbook.xml.rels": f"""<Relationships xmlns="{_PACKAGE}/relationships">
<Relationship Id="rId1" Type="{_KINDS}/worksheet" Target="worksheets/sheet1.xml"/>
<Relationship Id="rId2" Type="{_KINDS}/styles" Target="styles.xml"/>
</Relationships>""",
    # Format 49 is "text": what somebody types into such a cell later is no formula either.
    "xl/styles.xml": f"""<styleSheet {_NAMES}>
<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>
<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>
<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>
<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1">\
<alignment vertical="top" wrapText="1"/></xf>
<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs>
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>
</styleSheet>""",
}
_TEXT, _BOLD = 1, 2  # styles


def workbook(title, headings, batches):
    """The bytes of the file, piece by piece. `headings` are (words, width); `batches` are lists of rows of text."""
    out = _Pieces()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, xml in _FRAME.items():
            archive.writestr(name, _HEAD + xml)
        archive.writestr("xl/workbook.xml", _HEAD + _workbook(title))
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write((_HEAD + _top(headings)).encode())
            for rows in batches:
                sheet.write("".join(_row(row, _TEXT) for row in rows).encode())
                yield out.take()
            sheet.write(b"</sheetData></worksheet>")
    yield out.take()


class _Pieces:
    """What a ZipFile writes to that cannot go back: the pieces that have not been sent yet."""

    def __init__(self):
        self._pieces = []

    def write(self, data):
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self):
        """Nothing: what was written is there."""

    def take(self):
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


def _workbook(title):
    return f"""<workbook {_NAMES} xmlns:r="{_KINDS}">
<sheets><sheet name="{escape(title)}" sheetId="1" r:id="rId1"/></sheets></workbook>"""


def _top(headings):
    """The sheet up to its first row, with headings that stay when somebody scrolls."""
    widths = "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, (_, width) in enumerate(headings, 1)
    )
    return f"""<worksheet {_NAMES}><sheetViews><sheetView workbookViewId="0">\
<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>\
<cols>{widths}</cols><sheetData>{_row([words for words, _ in headings], _BOLD)}"""


def _row(texts, style):
    return f"<row>{''.join(_cell(text, style) for text in texts)}</row>"


def _cell(text, style):
    if not text:
        return f'<c s="{style}"/>'
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(cell_text(text))}</t></is></c>'


def cell_text(text):
    """The text as a cell can hold it: without what XML cannot carry, and cut, saying so, where it is too long."""
    text = _shortened(_NOT_IN_XML.sub("", text))
    return _READ_AS_CODE.sub("_x005F_", text)


def _shortened(text):
    units = text.encode("utf-16-le")
    if len(units) <= MOST_LETTERS * 2:
        return text
    return units[: (MOST_LETTERS - len(CUT)) * 2].decode("utf-16-le", "ignore") + CUT
