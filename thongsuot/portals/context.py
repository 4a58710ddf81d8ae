from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, object]:
    """What every page's frame needs: the actor and the menu."""
    return {"actor": getattr(request, "actor", None)}
