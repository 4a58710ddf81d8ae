"""The walk of the test of leaks: all addresses, filled with the keys of what is there, and what an answer says."""

import re

from django.contrib.auth import get_user_model
from django.test import Client

from tests.house.gradebook_world import gradebook_keys
from tests.house.leak_roles import ADMINISTRATOR, KEEPERS, LEADER
from tests.house.registry_world import OF_REGISTRY, registry_keys
from tests.house.statistics_world import OF_STATISTICS, statistics_keys
from tests.house.test_urls import patterns
from tests.house.transcripts_world import transcript_keys
from thongsuot.modules.directives.models import (
    Assignment,
    Difficulty,
    Directive,
    Finding,
    ReportObligation,
    Submission,
    Target,
    TargetValue,
)
from thongsuot.modules.gradebook.models import Timetable
from thongsuot.modules.maturity.models import (
    Appeal,
    Assessment,
    Decision,
    Recognition,
    Team,
)
from thongsuot.modules.organization.models import Appointment
from thongsuot.modules.statistics.models import Report

OF_REPORT = {
    "report-figure": ("registry.pupils",),
    "report-rows": ("registry.pupils", "numerator"),
    "report-compare": ("1",),
}
# Signing out, changing a language and the like are not reading; the description of the API is the same for all.
NOT_WALKED = re.compile(r"logout|set_language|jsi18n|javascript|openapi|v1/docs|trang/thanh-phan")


def keys() -> dict[str, dict[str, list[str]]]:
    """Keys of the world's objects as addresses are made from them: converter -> kind of object -> a key for each unit."""
    persons = get_user_model().objects.filter(username__startswith="kin").order_by("pk")
    public = (
        Directive,
        Assignment,
        Target,
        ReportObligation,
        Assessment,
        Team,
        Decision,
        Appeal,
        Recognition,
        Report,
        Timetable,
    )
    numbered = (Finding, Difficulty, Submission, TargetValue)
    acted_on = list(Assignment.objects.order_by("pk").values_list("unit_id", flat=True))
    appointed = Appointment.objects.filter(unit_id__in=acted_on).order_by("pk")
    found = {
        "uuid": {m.__name__: m.objects.order_by("pk").values_list("public_id", flat=True) for m in public},
        "int": {m.__name__: m.objects.order_by("pk").values_list("pk", flat=True) for m in numbered},
    }
    found["uuid"]["User"] = persons.values_list("public_id", flat=True)
    found["int"] |= {"Unit": acted_on, "User": persons.values_list("pk", flat=True)}
    found["int"]["Appointment"] = appointed.values_list("pk", flat=True)
    return {
        c: {kind: [str(key) for key in some] for kind, some in kinds.items()} for c, kinds in found.items()
    }


def routes() -> dict[str, list[list[str]]]:
    """Every route with what may fill it, a list for each kind of object; where there are two keys, each order with its
    finding, and each with the finding of another.
    """
    known = keys()
    orders, findings = known["uuid"]["Directive"], known["int"]["Finding"]
    pairs = [list(zip(orders, some, strict=True)) for some in (findings, findings[1:] + findings[:1])]
    of_registry, of_statistics = registry_keys(), statistics_keys(known["int"]["Unit"])
    of_gradebook, of_transcripts = gradebook_keys(), transcript_keys()
    found = {}
    for name, route in patterns():
        if NOT_WALKED.search(name + route) or (route.startswith("tai-khoan/") and "quan-ly" not in route):
            continue
        wanted = tuple(converter for converter, _ in re.findall(r"<(?:(\w+):)?(\w+)>", route))
        if wanted and name.startswith("transcripts:"):
            kinds = of_transcripts.get(wanted, {}).values()
            found[route] = [[filled(route, *some) for some in kind] for kind in kinds]
        elif wanted and name.startswith("gradebook:"):
            kinds = of_gradebook.get(wanted, {}).values()
            found[route] = [[filled(route, *some) for some in kind] for kind in kinds]
        elif wanted and OF_REGISTRY.match(f"{name} {route}"):
            kinds = of_registry.get(wanted, {}).values()
            found[route] = [[filled(route, *some) for some in kind] for kind in kinds]
        elif (more := OF_REPORT.get(name.rpartition(":")[2])) is not None:
            if len(wanted) == len(more) + 1:
                found[route] = [[filled(route, key, *more) for key in known["uuid"]["Report"]]]
        elif wanted and OF_STATISTICS.match(f"{name} {route}"):
            kinds = of_statistics.get(wanted, {}).values()
            found[route] = [[filled(route, *some) for some in kind] for kind in kinds]
        elif wanted == ("uuid", "int"):
            found[route] = [[filled(route, *pair) for pair in some] for some in pairs]
        elif not wanted:
            found[route] = [[filled(route)]]
        elif len(wanted) == 1 and wanted[0] in known:
            found[route] = [[filled(route, key) for key in some] for some in known[wanted[0]].values()]
    return found


def filled(route: str, *keys: str) -> str:
    given = iter(keys)
    return "/" + re.sub(r"[\^$]", "", re.sub(r"<[^>]+>", lambda _: next(given), route))


def pages(world, of_routes) -> list[str]:
    """The addresses of these routes that one of those who see most can open.

    A route is tried with objects of a school and of a commune, and with the last ones, which are somebody's own: by the
    leader and the administrator with several, by keepers and families, who open pages that nobody above them does, with
    those that are theirs. Those of a kind that it does not know at all are left out for all units, and so is a route that
    is not for reading.
    """
    above = [signed_in(world[who]) for who in (LEADER, ADMINISTRATOR)]
    tries = [(client, (0, 2, -1)) for client in above]
    tries += [(signed_in(world[who]), places) for who, places in KEEPERS.items()]
    found = set()
    for kinds in of_routes.values():
        for some in kinds:
            # A refusal for its method is the same for everybody; the rest asks one after the other until one may.
            if read(above[0], some[0])[0] == 405:
                break
            asked = (
                (client, some[place])
                for client, places in tries
                for place in places
                if -len(some) <= place < len(some)
            )
            if any(read(client, address)[0] == 200 for client, address in asked):
                found.update(some)
    return sorted(found)


def signed_in(user) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def read(client: Client, address: str) -> tuple[int, str]:
    response = client.get(address)
    if response.status_code == 200 and getattr(response, "streaming", False):
        return 200, b"".join(response.streaming_content).decode("utf-8", "replace")
    return response.status_code, response.content.decode("utf-8", "replace")
