"""A document of marks from reading to reasons; the files of rules and of the programme; the command."""

from __future__ import annotations

import json
from copy import deepcopy
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command

from thongsuot.modules.gradebook.queries import file_rules, grade_document, programme, read_rules, rules_of
from thongsuot.modules.gradebook.types import GradingFault

SCORES = {
    "literature": 8, "mathematics": 8, "foreign_language_1": 8, "civics": 8, "history_geography": 8,
    "natural_science": 8, "technology": 7, "informatics": 7,
}  # fmt: skip
NUMBERS = {"civics": 2, "informatics": 2, "technology": 3}
COMMENTS = ("physical_education", "arts", "experiential_activities", "local_education")


def pupil(name="HS01", **changed):
    def term(mark, number):
        return {"regular": [mark] * number, "midterm": mark, "final": mark}

    scored = [
        {"code": code, "terms": [term(mark, NUMBERS.get(code, 4))] * 2} for code, mark in SCORES.items()
    ]
    said = [{"code": code, "terms": [term("Đ", 2)] * 2} for code in COMMENTS]
    return {
        "id": name,
        "subjects": json.loads(json.dumps([*scored, *said])),
        "conduct": ["T", "good"],
        "absences": 2,
        **changed,
    }


def document(*pupils, **changed):
    whole = {"school_year": "2026-2027", "level": "lower_secondary", "grade": 8, "pupils": list(pupils)}
    return json.loads(json.dumps(whole | changed, ensure_ascii=False), parse_float=Decimal)


def test_a_whole_year_with_its_reasons():
    found = grade_document(document(pupil()))
    assert (found["rules"]["code"], found["errors"]) == ("TT22-2021", [])
    (one,) = found["pupils"]
    assert (one["learning"]["year"], one["conduct"], one["outcome"], one["award"]) == (
        "good", "good", "promoted", "good")  # fmt: skip
    maths = next(subject for subject in one["subjects"] if subject["code"] == "mathematics")
    assert (maths["name"], maths["terms"], maths["year"]) == ("Toán", [8.0, 8.0], 8.0)
    assert maths["reasons"][0] == "học kỳ 1: 72 : 9 = 8,0"
    assert [reason["said"] for reason in one["reasons"]][-1] == (
        "Rèn luyện: học kỳ I Tốt, học kỳ II Tốt, cả năm Tốt (Điều 8)"
    )
    json.dumps(found)


def test_one_subject_that_pulls_down_is_named():
    low = pupil()
    low["subjects"][0]["terms"] = [{"regular": [4.8] * 4, "midterm": 4.8, "final": 4.8}] * 2
    (one,) = grade_document(document(low))["pupils"]
    assert one["learning"]["year"] == "fair"
    said = next(r["said"] for r in one["reasons"] if r["why"] == "raised" and "cả năm" in r["said"])
    assert (
        said == "Ngữ văn: kết quả học tập cả năm: chỉ vì một môn mà xuống Đạt, điều chỉnh lên Khá (Điều 9.3)"
    )


def test_who_cannot_be_read_keeps_nobody_else_back():
    wrong = pupil("HS02")
    wrong["subjects"][1]["terms"][0]["midterm"] = 11
    wrong["subjects"][2]["terms"][1]["final"] = "7,55"
    wrong["subjects"][8]["terms"][0]["final"] = "tốt"
    wrong["conduct"] = ["Giỏi", "T"]
    strange = pupil("HS03", subjects=[{"code": "magic", "terms": []}])
    shapeless = {"id": "HS04", "subjects": [], "school": "x"}
    found = grade_document(document(pupil(), wrong, strange, shapeless))
    assert [one["id"] for one in found["pupils"]] == ["HS01"]
    assert [(e["row"], e["pupil"], e["field"]) for e in found["errors"]] == [
        (2, "HS02", "mathematics, học kỳ 1, midterm"),
        (2, "HS02", "foreign_language_1, học kỳ 2, final"),
        (2, "HS02", "physical_education, học kỳ 1, final"),
        (2, "HS02", "conduct"),
        (3, "HS03", "magic"),
        (4, "HS04", "subjects"),
        (4, "HS04", "school"),
    ]
    assert found["errors"][0]["reason"] == "“11” không phải điểm từ 0 đến 10"


@pytest.mark.parametrize("typed", ["Đ", "Ð", "Đạt", "Đạt "])
def test_pass_however_it_is_typed(typed):
    one = pupil()
    one["subjects"][8]["terms"][1]["final"] = typed
    found = grade_document(document(one))
    assert (found["errors"], found["pupils"][0]["subjects"][8]["year"]) == ([], "Đ")


def test_a_missing_subject_leaves_the_year_open():
    one = pupil()
    del one["subjects"][1]
    (found,) = grade_document(document(one))["pupils"]
    assert (found["learning"]["year"], found["outcome"]) == (None, "undecided")
    assert "Thiếu môn: Toán" in [reason["said"] for reason in found["reasons"]]


def test_chosen_subjects_are_counted():
    stage = programme().stage("upper_secondary")
    everybody = [one.code for one in stage.subjects if one.periods.get(10)]
    assert stage.missing(10, everybody) == []
    assert stage.choices_missing(10, [*everybody, "physics", "chemistry", "music"]) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"school_year": "2026-2028"}, {"school_year": "2026"}, {"grade": 13}, {"rules": "TT58-2011"},
        {"level": "preschool"}, {"pupils": []}, {"extra": 1}, {"school_year": "2015-2016"},
    ],
)  # fmt: skip
def test_a_document_that_is_not_to_be_understood(changed):
    with pytest.raises(GradingFault) as refusal:
        grade_document({**document(pupil()), **changed})
    assert refusal.value.message


