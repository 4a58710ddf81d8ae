"""Fields of the Rostering Service 1.2 (REST/JSON) and where their values lie in the CSV columns. Pure.

What may be asked for by `fields`, and what `filter` and `sort` may name: nested ones with a dot (`school.sourcedId`).
A field of the specification that is never filled is known all the same: asking for it is no mistake.
"""

from __future__ import annotations

from collections.abc import Mapping

# REST name (dotted) -> CSV column; "" where nothing is ever sent.
_BASE = {"sourcedId": "sourcedId", "status": "status", "dateLastModified": "dateLastModified", "metadata": ""}


def _fields(same: str, never: str = "", **nested: str) -> Mapping[str, str]:
    """same: fields called as their columns; never: fields never filled; nested: `a__b` for `a.b`."""
    found = dict(_BASE)
    found |= {name: name for name in same.split()}
    found |= dict.fromkeys(never.split(), "")
    found |= {name.replace("__", "."): column for name, column in nested.items()}
    return found


FIELDS: Mapping[str, Mapping[str, str]] = {
    "orgs": _fields("name type identifier", "children", parent__sourcedId="parentSourcedId"),
    "academicSessions": _fields(
        "title startDate endDate type schoolYear", "children", parent__sourcedId="parentSourcedId"
    ),
    "courses": _fields(
        "title courseCode grades subjects subjectCodes",
        "resources",
        schoolYear__sourcedId="schoolYearSourcedId",
        org__sourcedId="orgSourcedId",
    ),
    "classes": _fields(
        "title classCode classType location grades subjects subjectCodes periods",
        "resources",
        course__sourcedId="courseSourcedId",
        school__sourcedId="schoolSourcedId",
        terms__sourcedId="termSourcedIds",
    ),
    "users": _fields(
        "userMasterIdentifier username userIds enabledUser givenName familyName middleName identifier email sms phone "
        "grades pronouns",
        "userProfiles password resources",
        preferredFirstName="preferredGivenName",
        preferredMiddleName="preferredMiddleName",
        preferredLastName="preferredFamilyName",
        primaryOrg__sourcedId="primaryOrgSourcedId",
        agents__sourcedId="agentSourcedIds",
        roles__role="roles.role",
        roles__roleType="roles.roleType",
        roles__org__sourcedId="roles.orgSourcedId",
    ),
    "enrollments": _fields(
        "role primary beginDate endDate",
        user__sourcedId="userSourcedId",
        class__sourcedId="classSourcedId",
        school__sourcedId="schoolSourcedId",
    ),
    "demographics": _fields(
        "birthDate sex americanIndianOrAlaskaNative asian blackOrAfricanAmerican "
        "nativeHawaiianOrOtherPacificIslander white demographicRaceTwoOrMoreRaces hispanicOrLatinoEthnicity "
        "countryOfBirthCode stateOfBirthAbbreviation cityOfBirth publicSchoolResidenceStatus"
    ),
}
# What may be asked for by `fields`.
SELECTABLE: Mapping[str, frozenset[str]] = {
    name: frozenset(field.split(".")[0] for field in fields) for name, fields in FIELDS.items()
}
