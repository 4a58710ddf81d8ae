"""Words of the module: states, kinds, refusals. Pure."""

from thongsuot.kit.accounts.types import Refused


class NoForm(Refused):
    """There is no such form, or not in this version."""

    code = "no_form"


class BadForm(Refused):
    """A form that cannot be read; the message names file, row and cell."""

    code = "bad_form"
