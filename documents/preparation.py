"""What is done to a template once, so that each agreement costs little: tags joined, styles dropped.

A Word file carries some 160 styles and uses eight; importing them is half of the office's load time.
"""

from __future__ import annotations

import io
import re
from typing import Any

from docxtpl import DocxTemplate
from lxml import etree

from documents.package import DOCUMENT, W

STYLES = "word/styles.xml"
RENDERED = re.compile(r"^word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml$")
#: thumbnails and custom data are of no use to the office
DROPPED = re.compile(r"^(docProps/thumbnail\.|customXml/)")
STYLE_USES = tuple(f"{W}{name}" for name in ("pStyle", "rStyle", "tblStyle", "numStyleLink", "styleLink"))
STYLE_LINKS = tuple(f"{W}{name}" for name in ("basedOn", "link", "next"))


def source(root: Any) -> str:
    """The part as a Jinja source: docxtpl joins the tags that Word has cut into several runs."""
    xml = etree.tostring(root, encoding="unicode")
    patched: str = DocxTemplate(io.BytesIO()).patch_xml(xml)
    return patched


def drop_unused_styles(roots: dict[str, Any]) -> bytes | None:
    """``word/styles.xml`` with only the styles that the document uses; None when there is none."""
    styles = roots.get(STYLES)
    if styles is None:
        return None
    by_id = {style.get(f"{W}styleId"): style for style in styles.iter(f"{W}style")}
    wanted = {name for name, style in by_id.items() if style.get(f"{W}default") in ("1", "true")}
    for name, root in roots.items():
        if name.startswith("word/") and name != STYLES:
            wanted |= {use.get(f"{W}val") for use in root.iter(*STYLE_USES)}
    kept: set[str] = set()
    while wanted:
        name = wanted.pop()
        if name in by_id and name not in kept:
            kept.add(name)
            wanted |= {link.get(f"{W}val") for link in by_id[name].iter(*STYLE_LINKS)}
    for name, style in by_id.items():
        if name not in kept:
            style.getparent().remove(style)
    for latent in list(styles.iter(f"{W}latentStyles")):
        latent.getparent().remove(latent)
    lean: bytes = etree.tostring(styles, encoding="UTF-8", xml_declaration=True, standalone=True)
    return lean


def is_rendered(part: str) -> bool:
    return part == DOCUMENT or RENDERED.match(part) is not None
