from .certificates import SignerCertificate
from .desk import DeskSigning

__all__ = ["DeskSigning", "SignerCertificate"]
