"""A provider of remote signing for tests and training: the contract of docs/remote-signing.md over keys in a folder.

    python ops/signing_server --keys FOLDER --port 8118 --token SECRET [--approve at-once|ask|deny] [--training]

FOLDER: one PEM file (private key, certificate, issuers) for each credential, named by the credential. With --approve ask
an authorisation waits until /training/approve is called. --training opens /training/*. Not for the Internet.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from desk import Desk
from handler import Server


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--keys", type=Path, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8118, help="0: any free one, told on the first line")
    parser.add_argument("--token", required=True)
    parser.add_argument("--approve", choices=("at-once", "ask", "deny"), default="at-once")
    parser.add_argument("--training", action="store_true")
    options = parser.parse_args()
    server = Server(
        (options.host, options.port),
        Desk(options.keys, approve=options.approve),
        token=options.token,
        training=options.training,
    )
    print(f"http://{options.host}:{server.server_address[1]}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


if __name__ == "__main__":
    main()
