"""`python -m thongsuot.modules.directives.domain.extraction FILE`: the JSON of what is found, without
Django."""

from __future__ import annotations

import json
import sys

from ..reading import UnreadableFile, read_file
from . import extract


def main(argv: list[str]) -> int:
    if len(argv) != 1:
        sys.stderr.write("usage: python -m thongsuot.modules.directives.domain.extraction FILE\n")
        return 2
    try:
        found = extract(read_file(argv[0]))
    except UnreadableFile as refusal:
        sys.stderr.write(refusal.message + "\n")
        return 1
    sys.stdout.write(json.dumps(found.as_json(), ensure_ascii=False, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
