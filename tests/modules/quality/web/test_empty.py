"""Pages of a province that has not been checked yet: apart from the others, which share one that has."""

from django.urls import reverse

from tests.modules.quality.web.test_pages import sign_in, text


def test_an_empty_province_says_so(world):
    body = text(sign_in(world, "school_office", "school_a1").get(reverse("quality:overview")))
    assert "Chưa có lần kiểm tra nào" in body
