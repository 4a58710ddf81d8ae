from django.urls import path

from thongsuot.portals import home
from thongsuot.portals.administration.accounts import AccountList
from thongsuot.portals.administration.hand_over import HandOverPage
from thongsuot.portals.department import duplicates, facts, reorganizing, splitting
from thongsuot.portals.school import (
    completions,
    data_requests,
    graduation,
    leaving,
    outside,
    promotion,
    transfers,
)

TRANSFER = "chuyen-truong/<int:pk>/"
REQUEST = "yeu-cau-du-lieu/<int:pk>/"
PAIR = "ho-so-trung/<int:pk>/"
YEAR = "ket-thuc-nam-hoc/<int:unit>/<int:year>/"
LAST_GRADE = "hoan-thanh-cap-hoc/<int:unit>/<int:year>/<int:grade>/"
MERGER = "sap-nhap/<int:pk>/"
SPLIT = "hoc-sinh/<uuid:public_id>/tach-ho-so/"
urlpatterns = [
    path("", home.home, name="home"),
    path("tai-khoan/quan-ly/", AccountList.as_view(), name="account-list"),
    path("ban-giao/<int:pk>/", HandOverPage.as_view(), name="hand-over"),
    path("chuyen-truong/", transfers.TransferList.as_view(), name="transfer-list"),
    path("chuyen-truong/de-nghi/", transfers.TransferRequest.as_view(), name="transfer-request"),
    path(TRANSFER, transfers.TransferDetail.as_view(), name="transfer-detail"),
    path(f"{TRANSFER}dong-y/", transfers.TransferRelease.as_view(), name="transfer-release"),
    path(f"{TRANSFER}khong-dong-y/", transfers.TransferRefuse.as_view(), name="transfer-refuse"),
    path(f"{TRANSFER}rut/", transfers.TransferCancel.as_view(), name="transfer-cancel"),
    path(f"{TRANSFER}tiep-nhan/", transfers.TransferComplete.as_view(), name="transfer-complete"),
    path(f"{TRANSFER}huy/", transfers.TransferTakeBack.as_view(), name="transfer-take-back"),
    path("chuyen-truong/nhan-tu-ngoai-tinh/", outside.TransferIn.as_view(), name="transfer-in"),
    path(f"{TRANSFER}noi-den-da-nhan/", outside.TransferArrived.as_view(), name="transfer-arrived"),
    path(f"{TRANSFER}huy-nhan/", outside.TransferInTakeBack.as_view(), name="transfer-in-take-back"),
    path("hoc-sinh/<uuid:public_id>/chuyen-ngoai-tinh/", outside.TransferOut.as_view(), name="transfer-out"),
    path(SPLIT, splitting.SplitPage.as_view(), name="student-split"),
    path(f"{SPLIT}<int:pk>/", splitting.SplitDetail.as_view(), name="split-detail"),
    path("hoc-sinh/<uuid:public_id>/thoi-hoc/", leaving.LeaveSchool.as_view(), name="leave-school"),
    path("hoc-sinh/<uuid:public_id>/chuyen-lop/", leaving.ToOtherClass.as_view(), name="move-class"),
    path("can-bo/<uuid:public_id>/ket-thuc-cong-tac/", leaving.LeavePost.as_view(), name="leave-post"),
    path("hoc-sinh/<uuid:public_id>/hoc-lai/", leaving.BackToSchool.as_view(), name="back-to-school"),
    path("ket-thuc-nam-hoc/", promotion.PromotionPage.as_view(), name="promotion"),
    path(f"{YEAR}lop/<int:school_class>/", promotion.PromotionClass.as_view(), name="promotion-class"),
    path("hoan-thanh-cap-hoc/", graduation.GraduationPage.as_view(), name="graduation"),
    path("da-hoan-thanh-cap-hoc/", completions.CompletionList.as_view(), name="completion-list"),
    path(
        f"{LAST_GRADE}lop/<int:school_class>/", graduation.GraduationClass.as_view(), name="graduation-class"
    ),
    path("ho-so-trung/", duplicates.DuplicateList.as_view(), name="duplicate-list"),
    path("ho-so-trung/tim/", duplicates.DuplicateSearch.as_view(), name="duplicate-search"),
    path(PAIR, duplicates.PairPage.as_view(), name="duplicate-pair"),
    path(f"{PAIR}gop/", duplicates.MergePage.as_view(), name="duplicate-merge"),
    path("yeu-cau-du-lieu/", data_requests.RequestList.as_view(), name="subject-request-list"),
    path(
        "hoc-sinh/<uuid:public_id>/yeu-cau-du-lieu/",
        data_requests.RequestCreate.as_view(),
        name="subject-request-create",
    ),
    path(REQUEST, data_requests.RequestDetail.as_view(), name="subject-request-detail"),
    path(f"{REQUEST}tra-loi/", data_requests.RequestAnswer.as_view(), name="subject-request-answer"),
    path(f"{REQUEST}thuc-hien/", data_requests.RequestDo.as_view(), name="subject-request-do"),
    path(f"{REQUEST}khong-thuc-hien/", data_requests.RequestRefuse.as_view(), name="subject-request-refuse"),
    path(f"{REQUEST}bo-han-che/", data_requests.RequestLift.as_view(), name="subject-request-lift"),
    path("sap-nhap/", reorganizing.MergerList.as_view(), name="merger-list"),
    path("sap-nhap/lap/", reorganizing.MergerPage.as_view(), name="merger-create"),
    path(MERGER, reorganizing.MergerDetail.as_view(), name="merger-detail"),
    path(f"{MERGER}hoan-tac/", reorganizing.MergerUndo.as_view(), name="merger-undo"),
    path("tham-so-ho-so/", facts.FactList.as_view(), name="fact-list"),
    path("tham-so-ho-so/<slug:key>/", facts.FactEdit.as_view(), name="fact-edit"),
    path("tham-so-ho-so/<slug:key>/bo-sua/", facts.FactRestore.as_view(), name="fact-restore"),
]
