from tests.modules.documents.certificates import make_certificates

ROWS = {"documents:certificate-list": make_certificates}
