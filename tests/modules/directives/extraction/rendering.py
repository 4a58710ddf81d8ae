"""Directives made as real .docx and .pdf files, as offices would: real tables, running heads, footnotes,
stamps.

A document is a list of blocks: {"p": text, "look": "center"|"right"|"title"|""}, {"table": rows, "head":
n} with cells that are texts (None = merged with the cell to the left), {"sides": [left lines, right lines]}.
"""

from __future__ import annotations

import io
import json
import re
from typing import Any

Block = dict[str, Any]

TYPST = """
#let doc = json(bytes(sys.inputs.doc))
#set page(paper: "a4", flipped: doc.landscape, margin: (x: 2cm, y: 2cm), header: context [
  #set text(size: 9pt)
  #if doc.running != "" and counter(page).get().first() > 1 { align(right, doc.running) }
], footer: context [#align(center, str(counter(page).get().first()))])
#set text(font: ("Tinos", "Times New Roman", "Liberation Serif", "DejaVu Serif", "Libertinus Serif"),
  size: 12pt, lang: "vi", hyphenate: false, fallback: true)
#set par(justify: true)
#let show-text(it) = if "note" in it { [#it.p#footnote(it.note)#it.after] } else { it.p }
#for it in doc.blocks {
  if "table" in it {
    set text(size: 10pt)
    set par(justify: false)
    let rows = it.table
    let body = ()
    let first = 0
    for row in rows {
      let i = 0
      while i < row.len() {
        let span = 1
        while i + span < row.len() and row.at(i + span) == none { span += 1 }
        body.push(table.cell(colspan: span, row.at(i)))
        i += span
      }
      if first == 0 { first = body.len() }
    }
    let rule = if it.bare { none } else { 0.5pt }
    table(columns: it.widths.map(w => w * 1fr), stroke: rule,
      table.header(repeat: true, ..body.slice(0, first)), ..body.slice(first))
  } else if "sides" in it {
    grid(columns: (1fr, 1.2fr), gutter: 8pt, ..it.sides.map(side => align(center, side.join(linebreak()))))
  } else if it.look == "center" or it.look == "title" { align(center, par(text(weight: "bold", it.p))) }
  else if it.look == "right" { align(right, par(it.p)) }
  else { par(first-line-indent: (amount: 1cm, all: true), show-text(it)) }
}
"""


def to_pdf(blocks: list[Block], *, running: str = "", landscape: bool = False) -> bytes:
    import typst

    doc = {"blocks": [_sized(block) for block in blocks], "running": running, "landscape": landscape}
    return typst.compile(
        TYPST.encode(), sys_inputs={"doc": json.dumps(doc, ensure_ascii=False)}, format="pdf"
    )


def _sized(block: Block) -> Block:
    if "table" not in block:
        return {"look": "", **block}
    rows = block["table"]
    width = len(rows[0])
    longest = [
        max(min(len(row[i] or ""), 300) if row[i] else 3 for row in rows if None not in row)
        for i in range(width)
    ]
    return {"bare": False, **block, "widths": [max(size, 12) ** 0.5 for size in longest]}


def to_docx(blocks: list[Block], *, running: str = "") -> bytes:
    import docx

    document = docx.Document()
    if running:
        document.sections[0].header.paragraphs[0].text = running
    for block in blocks:
        if "table" in block:
            _word_table(document, block["table"])
        elif "sides" in block:
            table = document.add_table(rows=1, cols=2)
            for cell, lines in zip(table.rows[0].cells, block["sides"], strict=True):
                cell.text = "\n".join(lines)
        else:
            paragraph = document.add_paragraph(block["p"])
            if block.get("look") == "title":
                paragraph.runs[0].bold = True
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _word_table(document: Any, rows: list[list[str | None]]) -> None:
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    table.style = "Table Grid"
    for place, row in enumerate(rows):
        cells = table.rows[place].cells
        start = 0
        while start < len(row):
            end = start + 1
            while end < len(row) and row[end] is None:
                end += 1
            cell = cells[start] if end == start + 1 else cells[start].merge(cells[end - 1])
            cell.text = row[start] or ""
            start = end


def blocks_of_text(text: str) -> list[Block]:
    """Blocks of a text whose paragraphs are lines and whose rows are parted by tabs."""
    out: list[Block] = []
    rows: list[list[str | None]] = []
    for line in [*text.split("\n"), ""]:
        plain = re.sub(r"</?[bi]>|^#+\s*|\*{2,3}", "", line).rstrip()
        cells = [cell.strip() for cell in re.sub(r"</?[bi]>", "", line).split("\t")]
        if len(cells) > 3:
            rows.append([*cells])
            continue
        if plain.strip() and rows:
            out.append({"table": _merged(rows)})
            rows = []
        if plain.strip():
            out.append({"p": plain.strip(), "look": "title" if plain.isupper() else ""})
    if rows:
        out.append({"table": _merged(rows)})
    return out


def _merged(rows: list[list[str | None]]) -> list[list[str | None]]:
    """One table of rows, its repeated heads left out; group rows run over the whole width."""
    width = max(map(len, rows))
    out: list[list[str | None]] = []
    for row in rows:
        row = row + [""] * (width - len(row))
        if out and row == out[0]:
            continue
        if not any(row[2:]):
            row = [row[0], row[1], *[None] * (width - 2)]
        out.append(row)
    return out


def to_text(blocks: list[Block]) -> bytes:
    """The blocks as a text file: a paragraph a line, cells parted by tabs, side by side things one after
    the other."""
    lines: list[str] = []
    for block in blocks:
        if "table" in block:
            lines += ["\t".join((cell or "").replace("\n", " ") for cell in row) for row in block["table"]]
        elif "sides" in block:
            lines += [line for side in block["sides"] for line in side]
        else:
            lines.append(block["p"])
        lines.append("")
    return "\n".join(lines).encode()
