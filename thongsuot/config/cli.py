"""The one command line: Django's management commands behind `thongsuot`."""

import os
import sys

# Commands that create or own tables run as the owner of the database; all others as the web role,
# which row-level security binds.
OWNER_COMMANDS = {
    "migrate",
    "makemigrations",
    "demo",
    "setup",
    "secure_database",
    "load_reference_data",
    "flush",
    "sqlmigrate",
    "test",
    "database",
}
NO_DATABASE = {
    "database",
    "extract_directive",
    "grade",
    "verify_transcript",
    "makemessages",
    "compilemessages",
    "collectstatic",
    "help",
    "--help",
    "version",
}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "thongsuot.config.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if command in OWNER_COMMANDS:
        os.environ.setdefault("TS_DB_ROLE", "owner")
    if command in NO_DATABASE and "--store" not in sys.argv:
        os.environ.setdefault("TS_NO_DB", "1")
    from django.core.management import execute_from_command_line

    from thongsuot.kit.postgres.errors import ServerError

    try:
        execute_from_command_line(sys.argv)
    except ServerError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
