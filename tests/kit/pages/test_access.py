"""What a page answers when it cannot be served."""

import pytest
from django.core.exceptions import BadRequest
from django.db import DataError

from thongsuot.kit.pages.access import ActorPage


class Page(ActorPage):
    def post(self, request):
        raise DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")


@pytest.mark.parametrize(("sent", "raised"), [("a\x00b", BadRequest), ("ab", DataError)])
def test_a_nul_that_no_form_refused_is_the_fault_of_the_request(rf, sent, raised):
    with pytest.raises(raised):
        Page.as_view()(rf.post("/", {"reason": sent}))
