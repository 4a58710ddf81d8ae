from .forecast import Forecast, ForecastLine, ForecastNorm, PastPupils

__all__ = ["Forecast", "ForecastLine", "ForecastNorm", "PastPupils"]
