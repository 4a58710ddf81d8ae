"""The one API object; each module brings its router."""

from ninja import NinjaAPI

api = NinjaAPI(title="Thông Suốt", version="1.0.0", urls_namespace="api-v1")
