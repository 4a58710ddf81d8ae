"""API v1 of orders, tasks, targets and reports: each endpoint is one query or one action."""

from ninja import Router

from . import assignment_steps, assignments, difficulties, directives, findings, overview, reports, targets

router = Router()
for part in (directives, findings, assignments, assignment_steps, difficulties, targets, reports, overview):
    router.add_router("", part.endpoints.router)
