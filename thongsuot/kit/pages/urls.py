from django.urls import URLPattern, URLResolver, path

from thongsuot.kit.pages import gallery, offline
from thongsuot.kit.pages.addresses import page_urls
from thongsuot.kit.pages.own import SavedFilterDelete, SavedFilterEdit, SavedFilterList

app_name = "pages"
urlpatterns: list[URLPattern | URLResolver] = [
    *page_urls(
        "saved-filter", "bo-loc/", list=SavedFilterList, edit=SavedFilterEdit, delete=SavedFilterDelete
    ),
    path("thanh-phan/", gallery.gallery, name="gallery"),
    path("may-phu.js", offline.worker, name="worker"),
    path("ngoai-tuyen/", offline.offline, name="offline"),
    path("ung-dung.webmanifest", offline.manifest, name="manifest"),
]
