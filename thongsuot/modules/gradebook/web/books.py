"""What pages of one book share: a class and subject in a term."""

from functools import cached_property
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from thongsuot.kit.accounts.types import Actor
from thongsuot.kit.pages.views import ActorPage

from ..queries import listing
from .lists import book_crumb, school_crumbs, sees_books
from .terms import term_name


class BookBase(ActorPage):
    """Pages below /so-diem/<book>/<term>/."""

    def allowed(self, actor: Actor) -> bool:
        return sees_books(actor)

    @cached_property
    def book(self) -> Any:
        found = listing.book_of(self.actor, self.kwargs["pk"])
        if found is None or self.kwargs["term"] not in (1, 2):
            raise Http404
        return found

    @property
    def term(self) -> int:
        return int(self.kwargs["term"])

    def url(self, name: str = "marks") -> str:
        return reverse(f"gradebook:{name}", args=[self.book.pk, self.term])

    def book_name(self) -> str:
        said = {"subject": self.book.name, "name": self.book.school_class.name, "term": term_name(self.term)}
        return _("%(subject)s, lớp %(name)s, %(term)s") % said

    def get_title(self) -> Any:
        return self.book_name()

    def breadcrumbs(self) -> list[tuple[Any, str]]:
        return [book_crumb(), *school_crumbs(self.actor, self.book.unit)]
