"""A population database for tests and training: the contract of docs/identity-contract.md over invented people.

    python ops/population_server --people FILE --port 8117 --token SECRET [--disagree 0.02] [--seed 1] [--training]

FILE: JSON lines {"personal_id", "full_name", "birth_date", "gender"} as the registry has them, optionally with
"state": shared, cancelled or missing. --disagree makes that share of them differ (people.py). --training opens
/training/mode, where the server is told to be slow, down, or to answer half. Standard library only; not for the Internet.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from answering import Desk
from handler import Server
from people import read_people


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=Path, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8117, help="0: any free one, told on the first line")
    parser.add_argument("--token", required=True)
    parser.add_argument("--disagree", type=float, default=0.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds until a list is answered")
    parser.add_argument("--training", action="store_true")
    options = parser.parse_args()
    desk = Desk(
        read_people(options.people, disagree=options.disagree, seed=options.seed), delay=options.delay
    )
    server = Server((options.host, options.port), desk, token=options.token, training=options.training)
    print(f"http://{options.host}:{server.server_address[1]}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


if __name__ == "__main__":
    main()
