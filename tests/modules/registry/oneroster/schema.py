"""JSON schema of what the REST binding may answer, written here from the field lists of the Rostering Service 1.2
(multiplicities and vocabularies), as 1EdTech's own OpenAPI file may not be copied into a repository.

The vocabularies are complete; a field that is not listed is an error.
"""

STATUS = {"enum": ["active", "tobedeleted"]}
STAMP = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"}
DAY = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}
TEXT = {"type": "string", "minLength": 1}
BOOLEAN = {"enum": ["true", "false"]}
GRADES = {
    "type": "array",
    "items": {
        "enum": ["IT", "PR", "PK", "TK", "KG", *(f"{n:02d}" for n in range(1, 14)), "PS", "UG", "Other"]
    },
}


def ref(*kinds):
    return {
        "type": "object",
        "required": ["href", "sourcedId", "type"],
        "additionalProperties": False,
        "properties": {
            "href": {"type": "string", "format": "uri"},
            "sourcedId": TEXT,
            "type": {"enum": list(kinds)},
        },
    }


def thing(required, **properties):
    base = {"sourcedId": TEXT, "status": STATUS, "dateLastModified": STAMP}
    return {
        "type": "object",
        "required": [*base, *required.split()],
        "additionalProperties": False,
        "properties": base | properties,
    }


ROLES = "aide counselor districtAdministrator guardian parent principal proctor relative siteAdministrator student"
ORG = ref("org")
SESSION = ref("academicSession", "term")
SCHEMAS = {
    "orgs": thing(
        "name type",
        name=TEXT,
        type={"enum": ["department", "school", "district", "local", "state", "national"]},
        identifier=TEXT,
        parent=ORG,
        children={"type": "array", "items": ORG},
    ),
    "academicSessions": thing(
        "title startDate endDate type schoolYear",
        title=TEXT,
        startDate=DAY,
        endDate=DAY,
        type={"enum": ["gradingPeriod", "semester", "schoolYear", "term"]},
        schoolYear={"type": "string", "pattern": r"^\d{4}$"},
        parent=SESSION,
        children={"type": "array", "items": SESSION},
    ),
    "courses": thing("title org", title=TEXT, schoolYear=SESSION, courseCode=TEXT, grades=GRADES, org=ORG),
    "classes": thing(
        "title classType course school terms",
        title=TEXT,
        classCode=TEXT,
        classType={"enum": ["homeroom", "scheduled"]},
        location=TEXT,
        grades=GRADES,
        course=ref("course"),
        school=ORG,
        terms={"type": "array", "minItems": 1, "items": SESSION},
    ),
    "users": thing(
        "enabledUser givenName familyName roles",
        username=TEXT,
        enabledUser=BOOLEAN,
        givenName=TEXT,
        familyName=TEXT,
        middleName=TEXT,
        identifier=TEXT,
        email=TEXT,
        grades=GRADES,
        primaryOrg=ORG,
        roles={
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["roleType", "role", "org"],
                "additionalProperties": False,
                "properties": {
                    "roleType": {"enum": ["primary", "secondary"]},
                    "role": {"enum": [*ROLES.split(), "systemAdministrator", "teacher"]},
                    "org": ORG,
                    "beginDate": DAY,
                    "endDate": DAY,
                },
            },
        },
    ),
    "enrollments": {
        **thing(
            "user class school role",
            user=ref("user"),
            school=ORG,
            role={"enum": ["administrator", "proctor", "student", "teacher"]},
            primary=BOOLEAN,
            beginDate=DAY,
            endDate=DAY,
            **{"class": ref("class")},
        ),
    },
    "demographics": thing("", birthDate=DAY, sex={"enum": ["female", "male", "other", "unspecified"]}),
}
