from django.urls import path

from thongsuot.portals import home
from thongsuot.portals.administration.accounts import AccountList
from thongsuot.portals.administration.hand_over import HandOverPage

urlpatterns = [
    path("", home.home, name="home"),
    path("tai-khoan/quan-ly/", AccountList.as_view(), name="account-list"),
    path("ban-giao/<int:pk>/", HandOverPage.as_view(), name="hand-over"),
]
