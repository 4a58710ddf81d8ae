"""Signs at a desk what was agreed to on the page, with the USB token plugged in here (docs/desk-signing.md).

    python ops/desk_signer --server https://... --library /usr/lib/vendor/libpkcs11.so

The page of the signing shows a code: it is asked for here, then what is signed is shown, then the PIN is asked for. The PIN
and the key stay on this machine. Needs Python 3.11 with python-pkcs11 and cryptography, nothing else of the platform:

    python -m pip install python-pkcs11 cryptography
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from getpass import getpass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from server import Batch, Post, ServerFault, bring, fetch, over_http, refuse

try:
    from token_at_desk import Token, TokenFault
except ModuleNotFoundError as missing:
    sys.exit(
        f"Máy này chưa có thư viện {missing.name} của Python. Hãy chạy: "
        f"{sys.executable} -m pip install python-pkcs11 cryptography"
    )

TRIES = 3


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--server", required=True, help="address of the platform")
    parser.add_argument("--library", required=True, help="PKCS#11 library of the token's vendor")
    options = parser.parse_args()
    try:
        post = over_http(options.server)
        return run(post, options.library, ask=input, ask_pin=getpass, say=print)
    except (ServerFault, TokenFault) as fault:
        print(fault, file=sys.stderr)
        return 1
    except (KeyboardInterrupt, EOFError):
        return 1


def run(
    post: Post,
    library: str,
    *,
    ask: Callable[[str], str],
    ask_pin: Callable[[str], str],
    say: Callable[[str], object],
) -> int:
    """One batch from code to answer; 0 when it is signed, 2 when the signer said no. Raises ServerFault, TokenFault."""
    batch = fetch(post, ask("Mã trên trang ký: "))
    say(f"{batch.title}\nĐơn vị: {batch.unit}\nNgười ký: {batch.holder}\nSố chữ ký: {len(batch.messages)}")
    token = Token(library, batch.certificate)
    say(f"Thiết bị: {token.label}")
    if ask("Ký? (c = có, k = không): ").strip().lower() not in ("c", "có", "co"):
        refuse(post, batch, "Người ký không đồng ý.")
        say("Đã trả lời: không ký.")
        return 2
    bring(post, batch, _signed(token, batch, ask_pin, say))
    say(f"Đã ký {len(batch.messages)} chữ ký. Anh/chị quay lại trang ký để xem kết quả.")
    return 0


def _signed(
    token: Token, batch: Batch, ask_pin: Callable[[str], str], say: Callable[[str], object]
) -> list[bytes]:
    for left in range(TRIES - 1, -1, -1):
        try:
            return token.sign(batch.messages, ask_pin("Mã PIN: "))
        except TokenFault as fault:
            # Devices lock themselves after a few wrong PINs: never more than the person typed.
            if not (fault.again and left):
                raise
            say(str(fault))
    raise TokenFault("Mã PIN không đúng.")


if __name__ == "__main__":
    sys.exit(main())
