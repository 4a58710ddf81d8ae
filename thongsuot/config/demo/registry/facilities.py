"""Land, rooms, equipment and lines of every school; part of it worn out. Pure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from math import ceil

from thongsuot.config.demo.registry.persons import Persons
from thongsuot.config.demo.registry.rows import ClassRow, EquipmentRow, LandRow, LineRow, RoomRow, Rows
from thongsuot.config.demo.registry.world import DemoSchool, World

OPENED = date(2010, 9, 1)
# Beside classrooms: (kind, name, area in m², how many for one class)
OTHER_ROOMS = (
    ("subject_room", "Phòng bộ môn", 72, 0.12),
    ("library", "Thư viện", 90, 0.0),
    ("health", "Phòng y tế", 24, 0.0),
    ("office", "Phòng hành chính", 48, 0.08),
    ("toilet", "Nhà vệ sinh", 30, 0.15),
)
# Classrooms that no class has for its own.
SPARE = 2
PROVIDERS = ("VNPT", "Viettel", "FPT Telecom")


class Estate:
    def __init__(self, world: World, rows: Rows, persons: Persons) -> None:
        self.world, self.rows, self.persons = world, rows, persons

    def build(self) -> None:
        running: dict[int, list[ClassRow]] = {}
        pupils: dict[int, int] = {}
        for row in self.rows.classes:
            if row.school_year_id == self.world.year.id:
                running.setdefault(row.unit_id, []).append(row)
        for spell in self.rows.enrolments:
            if spell.left_on is None:
                pupils[spell.unit_id] = pupils.get(spell.unit_id, 0) + 1
        for school in self.world.schools:
            self.persons.rng = self.world.rng("estate", school.code)
            classes, many = running.get(school.unit_id, []), pupils.get(school.unit_id, 0)
            self._land(school, many)
            self._rooms(school, classes)
            self._equipment(school, classes, many)

    def _land(self, school: DemoSchool, pupils: int) -> None:
        for number, site in enumerate(school.sites):
            area = max(pupils * self.persons.rng.uniform(8, 22) / (1 if number == 0 else 6), 600)
            self.rows.add(
                "land",
                LandRow,
                unit_id=school.unit_id,
                name="Khu đất điểm chính" if number == 0 else f"Khu đất điểm lẻ {number}",
                site_id=site,
                valid_from=OPENED,
                area=Decimal(f"{area:.1f}"),
                has_certificate=self.persons.rng.random() < 0.82,
            )

    def _rooms(self, school: DemoSchool, classes: list[ClassRow]) -> None:
        rng = self.persons.rng
        for number, row in enumerate(classes, 1):
            room = self._room(
                school, "classroom", f"Phòng học {number}", rng.choice((48, 50, 54, 56)), row.site_id
            )
            row.room_id = room.id
        for number in range(len(classes) + 1, len(classes) + 1 + (SPARE if classes else 0)):
            self._room(school, "classroom", f"Phòng học {number}", 48, school.sites[0])
        for kind, name, area, share in OTHER_ROOMS:
            many = max(ceil(len(classes) * share), 1)
            if kind == "subject_room" and "preschool" in school.levels:
                continue
            for number in range(1, many + 1):
                self._room(school, kind, name if many == 1 else f"{name} {number}", area, school.sites[0])
        for kind, name, area, wanted in (
            ("kitchen", "Bếp ăn", 60, "preschool" in school.levels or school.is_boarding),
            ("staff_housing", "Nhà công vụ", 80, school.is_highland),
            ("hall", "Nhà đa năng", 300, "upper_secondary" in school.levels),
        ):
            if wanted:
                self._room(school, kind, name, area, school.sites[0])
        # A room that was given up: the figures of past years still count it.
        old = self._room(school, "classroom", "Phòng học cũ", 48, school.sites[-1])
        old.build, old.condition, old.built_year = "temporary", "broken", 1998
        old.valid_from, old.valid_to = OPENED, date(2025, 6, 30)

    def _room(self, school: DemoSchool, kind: str, name: str, area: int, site: int | None) -> RoomRow:
        rng, chance = self.persons.rng, self.persons.rng.random()
        solid = 0.7 if school.is_highland else 0.88
        build = "solid" if chance < solid else "half_solid" if chance < solid + 0.1 else "temporary"
        built = rng.randrange(2004, 2024) if build == "solid" else rng.randrange(1996, 2012)
        age = self.world.today.year - built
        condition = "good" if age < 10 else "usable" if age < 18 else "worn"
        return self.rows.add(
            "rooms",
            RoomRow,
            unit_id=school.unit_id,
            name=name,
            site_id=site,
            valid_from=max(OPENED, date(built, 9, 1)),
            kind=kind,
            build=build,
            condition=condition,
            area=Decimal(area),
            built_year=built,
            capacity=45 if kind == "classroom" else None,
        )

    def _equipment(self, school: DemoSchool, classes: list[ClassRow], pupils: int) -> None:
        rng, many = self.persons.rng, len(classes)
        is_small = school.levels == ("preschool",)
        self._things(school, "teaching", "Bộ thiết bị dạy học tối thiểu", "bộ", many, rng.uniform(0.55, 1.0))
        self._things(school, "projector", "Tivi, màn hình tương tác", "chiếc", many, rng.uniform(0.4, 1.0))
        if not is_small:
            self._things(
                school,
                "computer",
                "Máy tính phòng tin học",
                "bộ",
                max(pupils // 12, 15),
                rng.uniform(0.4, 0.9),
            )
        computers = self._things(school, "computer", "Máy tính văn phòng", "bộ", 6, rng.uniform(0.7, 1.0))
        computers.use = "management"
        self._things(
            school, "smart_device", "Máy tính bảng", "chiếc", max(many // 2, 1), rng.uniform(0.1, 0.5)
        )
        for number in range(2 if "upper_secondary" in school.levels else 1):
            self.rows.add(
                "lines",
                LineRow,
                unit_id=school.unit_id,
                name=f"Đường truyền {number + 1}",
                site_id=school.sites[0],
                valid_from=date(2022, 9, 1),
                provider=self.persons.pick(PROVIDERS),
                technology="Cáp quang",
                bandwidth=self.persons.pick((100, 150, 200, 300)),
            )

    def _things(
        self, school: DemoSchool, kind: str, name: str, measure: str, needed: int, share: float
    ) -> EquipmentRow:
        quantity = max(round(needed * share), 1)
        return self.rows.add(
            "equipment",
            EquipmentRow,
            unit_id=school.unit_id,
            name=name,
            site_id=school.sites[0],
            valid_from=date(2021, 9, 1),
            kind=kind,
            measure=measure,
            quantity=quantity,
            needed=max(needed, quantity),
            broken=min(int(quantity * self.persons.rng.random() * 0.15), quantity),
            is_connected=kind in ("computer", "smart_device"),
        )
