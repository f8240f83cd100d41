"""A Word file's usual burden: the 164 styles of a stock template, of which an agreement uses none."""

from __future__ import annotations

import docx
from lxml import etree

from documents.package import W


def with_stock_styles(styles: bytes) -> bytes:
    """A ``word/styles.xml``, and those of python-docx's default template, which are Word's own."""
    ours = etree.fromstring(styles)
    known = {style.get(f"{W}styleId") for style in ours.iter(f"{W}style")}
    stock = docx.Document().styles.element
    for style in stock.iter(f"{W}style"):
        if style.get(f"{W}styleId") not in known:
            copy = etree.fromstring(etree.tostring(style))
            copy.attrib.pop(f"{W}default", None)
            ours.append(copy)
    # after docDefaults, where the schema wants it
    ours.insert(1, etree.fromstring(etree.tostring(stock.find(f"{W}latentStyles"))))
    made: bytes = etree.tostring(ours, encoding="UTF-8", xml_declaration=True, standalone=True)
    return made