def test_two_years_may_stand_under_two_rules():
    known = file_rules()
    assert rules_of("lower_secondary", 9, 2024, known=known).code == "TT22-2021"
    with pytest.raises(GradingFault):
        rules_of("lower_secondary", 9, 2023, known=known)
    assert rules_of("continuing", 10, 2026, known=known).code == "TT43-2021"
    assert rules_of("primary", 5, 2026, known=known).code == "TT27-2020"
    assert len({one.code for one in known}) == len(known)


def test_rules_beside_those_of_the_files():
    """A circular that lets eight subjects of 9,5 be asked for Xuất sắc, for grade 8 from 2027 on."""
    (held,) = [one for one in file_rules() if one.code == "TT22-2021"]
    other = read_rules(
        {
            **held.model_dump(mode="json"), "code": "TT99-2027", "excellent": {"subjects": 8, "at_least": "9.5"},
            "applies": [{"level": "lower_secondary", "grade": 8, "from_year": 2027}],
        }
    )  # fmt: skip
    best = pupil()
    for subject in best["subjects"][: len(SCORES)]:
        number = NUMBERS.get(subject["code"], 4)
        subject["terms"] = [{"regular": [9.2] * number, "midterm": 9.2, "final": 9.2}] * 2
    awards = {}
    for year in ("2026-2027", "2027-2028"):
        found = grade_document({**document(best), "school_year": year}, [other])
        awards[found["rules"]["code"]] = found["pupils"][0]["award"]
    assert awards == {"TT22-2021": "excellent", "TT99-2027": "good"}


def test_the_command_takes_rules_of_a_file(tmp_path, capsys):
    (held,) = [one for one in file_rules() if one.code == "TT22-2021"]
    document_file, rules = tmp_path / "diem.json", tmp_path / "quy-dinh.json"
    document_file.write_text(json.dumps(document(pupil()), default=str), encoding="utf-8")
    rules.write_text(held.model_copy(update={"code": "TT22-2021.1"}).model_dump_json(), encoding="utf-8")
    call_command("grade", "--input", str(document_file), "--rules", str(rules), "--json")
    assert json.loads(capsys.readouterr().out)["rules"]["code"] == "TT22-2021.1"
    rules.write_text(json.dumps({**json.loads(held.model_dump_json()), "weights": {}}), encoding="utf-8")
    with pytest.raises(SystemExit):
        call_command("grade", "--input", str(document_file), "--rules", str(rules))
    assert "quy-dinh.json: weights.regular: thiếu mục này" in capsys.readouterr().err


def test_periods_of_the_programme_add_up():
    for stage in programme().stages:
        for grade, total in stage.total_periods.items():
            periods = sum(one.periods.get(grade, 0) for one in stage.subjects)
            periods += stage.choose * 70 + stage.topic_periods
            assert periods == total, (stage.level, grade)


PRIMARY_PUPIL = {
    "id": "TH01",
    "subjects": [
        {"code": "vietnamese", "levels": {"CN": "T"}, "tests": {"CN": 9}},
        {"code": "mathematics", "levels": {"CN": "T"}, "tests": {"CN": 7}},
        *({"code": code, "levels": {"CN": "T"}} for code in
          ("ethics", "nature_society", "physical_education", "arts", "experiential_activities")),
    ],
    "qualities": dict.fromkeys(["patriotism", "kindness", "diligence", "honesty", "responsibility"], "T"),
    "competences": dict.fromkeys(
        ["self_reliance", "communication", "problem_solving", "language", "calculation", "scientific",
         "technological", "informatics", "aesthetic", "physical"], "T"),
    "stands_out": True,
}  # fmt: skip


def test_primary_school():
    found = grade_document(document(PRIMARY_PUPIL, level="primary", grade=2))
    (one,) = found["pupils"]
    assert (one["learning"], one["award"], one["outcome"]) == (
        {"year": "well_done"}, "outstanding", "promoted")  # fmt: skip
    half = deepcopy(PRIMARY_PUPIL)
    half["subjects"][0]["tests"]["CN"] = 8.5
    found = grade_document(document(half, level="primary", grade=2))
    assert [(e["field"], e["reason"]) for e in found["errors"]] == [
        ("vietnamese, CN", "điểm kiểm tra là số nguyên từ 0 đến 10")
    ]
    own = grade_document(document({**PRIMARY_PUPIL, "individual_plan": True}, level="primary", grade=2))
    assert own["pupils"][0]["reasons"][0]["why"] == "own_plan"
    without = {**PRIMARY_PUPIL, "qualities": {}}
    (one,) = grade_document(document(without, level="primary", grade=2))["pupils"]
    assert one["outcome"] == "undecided"


def run(*arguments):
    out, err = StringIO(), StringIO()
    code = 0
    try:
        call_command("grade", *arguments, stdout=out, stderr=err)
    except SystemExit as ended:
        code = ended.code
    return code, out.getvalue(), err.getvalue()


def test_the_command(tmp_path):
    file = tmp_path / "diem.json"
    file.write_text(json.dumps(document(pupil()), ensure_ascii=False, default=float), encoding="utf-8")
    code, out, _err = run("--input", str(file), "--json")
    assert (code, json.loads(out)["pupils"][0]["outcome"]) == (0, "promoted")
    code, out, _err = run("--input", str(file))
    assert "Học sinh Giỏi" in out
    file.write_text(json.dumps(document(pupil(), {"id": "HS09"}), default=float), encoding="utf-8")
    code, out, err = run("--input", str(file))
    assert code == 1
    assert "Học sinh thứ 2 (HS09), subjects: thiếu mục này" in err
    file.write_text("{", encoding="utf-8")
    assert run("--input", str(file))[0] == 2
    assert run("--input", str(tmp_path / "none.json"))[0] == 2
