from tests.modules.documents.certificates import make_certificates
from tests.modules.documents.signings import make_signings

ROWS = {"documents:certificate-list": make_certificates, "documents:signing-list": make_signings}
