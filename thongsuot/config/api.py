"""The one API object; each module brings its router."""

from thongsuot.kit.api.factory import make_api
from thongsuot.modules.registry.api import oneroster

# (prefix, dotted path of the router); one line for each module that has an `api` room.
ROUTERS: tuple[tuple[str, str], ...] = (
    ("", "thongsuot.modules.organization.api.router.router"),
    ("", "thongsuot.modules.registry.api.router.router"),
    ("", "thongsuot.modules.registry.api.imports.router"),
    ("", "thongsuot.modules.documents.api.router.router"),
    ("", "thongsuot.modules.gradebook.api.router.router"),
    ("", "thongsuot.modules.quality.api.router.router"),
    ("", "thongsuot.modules.maturity.api.router.router"),
    ("", "thongsuot.modules.statistics.api.forms.router"),
    ("", "thongsuot.modules.statistics.api.returns.router"),
    ("", "thongsuot.modules.statistics.api.return_steps.router"),
    ("", "thongsuot.modules.directives.api.router.router"),
)

api = make_api()
for prefix, router in ROUTERS:
    api.add_router(prefix, router)

# A standard's own API: other addresses, other faults, the same keys.
roster_api = make_api(title="OneRoster 1.2 Rostering Service", version="1.2.0", namespace="oneroster-v1p2")
oneroster.install(roster_api)
roster_api.add_router("", oneroster.router)
