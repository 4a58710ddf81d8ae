"""Writes data/transcripts/*.xsd from the layouts beside them: `python -m ops.transcript_schemas`."""

from pathlib import Path

from thongsuot.modules.transcripts.domain.profile import load_profiles
from thongsuot.modules.transcripts.domain.schema import schema

FOLDER = Path(__file__).resolve().parent.parent / "data" / "transcripts"

if __name__ == "__main__":
    for profile in load_profiles(FOLDER).values():
        (FOLDER / f"{profile.code}.xsd").write_text(schema(profile), encoding="utf-8")
