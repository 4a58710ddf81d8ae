from django.urls import path

from thongsuot.portals import home
from thongsuot.portals.administration.hand_over import HandOverPage

urlpatterns = [
    path("", home.home, name="home"),
    path("ban-giao/<int:pk>/", HandOverPage.as_view(), name="hand-over"),
]
