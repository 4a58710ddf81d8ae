"""API v1 of orders, tasks, targets and reports: each endpoint is one query or one action."""

from ninja import Router

from .assignments import router as assignments
from .figures import router as figures
from .orders import router as orders

router = Router()
for part in (orders, assignments, figures):
    router.add_router("", part)
