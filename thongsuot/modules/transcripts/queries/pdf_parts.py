"""The transcript inside a PDF."""

from __future__ import annotations

from io import BytesIO

from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

from thongsuot.kit.signing.types import SigningFault

MOST_XML = 2 * 1024 * 1024
MOST_FILES = 20


def attached_xml(pdf: bytes) -> bytes | None:
    """The first attached file whose name ends in .xml; None when there is none. Raises SigningFault (not_pdf)."""
    try:
        reader = PdfFileReader(BytesIO(pdf))
        names = reader.root.get("/Names", DictionaryObject()).get("/EmbeddedFiles", DictionaryObject())
        for spec in _specs(names, 0):
            name = str(spec.get("/UF", spec.get("/F", "")))
            if name.lower().endswith(".xml"):
                content: bytes = spec["/EF"]["/F"].data
                if len(content) > MOST_XML:
                    raise SigningFault("too_large")
                return content
    except (PdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError, IndexError):
        raise SigningFault("not_pdf") from None
    return None


def _specs(node: DictionaryObject, depth: int) -> list[DictionaryObject]:
    """File specifications of a name tree, a few levels down."""
    listed: ArrayObject = node.get("/Names", ArrayObject())
    found = [listed[place + 1] for place in range(0, min(len(listed), 2 * MOST_FILES) - 1, 2)]
    if depth < 4:
        for kid in list(node.get("/Kids", ArrayObject()))[:MOST_FILES]:
            found += _specs(kid, depth + 1)
    return found
