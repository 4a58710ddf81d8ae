"""Why something was not done. Each carries a Vietnamese message for the user."""

from __future__ import annotations

from thongsuot.kit.accounts.types import Refused


class WrongState(Refused):
    """The thing is not in a state from which this step leads on; somebody else may have been quicker."""

    code = "wrong_state"


class MissingReason(Refused):
    """A return, a cancellation or a refusal without saying why."""

    code = "missing_reason"


class MissingEvidence(Refused):
    """A product without a file or link, or a document without its number, symbol and date."""

    code = "missing_evidence"


class BadDeadline(Refused):
    """No day where one is needed, a day that has passed, or a day after that of the task above."""

    code = "bad_deadline"


class OpenSubtasks(Refused):
    """`details["children"]`: the sub-tasks that are still open."""

    code = "open_subtasks"


class OutOfReach(Refused):
    """A unit or a person to whom the actor may not give this work."""

    code = "out_of_reach"


class OwnWork(Refused):
    """Nobody accepts what they submitted themselves."""

    code = "own_work"


class AlreadyImported(Refused):
    """`details["directive"]`: public id of the earlier import of the same file."""

    code = "already_imported"


class NotReviewed(Refused):
    """`details`: proposed (number), unmatched {finding id: words}, without_lead [finding ids]."""

    code = "not_reviewed"
