"""OneRoster 1.2 (1EdTech): heads of the CSV files, the manifest, the filter of the REST binding. Pure.

CSV Binding 1.2.1: names are case-sensitive, columns stand in this order, a file without rows is left out and said to be
absent. Rostering Service REST/JSON Binding: `filter` is one comparison, or two joined by AND or OR.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

_HEAD = ("sourcedId", "status", "dateLastModified")
_RACES = (
    "americanIndianOrAlaskaNative",
    "asian",
    "blackOrAfricanAmerican",
    "nativeHawaiianOrOtherPacificIslander",
    "white",
    "demographicRaceTwoOrMoreRaces",
    "hispanicOrLatinoEthnicity",
)
HEADERS: Mapping[str, tuple[str, ...]] = {
    name: (*_HEAD, *columns.split())
    for name, columns in {
        "academicSessions": "title type startDate endDate parentSourcedId schoolYear",
        "classes": "title grades courseSourcedId classCode classType location schoolSourcedId termSourcedIds "
        "subjects subjectCodes periods",
        "courses": "schoolYearSourcedId title courseCode grades orgSourcedId subjects subjectCodes",
        "demographics": "birthDate sex " + " ".join(_RACES) + " countryOfBirthCode stateOfBirthAbbreviation "
        "cityOfBirth publicSchoolResidenceStatus",
        "enrollments": "classSourcedId schoolSourcedId userSourcedId role primary beginDate endDate",
        "orgs": "name type identifier parentSourcedId",
        "roles": "userSourcedId roleType role beginDate endDate orgSourcedId userProfileSourcedId",
        "users": "enabledUser username userIds givenName familyName middleName identifier email sms phone "
        "agentSourcedIds grades password userMasterIdentifier resourceSourcedIds preferredGivenName "
        "preferredMiddleName preferredFamilyName primaryOrgSourcedId pronouns",
    }.items()
}
# Files of the gradebook and of resources are other services; their absence is said.
OTHER_FILES = (
    "categories",
    "classResources",
    "courseResources",
    "lineItemLearningObjectiveIds",
    "lineItems",
    "lineItemScoreScales",
    "resources",
    "resultLearningObjectiveIds",
    "results",
    "resultScoreScales",
    "scoreScales",
    "userProfiles",
    "userResources",
)


def manifest(present: Collection[str], *, system: str, code: str) -> list[tuple[str, str]]:
    """The rows of manifest.csv, its head first."""
    files = {f"file.{name}": "bulk" if name in present else "absent" for name in (*HEADERS, *OTHER_FILES)}
    return [
        ("propertyName", "value"),
        ("manifest.version", "1.0"),
        ("oneroster.version", "1.2"),
        *sorted(files.items(), key=lambda pair: pair[0].lower()),
        ("source.systemName", system),
        ("source.systemCode", code),
    ]


class BadRequest(ValueError):
    """What is asked breaks the binding; `code` is the imsx_codeMinor of the specification."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code, self.text = code, text


@dataclass(frozen=True)
class Comparison:
    """column: of the CSV file, "" for a field that is never filled."""

    column: str
    operator: str
    value: str


@dataclass(frozen=True)
class Filter:
    """One or two comparisons; `either`: joined by OR."""

    comparisons: tuple[Comparison, ...] = ()
    either: bool = False


_ONE = r"\s*([A-Za-z][A-Za-z.]*)\s*(!=|>=|<=|=|>|<|~)\s*'((?:[^'\\]|\\.)*)'\s*"
_FILTER = re.compile(rf"{_ONE}(?:\s(AND|OR)\s{_ONE})?")


def read_filter(text: str, fields: Mapping[str, str]) -> Filter:
    """`familyName='Nguyễn' AND dateLastModified>='2026-09-01'`. fields: {name: column}. Raises BadRequest."""
    if not text.strip():
        return Filter()
    found = _FILTER.fullmatch(text)
    if found is None or "\x00" in text:
        raise BadRequest("invalid_filter_field", "filter")
    said = [_comparison(found[1], found[2], found[3], fields)]
    if found[4] is not None:
        said.append(_comparison(found[5], found[6], found[7], fields))
    return Filter(tuple(said), found[4] == "OR")


def _comparison(name: str, operator: str, value: str, fields: Mapping[str, str]) -> Comparison:
    if name not in fields:
        raise BadRequest("invalid_filter_field", name)
    if fields[name] == "dateLastModified" and operator != "~":
        return Comparison(fields[name], operator, _moment(_plain(value)))
    return Comparison(fields[name], operator, _plain(value))


def _moment(text: str) -> str:
    """A day or a moment with any offset as dateLastModified is written: UTC, milliseconds."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise BadRequest("invalid_filter_field", "dateLastModified") from None
    if found.tzinfo is None:
        found = found.replace(tzinfo=UTC)
    return found.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def read_fields(text: str, fields: Collection[str]) -> tuple[str, ...]:
    """The `fields` of a call; () for all of them. Raises BadRequest for one that the specification does not have."""
    wanted = tuple(name.strip() for name in text.split(",") if name.strip())
    unknown = [name for name in wanted if name not in fields]
    if unknown:
        raise BadRequest("invalid_selection_field", unknown[0])
    return wanted
