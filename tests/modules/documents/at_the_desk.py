"""Run by test_desk.py as a program: the desk's part with a real library, the platform's answers from a file.

python at_the_desk.py LIBRARY FOLDER
"""

import json
import sys
from base64 import b64decode
from pathlib import Path

import pkcs11

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "ops" / "desk_signer"))

import runpy  # noqa: E402

program = runpy.run_path(str(ROOT / "ops" / "desk_signer" / "__main__.py"), run_name="desk")
library, folder = sys.argv[1], Path(sys.argv[2])
batch = json.loads((folder / "batch.json").read_text())

# The maker of a token puts the certificate beside the key.
token = pkcs11.lib(library).get_token(token_label="con-dau")
with token.open(rw=True, user_pin="246810") as session:
    session.create_object(
        {
            pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
            pkcs11.Attribute.CERTIFICATE_TYPE: pkcs11.constants.CertificateType.X_509,
            pkcs11.Attribute.TOKEN: True,
            pkcs11.Attribute.LABEL: "seal",
            pkcs11.Attribute.ID: b"\x0a",
            pkcs11.Attribute.SUBJECT: b"",
            pkcs11.Attribute.VALUE: b64decode(batch["certificate"]),
        }
    )

answered: list[dict] = []
shown: list[str] = []
pins = iter(["111111", "246810"])


def post(path, said):
    if path.endswith("/nhan"):
        return 200, batch
    answered.append(said)
    return 200, {}


outcome = program["run"](
    post,
    library,
    ask=lambda words: "c" if "Ký?" in words else "ABCDE-23456",
    ask_pin=lambda words: next(pins),
    say=shown.append,
)
print(json.dumps({"outcome": outcome, "answer": answered[0], "shown": "\n".join(shown)}))
