from .token import ApiToken, ApiUsage

__all__ = ["ApiToken", "ApiUsage"]
