from .certificates import SignerCertificate

__all__ = ["SignerCertificate"]
