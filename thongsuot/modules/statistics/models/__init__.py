from .forms import FormVersion

__all__ = ["FormVersion"]
