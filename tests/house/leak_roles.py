"""Who reads what in the test of leaks: units, the words their records carry, and by role whose words may be read."""

UNITS = ("school_a1", "school_b1", "commune_a", "commune_b", "office")
SCHOOLS = ("school_a1", "school_b1")
# Pupils who are somebody's own: taught by the teacher of school A1, child of its parent, the pupil of school B1.
OWN = {"taught": "school_a1", "child": "school_a1", "self": "school_b1"}
WORDS = (*UNITS, *OWN)
# role, unit -> whose words they may read
MAY_READ = {
    ("department_leader", "department"): set(WORDS),
    ("department_officer", "office"): set(WORDS),
    ("commune_leader", "commune_a"): {"commune_a", "school_a1", "taught", "child"},
    ("commune_officer", "commune_a_office"): {"commune_a", "school_a1", "taught", "child"},
    ("commune_officer", "commune_b_office"): {"commune_b", "school_b1", "self"},
    ("principal", "school_a1"): {"school_a1", "taught", "child"},
    ("principal", "school_b1"): {"school_b1", "self"},
    ("school_office", "school_a1"): {"school_a1", "taught", "child"},
    ("accountant", "school_a1"): {"school_a1"},
    ("teacher", "school_a1"): {"taught"},
    ("parent", "school_a1"): {"child"},
    ("pupil", "school_b1"): {"self"},
    ("system_administrator", "department"): set(),
}


LEADER = ("department_leader", "department")
ADMINISTRATOR = ("system_administrator", "department")
# Who keeps records or has some of their own, and where theirs stand among the objects of a kind.
KEEPERS = {
    ("school_office", "school_a1"): (0, -2),
    ("principal", "school_b1"): (1, -1),
    ("parent", "school_a1"): (-2,),
    ("pupil", "school_b1"): (-1,),
}


def word(unit: str, what: str = "") -> str:
    return f"kin{unit.replace('_', '')}x{what}"
