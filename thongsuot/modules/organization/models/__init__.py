from .administrative import AdministrativeUnit, AdministrativeUnitChange
from .appointments import Appointment
from .calendar import CodeList, CodeValue, SchoolYear, Term
from .units import School, SchoolSite, Unit
from .working_days import WorkDay

__all__ = [
    "AdministrativeUnit",
    "AdministrativeUnitChange",
    "Appointment",
    "CodeList",
    "CodeValue",
    "School",
    "SchoolSite",
    "SchoolYear",
    "Term",
    "Unit",
    "WorkDay",
]
