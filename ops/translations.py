"""Collect, compile and check the texts without GNU gettext on the machine.

collect: every _("...") and {% translate %} of the package into locale/en/LC_MESSAGES/django.po
compile: django.po -> django.mo (not kept in the repository)
check:   fails when a Vietnamese text has no English, when the .po is out of step, or a placeholder differs
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
PO = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
NAMES = {"_", "gettext", "gettext_lazy", "gettext_noop", "pgettext", "ngettext", "ngettext_lazy"}
PLACEHOLDER = re.compile(r"%\([a-zA-Z_]+\)[sd]|\{[a-zA-Z_]*\}|%[sd]")
LITERAL = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\"""", re.DOTALL)
_ONE = LITERAL.pattern
TEMPLATE_CALL = re.compile(
    rf"\b(n?p?gettext|_)\(\s*u?((?:{_ONE})(?:\s*,\s*u?(?:{_ONE}))*)", re.DOTALL
)
VIETNAMESE = re.compile(
    r"[ăâđêôơưĂÂĐÊÔƠƯàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE
)


def python_texts(path: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name not in NAMES:
            continue
        count = 2 if name.startswith("ngettext") else 1
        for argument in node.args[:count] if name != "pgettext" else node.args[1:2]:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                found.append(argument.value)
    return found


def template_texts(path: Path) -> list[str]:
    """Let Django turn the template into pseudo-Python, as makemessages does, then read the calls."""
    from django.conf import settings
    from django.utils.translation.template import templatize

    if not settings.configured:
        settings.configure(USE_I18N=True)
    source = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    found = []
    for call in TEMPLATE_CALL.finditer(source):
        literals = [ast.literal_eval(literal) for literal in LITERAL.findall(call.group(2))]
        # pgettext: the first one is the context.
        found.extend(literals[1:] if "p" in call.group(1) else literals)
    return found


def all_texts() -> dict[str, str]:
    texts: dict[str, str] = {}
    for path in sorted((ROOT / "thongsuot").rglob("*.py")):
        if "migrations" in path.parts:
            continue
        for text in python_texts(path):
            texts.setdefault(text, str(path.relative_to(ROOT)))
    for pattern in ("*.html", "*.txt"):
        for path in sorted((ROOT / "thongsuot").rglob(pattern)):
            if "templates" in path.parts:
                for text in template_texts(path):
                    texts.setdefault(text, str(path.relative_to(ROOT)))
    texts.pop("", None)
    return texts


def load() -> polib.POFile:
    if PO.exists():
        return polib.pofile(str(PO), encoding="utf-8")
    po = polib.POFile()
    po.metadata = {"Language": "en", "Content-Type": "text/plain; charset=utf-8", "Content-Transfer-Encoding": "8bit"}
    return po


def collect() -> None:
    po, texts = load(), all_texts()
    known = {entry.msgid: entry for entry in po}
    fresh = polib.POFile()
    fresh.metadata = po.metadata
    for text, place in sorted(texts.items()):
        old = known.get(text)
        fresh.append(polib.POEntry(msgid=text, msgstr=old.msgstr if old else "", occurrences=[(place, "")]))
    PO.parent.mkdir(parents=True, exist_ok=True)
    fresh.save(str(PO))
    missing = sum(1 for entry in fresh if not entry.msgstr)
    print(f"{len(fresh)} texts, {missing} without English")


def compile_messages() -> None:
    # locale/vi holds only the texts of libraries: our own are Vietnamese in the source.
    for po in sorted(ROOT.glob("locale/*/LC_MESSAGES/django.po")):
        polib.pofile(str(po), encoding="utf-8").save_as_mofile(str(po.with_suffix(".mo")))


def check() -> None:
    entries = {entry.msgid: entry.msgstr for entry in load()}
    problems = []
    for text, place in all_texts().items():
        english = entries.get(text, "")
        if not english:
            problems.append(f"{place}: no English for {text!r}")
        elif sorted(PLACEHOLDER.findall(text)) != sorted(PLACEHOLDER.findall(english)):
            problems.append(f"{place}: placeholders differ in {text!r}")
    for line in problems[:40]:
        print(line)
    if problems:
        sys.exit(f"{len(problems)} texts are not in step: make translations, then write the English in locale/en")


if __name__ == "__main__":
    {"collect": collect, "compile": compile_messages, "check": check}[sys.argv[1]]()
