from thongsuot.modules.registry.web import exchange_urls, identity_urls

app_name = "registry"
urlpatterns = [*identity_urls.urlpatterns, *exchange_urls.urlpatterns]
