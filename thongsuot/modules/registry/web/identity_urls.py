from django.urls import path

from . import identity, identity_steps

urlpatterns = [
    path("xac-thuc/", identity.Home.as_view(), name="identity"),
    path("xac-thuc/truong/", identity.Schools.as_view(), name="identity-schools"),
    path("xac-thuc/truong/<int:unit_id>/", identity.SchoolPage.as_view(), name="identity-school"),
    path("xac-thuc/truong/<int:unit_id>/gui/", identity_steps.Send.as_view(), name="identity-send"),
    path("xac-thuc/can-xu-ly/", identity.ToSettle.as_view(), name="identity-settle"),
    path("xac-thuc/lan-gui/", identity.Batches.as_view(), name="identity-batches"),
    path("xac-thuc/lan-gui/<uuid:public_id>/", identity.BatchPage.as_view(), name="identity-batch"),
    path("xac-thuc/lan-gui/<uuid:public_id>/thu-ngay/", identity_steps.TryNow.as_view(), name="identity-try"),
    path("xac-thuc/lan-gui/<uuid:public_id>/dung/", identity_steps.GiveUp.as_view(), name="identity-give-up"),
    path("xac-thuc/lan-gui/<uuid:public_id>/tep/", identity_steps.HandOut.as_view(), name="identity-file"),
]
