"""A document that word processors open and people can change: Office Open XML (ISO/IEC 29500), written by hand.

It is a zip of a few XML files, so it needs no package. Both sides should be able to change the text, on a phone too,
and .docx is what nearly every phone and office computer opens; a PDF could not be changed, and HTML opens in a browser.
"""

import re
import zipfile
from io import BytesIO
from xml.etree import ElementTree

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml"
CONTENT_TYPE = f"{_KIND}.document"
# What XML 1.0 cannot carry.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_CONTENT_TYPES = (
    f'{_DECLARATION}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_KIND}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_KIND}.styles+xml"/></Types>'
)
_RELATIONS = (
    f'{_DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
)
_DOCUMENT_RELATIONS = (
    f'{_DECLARATION}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
)
# The names of styles are known to word processors, and to screen readers as headings.
_STYLES = (
    f'{_DECLARATION}<w:styles xmlns:w="{_WORD}"><w:docDefaults><w:rPrDefault><w:rPr>'
    '<w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:cs="Arial"/><w:sz w:val="24"/><w:lang w:val="en-GB"/></w:rPr>'
    '</w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="120" w:line="300" w:lineRule="auto"/></w:pPr>'
    "</w:pPrDefault></w:docDefaults>"
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/>'
    '<w:rPr><w:b/><w:sz w:val="44"/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/>'
    '<w:pPr><w:keepNext/><w:spacing w:before="320" w:after="80"/><w:outlineLvl w:val="0"/></w:pPr>'
    '<w:rPr><w:b/><w:sz w:val="28"/></w:rPr></w:style></w:styles>'
)


def word_document(paragraphs):
    """Return the bytes of a .docx of (style, text) paragraphs; the style is 'Title', 'Heading1' or 'Normal'."""
    ElementTree.register_namespace("w", _WORD)
    root = ElementTree.Element(f"{{{_WORD}}}document")
    body = ElementTree.SubElement(root, f"{{{_WORD}}}body")
    for style, text in paragraphs:
        for line in _NOT_XML.sub("", text).splitlines() or [""]:
            paragraph = ElementTree.SubElement(body, f"{{{_WORD}}}p")
            properties = ElementTree.SubElement(paragraph, f"{{{_WORD}}}pPr")
            ElementTree.SubElement(properties, f"{{{_WORD}}}pStyle", {f"{{{_WORD}}}val": style})
            run = ElementTree.SubElement(paragraph, f"{{{_WORD}}}r")
            words = ElementTree.SubElement(run, f"{{{_WORD}}}t", {"xml:space": "preserve"})
            words.text = line
    size = ElementTree.SubElement(body, f"{{{_WORD}}}sectPr")
    # A4 in twentieths of a point, with 2 cm around.
    ElementTree.SubElement(size, f"{{{_WORD}}}pgSz", {f"{{{_WORD}}}w": "11906", f"{{{_WORD}}}h": "16838"})
    edges = {f"{{{_WORD}}}{side}": "1134" for side in ("top", "right", "bottom", "left", "header", "footer", "gutter")}
    ElementTree.SubElement(size, f"{{{_WORD}}}pgMar", edges | {f"{{{_WORD}}}gutter": "0"})
    files = {
        "[Content_Types].xml": _CONTENT_TYPES,
        "_rels/.rels": _RELATIONS,
        "word/_rels/document.xml.rels": _DOCUMENT_RELATIONS,
        "word/styles.xml": _STYLES,
        "word/document.xml": _DECLARATION + ElementTree.tostring(root, encoding="unicode"),
    }
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in files.items():
            # A date of its own would say when it was written.
            package.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
    return written.getvalue()
