"""SQL of each column of the ministry's layouts. Codes become the words of the ministry's lists: systems number the same
states differently, and the receiving side knows them by name."""
# ruff: noqa: S608 - tables and columns of this file only; values are parameters

from __future__ import annotations

from collections.abc import Mapping

# Lists whose names are needed.
LISTS = (
    "dan_toc",
    "ton_giao",
    "trang_thai_hoc_sinh",
    "ly_do_thoi_hoc",
    "loai_khuyet_tat",
    "dien_chinh_sach",
    "trang_thai_can_bo",
    "chuc_vu",
    "hinh_thuc_hop_dong",
    "trinh_do_chuyen_mon",
    "danh_gia_chuan_nghe_nghiep",
)


def listed(name: str, column: str) -> str:
    return f"coalesce(%(lists)s::jsonb -> '{name}' ->> {column}, {column}, '')"


def worded(name: str, column: str) -> str:
    return f"coalesce(%(words)s::jsonb -> '{name}' ->> {column}::text, '')"


def yes_no(column: str) -> str:
    return f"case when {column} then 'Có' else 'Không' end"


def held(kind: str, shown: str) -> str:
    """Characteristics of a kind that hold on the day, in words."""
    return (
        f"coalesce((select string_agg(distinct {shown}, ', ') from registry_studentcharacteristic h "
        f"where h.student_id = p.id and h.kind = '{kind}' and h.valid_from <= %(day)s "
        "and (h.valid_to is null or h.valid_to >= %(day)s)), '')"
    )


PERSON: Mapping[str, str] = {
    "school_code": "%(school)s::text",
    "person_code": "coalesce(nullif(p.ministry_code, ''), nullif(p.provisional_code, ''), p.local_code)",
    "full_name": "p.full_name",
    "birth_date": "case when p.is_birth_year_only then to_char(p.birth_date, 'YYYY') "
    "else coalesce(to_char(p.birth_date, 'DD/MM/YYYY'), '') end",
    "gender": worded("gender", "p.gender"),
    # Opened in memory when the file is written; in the digest of the row it stands as its keyed digest.
    "personal_id": "coalesce(encode(p.personal_id_digest, 'hex'), '')",
    "ministry_code": "p.ministry_code",
    "ethnicity": listed("dan_toc", "p.ethnicity"),
    "religion": listed("ton_giao", "p.religion"),
    "nationality": "case when p.nationality = 'VN' then 'Việt Nam' else p.nationality end",
    "birth_place": "p.birth_place",
    "home_town": "p.home_town",
    "residence_commune_code": "p.residence_commune_code",
    "residence_address": "p.residence_address",
    "current_address": "p.current_address",
    "phone": "p.phone",
    "email": "p.email",
}


def _contacts() -> dict[str, str]:
    found = {}
    for relation in ("father", "mother", "guardian"):
        for key, column in (
            ("name", "full_name"),
            ("birth_year", "birth_year"),
            ("occupation", "occupation"),
            ("phone", "phone"),
        ):
            found[f"{relation}_{key}"] = (
                f"coalesce((select x.{column}::text from registry_contact x where x.student_id = p.id "
                f"and x.relation = '{relation}' order by x.id limit 1), '')"
            )
    return found


STUDENT: Mapping[str, str] = {
    **PERSON,
    "class_code": "coalesce(k.code, '')",
    "status": listed("trang_thai_hoc_sinh", "e.status"),
    "status_date": "to_char(coalesce(e.left_on, e.entered_on), 'DD/MM/YYYY')",
    "entry_type": worded("entry_type", "e.entry_type"),
    "other_school": "e.other_school",
    "exit_reason": listed("ly_do_thoi_hoc", "e.exit_reason"),
    "is_father_minority": yes_no("p.is_father_minority"),
    "is_mother_minority": yes_no("p.is_mother_minority"),
    "disability": held("disability", listed("loai_khuyet_tat", "h.code")),
    "policy": held("policy", listed("dien_chinh_sach", "h.code")),
    "poverty": held("poverty", f"coalesce(nullif({worded('poverty', 'h.code')}, ''), h.code)"),
    "two_sessions": held("two_sessions", "'Có'"),
    "boarding": held("boarding", "coalesce(nullif(h.code, ''), 'Có')"),
    "union": held("union", "coalesce(nullif(h.code, ''), 'Có')"),
    "swimming": held("swimming", "'Có'"),
    "fee_relief": held("fee_relief", "coalesce(nullif(h.code, ''), 'Có')"),
    **_contacts(),
}
STAFF: Mapping[str, str] = {
    **PERSON,
    "status": worded("staff_status", "e.status"),
    "group": worded("staff_group", 'e."group"'),
    "position": listed("chuc_vu", "e.position"),
    "contract": listed("hinh_thuc_hop_dong", "e.contract"),
    "rank": "e.rank",
    "salary_step": "e.salary_step",
    "subjects": "array_to_string(e.subjects, ', ')",
    "duties": "array_to_string(e.duties, ', ')",
    "degree": listed("trinh_do_chuyen_mon", "p.degree"),
    "major": "p.major",
    "political_theory": "p.political_theory",
    "foreign_language": "p.foreign_language",
    "informatics": "p.informatics",
    "professional_standard": listed("danh_gia_chuan_nghe_nghiep", "p.professional_standard"),
    "recruited_on": "coalesce(to_char(p.recruited_on, 'DD/MM/YYYY'), '')",
    "is_party_member": yes_no("p.is_party_member"),
}
CLASS: Mapping[str, str] = {
    "school_code": "%(school)s::text",
    "code": "p.code",
    "name": "p.name",
    "grade": worded("grade", "p.grade"),
    "mixed_grades": "p.mixed_grades",
    "homeroom_teacher": "coalesce((select t.full_name from registry_staff t where t.id = p.homeroom_teacher_id), '')",
    "site": "coalesce(%(sites)s::jsonb ->> p.site_id::text, '')",
    "sessions_per_week": "coalesce(p.sessions_per_week::text, '')",
    "is_two_sessions": yes_no("p.is_two_sessions"),
    "is_boarding": yes_no("p.is_boarding"),
    "foreign_language": "p.foreign_language",
    "max_students": "coalesce(p.max_students::text, '')",
}
EXPRESSIONS = {"student": STUDENT, "staff": STAFF, "class": CLASS}

# Of each object once, as it stands in the school year.
SOURCES = {
    "student": """(
        select distinct on (x.student_id) x.* from registry_enrolment x
        where x.unit_id = %(unit)s and x.school_year_id = %(year)s and x.exit_type <> 'withdrawn'
        order by x.student_id, x.entered_on desc, x.id desc) e
        join registry_student p on p.id = e.student_id
        left join registry_schoolclass k on k.id = e.school_class_id
        where p.merged_into_id is null and p.erased_at is null""",
    "staff": """(
        select distinct on (x.staff_id) x.* from registry_employment x
        where x.unit_id = %(unit)s and x.valid_from <= %(day)s and (x.valid_to is null or x.valid_to >= %(day)s)
        order by x.staff_id, x.valid_from desc, x.id desc) e join registry_staff p on p.id = e.staff_id""",
    "class": "registry_schoolclass p where p.unit_id = %(unit)s and p.school_year_id = %(year)s",
}
ORDERS = {
    "student": "k.grade nulls last, k.name, p.sort_key, p.id",
    "staff": "p.sort_key, p.id",
    "class": "p.grade, p.name, p.id",
}
SEALED = {"student": "p.personal_id_sealed", "staff": "p.personal_id_sealed", "class": "null::bytea"}
