"""Pages at 100,000 tasks against the same pages at 1,000: full requests, as the people who open them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.cache import cache
from django.test import Client

from tests.bench.measure import Figure, figure, milliseconds
from tests.bench.province import World
from tests.bench.scale import Scale
from tests.bench.scratch import LARGE, SMALL, Databases

MOST = 1.3
# name, who, address
PAGES = (
    ("department leader: list of orders", "leader", "/chi-dao/van-ban/"),
    ("department leader: list of tasks", "leader", "/chi-dao/nhiem-vu/"),
    ("department leader: tasks that are late", "leader", "/chi-dao/nhiem-vu/?timeliness=late"),
    ("department leader: dashboard", "leader", "/chi-dao/tong-quan/"),
    ("department leader: home page", "leader", "/"),
    ("department leader: tasks over the API", "leader", "/api/v1/assignments?limit=25"),
    ("commune officer: list of tasks", "officer", "/chi-dao/nhiem-vu/"),
    ("commune officer: dashboard", "officer", "/chi-dao/tong-quan/"),
    ("principal: list of tasks", "principal", "/chi-dao/nhiem-vu/"),
    ("principal: dashboard", "principal", "/chi-dao/tong-quan/"),
)
BLOCK = 4


def run(databases: Databases, worlds: dict[str, World], scale: Scale) -> Iterator[Figure]:
    for name, who, address in PAGES[: scale.pages]:
        same = {SMALL: address, LARGE: address}
        note = f"{scale.large} against {scale.small} tasks, {address}"
        yield compared(name, who, same, databases, worlds, scale, note=note)
    name = "department leader: dashboard, nothing kept in the cache"
    same = dict.fromkeys((SMALL, LARGE), "/chi-dao/tong-quan/")
    note = f"{scale.large} against {scale.small} tasks"
    yield compared(name, "leader", same, databases, worlds, scale, note=note, keeps=False)


def compared(
    name: str,
    who: str,
    addresses: Mapping[str, str],
    databases: Databases,
    worlds: dict[str, World],
    scale: Scale,
    *,
    note: str,
    most: float = MOST,
    keeps: bool = True,
) -> Figure:
    """A page of the large database against that of the small one. addresses: by size."""
    taken: dict[str, list[float]] = {SMALL: [], LARGE: []}
    clients: dict[str, Client] = {}
    rounds = -(-scale.rounds // BLOCK)
    for number in range(rounds):
        for size in (SMALL, LARGE) if number % 2 else (LARGE, SMALL):
            databases.use(size)
            client = clients.get(size) or signed_in(getattr(worlds[size], who))
            clients[size] = client
            # A block each, behind a warm-up: leading the connection elsewhere is not part of a page.
            for _ in range(scale.warm):
                opened(client, addresses[size])
            for _ in range(min(scale.rounds, BLOCK)):
                if not keeps:
                    cache.clear()
                taken[size].append(milliseconds(lambda: opened(client, addresses[size])))  # noqa: B023 - used at once
    return figure(name, taken[LARGE], taken[SMALL], note=note, most=most)


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def opened(client: Client, address: str) -> None:
    response = client.get(address)
    if response.status_code != 200:
        raise RuntimeError(f"{address}: {response.status_code} {response.get('Location', '')}")
