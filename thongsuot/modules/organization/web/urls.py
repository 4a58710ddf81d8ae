from django.urls import path

from thongsuot.kit.pages.views import page_urls

from . import administrative, appointments, lists, roles, schools, units, working_days

app_name = "organization"
urlpatterns = [
    path("cay/", units.UnitTreePage.as_view(), name="unit-tree"),
    *page_urls(
        "unit",
        "don-vi/",
        list=units.UnitList,
        create=units.UnitCreate,
        detail=units.UnitDetail,
        edit=units.UnitEdit,
    ),
    path("don-vi/<int:pk>/lien-he/", units.UnitContacts.as_view(), name="unit-contacts"),
    path("don-vi/<int:pk>/giai-the/", units.UnitClose.as_view(), name="unit-close"),
    path("don-vi/<int:pk>/phan-cong/", appointments.Appoint.as_view(), name="appoint"),
    *page_urls(
        "school",
        "truong/",
        list=schools.SchoolList,
        create=schools.SchoolCreate,
        detail=schools.SchoolDetail,
        edit=schools.SchoolEdit,
    ),
    path("truong/<int:pk>/diem-truong/", schools.SiteAdd.as_view(), name="site-add"),
    path("truong/<int:pk>/diem-truong/<int:site>/", schools.SiteEdit.as_view(), name="site-edit"),
    path("truong/<int:pk>/diem-truong/<int:site>/dong/", schools.SiteClose.as_view(), name="site-close"),
    path("xa/", units.CommuneList.as_view(), name="commune-list"),
    path("dia-gioi/", administrative.AdministrativeList.as_view(), name="administrative-list"),
    *page_urls(
        "change", "dia-gioi/thay-doi/", list=administrative.ChangeList, edit=administrative.ChangeEdit
    ),
    *page_urls(
        "appointment", "phan-cong/", list=appointments.AppointmentList, detail=appointments.AppointmentDetail
    ),
    path("phan-cong/<int:pk>/ket-thuc/", appointments.AppointmentEnd.as_view(), name="appointment-end"),
    path("phan-cong/<int:pk>/uy-quyen/", appointments.Delegate.as_view(), name="appointment-delegate"),
    *page_urls("year", "nam-hoc/", list=lists.YearList, create=lists.YearCreate),
    *page_urls("codelist", "danh-muc/", list=lists.CodeListList, key="slug:code"),
    path("danh-muc/<slug:code>/", lists.CodeValueList.as_view(), name="codevalue-list"),
    path("danh-muc/<slug:code>/<int:pk>/sua/", lists.CodeValueEdit.as_view(), name="codevalue-edit"),
    path("ngay-lam-viec/", working_days.WorkDays.as_view(), name="work-days"),
    path("ngay-lam-viec/<int:pk>/bo/", working_days.WorkDayClear.as_view(), name="work-day-clear"),
    path("vai-tro/", roles.RolesPage.as_view(), name="roles"),
]
