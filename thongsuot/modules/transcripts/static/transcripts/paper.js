/* The table of subjects of a paper transcript: Enter and arrows go up and down a column, a block of a spreadsheet is pasted from
   the cell on. */
const COLUMNS = ['name', 'level', 'mark', 'remark']

function rowsOf (cell) {
  return [...cell.closest('[data-paper-rows]').tBodies[0].rows]
}

function at (row, column) {
  return row?.querySelector(`[data-cell="${column}"]`)
}

document.addEventListener('keydown', (event) => {
  const cell = event.target.closest('[data-paper-rows] [data-cell]')
  const step = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (!cell || !step || event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return
  /* In the list of levels the arrows choose. */
  if (event.key !== 'Enter' && cell.hasAttribute('list')) return
  event.preventDefault()
  const rows = rowsOf(cell)
  const next = at(rows[rows.indexOf(cell.closest('tr')) + step], cell.dataset.cell)
  if (next) { next.focus(); next.select() }
})

document.addEventListener('paste', (event) => {
  const cell = event.target.closest('[data-paper-rows] [data-cell]')
  if (!cell) return
  const lines = window.tsCells.block(event.clipboardData.getData('text/plain'))
  if (lines.length < 2 && (lines[0]?.length || 0) < 2) return
  event.preventDefault()
  const rows = rowsOf(cell)
  const top = rows.indexOf(cell.closest('tr'))
  const left = COLUMNS.indexOf(cell.dataset.cell)
  lines.forEach((line, down) => line.forEach((text, right) => {
    const target = at(rows[top + down], COLUMNS[left + right])
    if (!target) return
    target.value = text
    target.dispatchEvent(new Event('input', { bubbles: true }))
  }))
})
