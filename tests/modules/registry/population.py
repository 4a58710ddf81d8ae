"""The population database of ops/, in a process of its own, for tests that go the whole way."""

import json
import subprocess
import sys
import urllib.request
from pathlib import Path

SERVER = Path(__file__).resolve().parents[3] / "ops" / "population_server"
TOKEN = "mot-khoa-thu"


class Population:
    def __init__(self, process, url):
        self.process, self.url = process, url

    def mode(self, **said):
        """Be down, slow, half, drop; returns how many people and lists were received."""
        request = urllib.request.Request(
            f"{self.url}/training/mode", json.dumps(said).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=10) as response:
            return json.load(response)

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=10)
        self.process.stdout.close()


def start(people, folder, *options):
    """people: dicts with personal_id, full_name, birth_date (text), gender, optionally state."""
    file = folder / "people.jsonl"
    file.write_text("\n".join(json.dumps(person, ensure_ascii=False) for person in people), encoding="utf-8")
    process = subprocess.Popen(
        [
            sys.executable,
            str(SERVER),
            "--people",
            str(file),
            "--port",
            "0",
            "--token",
            TOKEN,
            "--training",
            *options,
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    return Population(process, process.stdout.readline().strip())
