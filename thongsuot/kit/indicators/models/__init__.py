from .snapshot import IndicatorSnapshot

__all__ = ["IndicatorSnapshot"]
