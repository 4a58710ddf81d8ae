from .warm import WarmLook, WarmRun, WarmStale, WarmTotal

__all__ = ["WarmLook", "WarmRun", "WarmStale", "WarmTotal"]
