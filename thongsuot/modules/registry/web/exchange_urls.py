from django.urls import path

from . import exchange, exchange_objects

urlpatterns = [
    path("gui-bo/", exchange.Ministry.as_view(), name="ministry"),
    path("gui-bo/danh-sach/", exchange.SubmissionList.as_view(), name="ministry-list"),
    path("gui-bo/<slug:kind>/doi-tuong/", exchange_objects.ObjectList.as_view(), name="ministry-objects"),
    path("gui-bo/<slug:kind>/tep/", exchange.MinistryFile.as_view(), name="ministry-file"),
    path("oneroster/tep/", exchange.RosterFile.as_view(), name="oneroster-file"),
    path("hoc-sinh/<uuid:public_id>/pdf/", exchange.DossierPdf.as_view(), name="student-pdf"),
]
