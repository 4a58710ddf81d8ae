/* What every grid of cells shares: reading a block that was copied from a spreadsheet, comparing words, leaving a text only
   from its end. Loaded before the grid's own script. */
function fold (text) {
  return text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').replace(/[đĐ]/g, 'd').toLowerCase().trim()
}

/* An arrow leaves a text only from its end, so that one can still move inside it. */
function atEdge (cell, key) {
  if (cell.tagName === 'SELECT') return true
  const whole = cell.selectionStart === 0 && cell.selectionEnd === cell.value.length
  if (key === 'ArrowLeft') return whole || (cell.selectionStart === 0 && cell.selectionEnd === 0)
  return whole || (cell.selectionStart === cell.value.length)
}

/* Rows and columns of a copied block; a cell in quotes may hold line breaks. */
function block (text) {
  const rows = [[]]
  let cell = ''
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]
    if (quoted) {
      if (sign !== '"') cell += sign
      else if (text[at + 1] === '"') { cell += '"'; at++ } else quoted = false
    } else if (sign === '"' && cell === '') quoted = true
    else if (sign === '\t') { rows.at(-1).push(cell); cell = '' } else if (sign === '\n') { rows.at(-1).push(cell); cell = ''; rows.push([]) } else if (sign !== '\r') cell += sign
  }
  if (cell !== '' || rows.at(-1).length) rows.at(-1).push(cell)
  if (rows.at(-1).length === 0) rows.pop()
  return rows.map((row) => row.map((one) => one.replace(/\s+/g, ' ').trim()))
}

window.tsCells = { fold, atEdge, block }
