"""JSON schema of what the REST binding may answer, written here from the field lists of the Rostering Service 1.2
(multiplicities and vocabularies), as 1EdTech's own OpenAPI file may not be copied into a repository. Addresses, required
fields, types of references and fault codes were compared with that file (version 1.2 of 19 September 2022).

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
SESSION = ref("academicSession")
SCHEMAS = {
    "orgs": thing(
        "name type identifier",
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
    "courses": thing(
        "title courseCode", title=TEXT, schoolYear=SESSION, courseCode=TEXT, grades=GRADES, org=ORG
    ),
    "classes": thing(
        "title course school terms",
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
        phone=TEXT,
        userIds={
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["type", "identifier"],
                "additionalProperties": False,
                "properties": {"type": TEXT, "identifier": TEXT},
            },
        },
        agents={"type": "array", "minItems": 1, "items": ref("user")},
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
MINOR = [
    "fullsuccess",
    "invalid_filter_field",
    "invalid_selection_field",
    "invaliddata",
    "unauthorisedrequest",
    "forbidden",
    "server_busy",
    "unknownobject",
    "internal_server_error",
]
FAULT = {
    "type": "object",
    "required": ["imsx_codeMajor", "imsx_severity"],
    "additionalProperties": False,
    "properties": {
        "imsx_codeMajor": {"enum": ["success", "processing", "failure", "unsupported"]},
        "imsx_severity": {"enum": ["status", "warning", "error"]},
        "imsx_description": {"type": "string"},
        "imsx_CodeMinor": {
            "type": "object",
            "required": ["imsx_codeMinorField"],
            "additionalProperties": False,
            "properties": {
                "imsx_codeMinorField": {
                    "type": "array",
                    "minItems": 1,
                    "items": {
                        "type": "object",
                        "required": ["imsx_codeMinorFieldName", "imsx_codeMinorFieldValue"],
                        "additionalProperties": False,
                        "properties": {
                            "imsx_codeMinorFieldName": {"type": "string"},
                            "imsx_codeMinorFieldValue": {"enum": MINOR},
                        },
                    },
                }
            },
        },
    },
}
# Every reading address of the Rostering Service 1.2: the names below it are of the lists.
LISTS = "academicSessions classes courses demographics enrollments gradingPeriods orgs schools students teachers terms users"
BELOW = {
    "classes": "students teachers",
    "courses": "classes",
    "schools": "classes courses enrollments students teachers terms",
    "students": "classes",
    "teachers": "classes",
    "terms": "classes gradingPeriods",
    "users": "classes",
}
ADDRESSES = {
    *(f"/{name}" for name in LISTS.split()),
    *(f"/{name}/{{}}" for name in LISTS.split()),
    *(f"/{above}/{{}}/{name}" for above, names in BELOW.items() for name in names.split()),
    *(f"/schools/{{}}/classes/{{}}/{name}" for name in ("enrollments", "students", "teachers")),
}
