"""The one API object; each module brings its router."""

from thongsuot.kit.api.factory import make_api

# (prefix, dotted path of the router); one line for each module that has an `api` room.
ROUTERS: tuple[tuple[str, str], ...] = (
    ("", "thongsuot.modules.organization.api.router.router"),
    ("", "thongsuot.modules.registry.api.router.router"),
    ("", "thongsuot.modules.directives.api.router.router"),
)

api = make_api()
for prefix, router in ROUTERS:
    api.add_router(prefix, router)
