from .sign_in import FormerPassword, SignInGuard
from .user import User

__all__ = ["FormerPassword", "SignInGuard", "User"]
