"""Collect, compile and check the texts without GNU gettext on the machine.

collect: every _("...") and {% translate %} of the package into locale/en/LC_MESSAGES/django.po
compile: django.po -> django.mo (not kept in the repository)
check:   fails when a Vietnamese text has no English, when the .po is out of step, or a placeholder differs
"""

from __future__ import annotations

import ast
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent
PO = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\([a-zA-Z_]+\)[sd]|\{[a-zA-Z_]*\}|%[sd]")
LITERAL = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\"""", re.DOTALL)
_ONE = LITERAL.pattern
TEMPLATE_CALL = re.compile(rf"\b(n?p?gettext|_)\(\s*u?((?:{_ONE})(?:\s*,\s*u?(?:{_ONE}))*)", re.DOTALL)
HEADER = {
    "Language": "en",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}


@dataclass(frozen=True)
class Text:
    """One key of the catalogue; the plural is what ngettext gives as its second text."""

    singular: str
    context: str | None = None


Found = tuple[Text, str]  # the text and its plural, "" when it has none


def as_found(function: str, literals: list[str]) -> Found | None:
    """`function` is gettext, ngettext, pgettext or npgettext, with or without _lazy or _noop."""
    kind = function.removesuffix("_lazy").removesuffix("_noop")
    context = literals.pop(0) if "p" in kind and literals else None
    wanted = 2 if kind.startswith("n") else 1
    if len(literals) < wanted or not literals[0]:
        return None
    return Text(literals[0], context), literals[1] if wanted == 2 else ""


def names_in_use(tree: ast.AST) -> dict[str, str]:
    """What each name of the file stands for, so that `gettext as _t` is followed too."""
    names = {
        name: name
        for name in ("gettext", "gettext_lazy", "gettext_noop", "pgettext", "ngettext", "ngettext_lazy")
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            names |= {
                alias.asname or alias.name: alias.name for alias in node.names if "gettext" in alias.name
            }
    return names


def python_texts(path: Path) -> list[Found]:
    tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
    names = names_in_use(tree) | {"_": "gettext"}
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name not in names:
            continue
        literals = []
        for argument in node.args:
            if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
                break
            literals.append(argument.value)
        found.append(as_found(names[name], literals))
    return [each for each in found if each]


def template_texts(path: Path) -> list[Found]:
    """Let Django turn the template into pseudo-Python, as makemessages does, then read the calls."""
    from django.conf import settings
    from django.utils.translation.template import templatize

    if not settings.configured:
        settings.configure(USE_I18N=True)
    source = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    found = []
    for call in TEMPLATE_CALL.finditer(source):
        literals = [ast.literal_eval(literal) for literal in LITERAL.findall(call.group(2))]
        found.append(as_found(call.group(1).replace("_", "gettext"), literals))
    return [each for each in found if each]


def all_texts() -> dict[Text, tuple[str, str]]:
    """Each text with its plural and the first file it is in."""
    texts: dict[Text, tuple[str, str]] = {}
    package = ROOT / "thongsuot"
    sources = [
        (path, python_texts) for path in sorted(package.rglob("*.py")) if "migrations" not in path.parts
    ]
    for pattern in ("*.html", "*.txt"):
        sources += [
            (path, template_texts) for path in sorted(package.rglob(pattern)) if "templates" in path.parts
        ]
    for path, read in sources:
        for text, plural in read(path):
            known, place = texts.get(text, ("", str(path.relative_to(ROOT))))
            texts[text] = (known or plural, place)
    return texts


def load() -> polib.POFile:
    po = polib.pofile(str(PO), encoding="utf-8") if PO.exists() else polib.POFile()
    po.metadata = {**po.metadata, **HEADER}
    return po


def english_of(entry: polib.POEntry | None) -> list[str]:
    if entry is None:
        return []
    if entry.msgid_plural:
        return [entry.msgstr_plural[number] for number in sorted(entry.msgstr_plural)]
    return [entry.msgstr]


def by_text(po: polib.POFile) -> dict[Text, polib.POEntry]:
    return {Text(entry.msgid, entry.msgctxt): entry for entry in po if not entry.obsolete}


def collect() -> None:
    po = load()
    known = by_text(po)
    fresh = polib.POFile()
    fresh.metadata = po.metadata
    missing = 0
    for text, (plural, place) in sorted(
        all_texts().items(), key=lambda each: (each[0].singular, each[0].context or "")
    ):
        english = english_of(known.get(text))
        entry = polib.POEntry(msgid=text.singular, msgctxt=text.context, occurrences=[(place, "")])
        if plural:
            entry.msgid_plural = plural
            entry.msgstr_plural = {0: english[0] if english else "", 1: english[-1] if english else ""}
        else:
            entry.msgstr = english[-1] if english else ""
        missing += not all(english_of(entry))
        fresh.append(entry)
    PO.parent.mkdir(parents=True, exist_ok=True)
    fresh.save(str(PO))
    print(f"{len(fresh)} texts, {missing} without English")


def compile_messages() -> None:
    # locale/vi holds only the texts of libraries: our own are Vietnamese in the source.
    for po in sorted(ROOT.glob("locale/*/LC_MESSAGES/django.po")):
        polib.pofile(str(po), encoding="utf-8").save_as_mofile(str(po.with_suffix(".mo")))


def fault(text: Text, plural: str, entry: polib.POEntry | None) -> str:
    english = english_of(entry)
    if not english or not all(english):
        return "no English for"
    if plural and not entry.msgid_plural:
        return "no plural form of"
    marks = sorted(PLACEHOLDER.findall(text.singular))
    if any(sorted(PLACEHOLDER.findall(each)) != marks for each in english):
        return "placeholders differ in"
    for end in (str.startswith, str.endswith):
        if any(end(each, "\n") != end(text.singular, "\n") for each in english):
            return "line ends differ in"
    return ""


def check() -> None:
    entries = by_text(load())
    problems = []
    for text, (plural, place) in all_texts().items():
        wrong = fault(text, plural, entries.get(text))
        if wrong:
            problems.append(f"{place}: {wrong} {text.singular!r}")
    for line in problems[:40]:
        print(line)
    if problems:
        sys.exit(
            f"{len(problems)} texts are not in step: make translations, then write the English in locale/en"
        )


if __name__ == "__main__":
    {"collect": collect, "compile": compile_messages, "check": check}[sys.argv[1]]()
