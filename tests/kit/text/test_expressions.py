import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import TextField, Value
from django.db.models.expressions import RawSQL
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from thongsuot.kit.text.expressions import Fold
from thongsuot.kit.text.vietnamese import fold

LETTERS = "aăâbcdđeêơưuyàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"
LETTERS += "ÐƉ’ʼ`´'\u00a0\u200b\u00ad\t -.0129"
texts = st.lists(st.text(alphabet=LETTERS + LETTERS.upper(), max_size=30), min_size=1, max_size=40)

pytestmark = pytest.mark.django_db


def in_sql(values):
    rows = get_user_model().objects.annotate(f=Fold(RawSQL("t.x", [], TextField())))
    compiler = rows.query.get_compiler("default")
    sql, params = compiler.compile(compiler.query.annotations["f"])
    with connection.cursor() as cursor:
        source = "unnest(%s::text[]) with ordinality as t(x, n)"
        cursor.execute(f"select {sql} from {source} order by n", [*params, values])
        return [row[0] for row in cursor.fetchall()]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(texts)
def test_sql_folds_as_python_does(values):
    assert in_sql(values) == [fold(value) for value in values]


def test_fold_of_a_column():
    user = get_user_model().objects.create(username="x", full_name="Ðặng  Thị\u00a0BÉ")
    found = get_user_model().objects.annotate(f=Fold("full_name"), g=Fold(Value("Ơ"))).get(pk=user.pk)
    assert (found.f, found.g) == ("dang thi be", "o")
