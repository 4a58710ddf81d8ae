from .certificates import SignerCertificate
from .desk import DeskSigning
from .signing import DocumentSigning

__all__ = ["DeskSigning", "DocumentSigning", "SignerCertificate"]
