from .logs import ReadingLog, SignInLog

__all__ = ["ReadingLog", "SignInLog"]
