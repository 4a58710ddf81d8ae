"""What the registry lets be counted: fact tables (kit.indicators.facts), each as its records stood on a day."""

from thongsuot.kit.indicators.registry import register_facts

from .people import LEAVERS, STUDENTS, YEAR_ENDS, YEAR_PUPILS
from .places import CLASSES, EQUIPMENT, INTERNET, ROOMS, SCHOOLS
from .posts import STAFF

ALL = (STUDENTS, YEAR_PUPILS, LEAVERS, YEAR_ENDS, CLASSES, STAFF, ROOMS, EQUIPMENT, INTERNET, SCHOOLS)


def register_all() -> None:
    for fact in ALL:
        register_facts(fact)
