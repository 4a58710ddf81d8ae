"""What every step of the demo is given."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.contrib.auth import get_user_model

from thongsuot.kit.accounts.types import Actor
from thongsuot.modules.organization.queries import actor_for

# Reserved by RFC 6761: no letter ever leaves for it. It also tells the demo's accounts from real ones.
EMAIL_DOMAIN = "demo.invalid"
PROVINCE_CODE = "51"
SEED = "thong-suot"


@dataclass(frozen=True)
class DemoContext:
    """scale: "tiny" (16 schools, for tests), "small" (about 60) or "province" (about 1,000); truth: where to write what
    is wrong in the registry that is made; today: the day of the demo; say: one
    line of progress.
    """

    scale: str
    today: date
    data: Path
    say: Callable[[str], None]
    truth: Path | None = None

    @property
    def is_province(self) -> bool:
        return self.scale == "province"

    @property
    def is_tiny(self) -> bool:
        return self.scale == "tiny"

    def random(self, *about: object) -> random.Random:
        """The same numbers for the same thing in every run, whatever else is built."""
        return random.Random(":".join(map(str, (SEED, *about))))  # noqa: S311 - invented data, not secrets

    def actor(self, username: str) -> Actor:
        """The actor that a demo account is on the day of the demo."""
        return actor_for(get_user_model().objects.get(username=username), today=self.today)
