/* The grid of a class: keys, pasting a block, undo, saving in place. Without this script it is a plain form. */
const form = document.getElementById('grid')
const cells = form ? Array.from(form.querySelectorAll('tbody tr')).map((row) => Array.from(row.querySelectorAll('[data-cell]'))) : []
const texts = form ? form.dataset : {}
const state = form?.querySelector('[data-state]')
const undoButton = form?.querySelector('[data-undo]')
const history = []
const before = new Map()

const { fold, atEdge, block } = window.tsCells
const place = (cell) => {
  const row = cells.findIndex((line) => line.includes(cell))
  return [row, row < 0 ? -1 : cells[row].indexOf(cell)]
}
const all = () => cells.flat()
const changed = () => all().filter((cell) => cell.value !== cell.dataset.saved)

function mark (cell) {
  cell.parentElement.classList.toggle('rg-changed', cell.value !== cell.dataset.saved)
}

function say (text) { state.textContent = text }

function count () {
  const number = changed().length
  say(number ? number + ' ' + texts.textChanged : '')
  undoButton.disabled = history.length === 0
}

/* One step of undo: [[cell, value before, value after], ...] */
function remember (step) {
  if (step.length) history.push(step)
  step.forEach(([cell, , after]) => { before.set(cell, after); mark(cell) })
  count()
}

function undo () {
  const step = history.pop()
  if (!step) return
  step.forEach(([cell, old]) => { cell.value = old; before.set(cell, old); mark(cell) })
  step[0][0].focus()
  count()
}

function go (row, column) {
  const line = cells[Math.min(Math.max(row, 0), cells.length - 1)]
  const cell = line[Math.min(Math.max(column, 0), line.length - 1)]
  cell.focus()
  if (cell.select) cell.select()
}

function press (event) {
  const cell = event.target.closest('[data-cell]')
  if (!cell) return
  const [row, column] = place(cell)
  const isSelect = cell.tagName === 'SELECT'
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === 'z') {
    /* While a cell is being typed in, the browser's own undo is nearer. */
    if (cell.value === before.get(cell)) { event.preventDefault(); undo() }
    return
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return
  const moves = {
    ArrowUp: [row - 1, column], ArrowDown: [row + 1, column], ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1],
    Enter: [row + (event.shiftKey ? -1 : 1), column]
  }
  if (event.key === 'Escape') {
    event.preventDefault()
    cell.value = cell.value === before.get(cell) ? cell.dataset.saved : before.get(cell)
    commit(cell)
    if (cell.select) cell.select()
  } else if (moves[event.key]) {
    if (isSelect && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) return
    if (event.key.startsWith('ArrowL') || event.key.startsWith('ArrowR')) { if (!atEdge(cell, event.key)) return }
    event.preventDefault()
    commit(cell)
    go(...moves[event.key])
  }
}

function commit (cell) {
  const old = before.get(cell)
  if (cell.value !== old) remember([[cell, old, cell.value]])
  else mark(cell)
}

/* The value of a pasted text in a cell: of a select by its value or its words, in any writing. */
function fitting (cell, text) {
  if (cell.tagName !== 'SELECT') return text.slice(0, cell.maxLength > 0 ? cell.maxLength : undefined)
  const wanted = fold(text)
  const found = Array.from(cell.options).find((option) => option.value === text.trim() || fold(option.text) === wanted || fold(option.text.split('(')[0]) === wanted)
  return found ? found.value : null
}

function paste (event) {
  const first = event.target.closest('[data-cell]')
  const text = event.clipboardData.getData('text/plain')
  if (!first || !text) return
  const rows = block(text)
  if (rows.length === 1 && rows[0].length === 1 && first.tagName !== 'SELECT') return
  event.preventDefault()
  const [row, column] = place(first)
  const step = []
  rows.forEach((line, down) => line.forEach((value, right) => {
    const cell = cells[row + down]?.[column + right]
    if (!cell) return
    const fits = fitting(cell, value)
    if (fits === null) { wrong(cell, value); return }
    if (fits === cell.value) return
    step.push([cell, cell.value, fits])
    cell.value = fits
  }))
  remember(step)
  const cut = Math.max(0, row + rows.length - cells.length)
  say(step.length + ' ' + texts.textPasted + (cut ? '; ' + cut + ' ' + texts.textCut : ''))
}

function wrong (cell, message) {
  const shown = cell.parentElement.querySelector('[data-error]')
  shown.textContent = message
  if (message) cell.setAttribute('aria-invalid', 'true')
  else cell.removeAttribute('aria-invalid')
}

function answer (row) {
  const line = form.querySelector('[data-row="' + row.id + '"]')
  if (!line) return
  if (row.seen && row.saved) line.querySelector('[data-seen]').value = row.seen
  line.querySelector('[data-row-error]').textContent = row.errors[''] || ''
  line.classList.toggle('rg-row-wrong', Boolean(row.errors['']))
  line.querySelectorAll('[data-cell]').forEach((cell) => {
    wrong(cell, row.errors[cell.name.split('-')[1]] || '')
    if (row.saved) { cell.dataset.saved = cell.value; mark(cell) }
  })
}

async function save (event) {
  event.preventDefault()
  if (document.activeElement?.matches('[data-cell]')) commit(document.activeElement)
  const rows = new Set(changed().map((cell) => cell.closest('tr')))
  if (rows.size === 0) { say(texts.textNone); return }
  const body = new URLSearchParams()
  body.set('csrfmiddlewaretoken', form.querySelector('[name=csrfmiddlewaretoken]').value)
  rows.forEach((row) => {
    row.querySelectorAll('[data-cell]').forEach((cell) => { if (cell.value !== cell.dataset.saved) body.set(cell.name, cell.value) })
    const seen = row.querySelector('[data-seen]')
    body.set(seen.name, seen.value)
  })
  const button = form.querySelector('[type=submit]')
  button.disabled = true
  say(texts.textSaving)
  try {
    const response = await fetch(form.action, { method: 'POST', body, headers: { Accept: 'application/json' }, redirect: 'error' })
    if (!response.ok) throw new Error(String(response.status))
    const said = await response.json()
    said.rows.forEach(answer)
    undoButton.disabled = history.length === 0
    say(said.message)
    form.querySelector('[aria-invalid="true"]')?.focus()
  } catch {
    say(texts.textFailed)
  } finally {
    button.disabled = false
  }
}

if (form) {
  all().forEach((cell) => { before.set(cell, cell.value); mark(cell) })
  form.addEventListener('keydown', press)
  form.addEventListener('paste', paste)
  form.addEventListener('change', (event) => { if (event.target.matches('[data-cell]')) commit(event.target) })
  form.addEventListener('input', (event) => { if (event.target.matches('[data-cell]')) { wrong(event.target, ''); mark(event.target) } })
  form.addEventListener('submit', save)
  undoButton.addEventListener('click', undo)
  window.addEventListener('beforeunload', (event) => {
    if (changed().length === 0) return
    event.preventDefault()
    event.returnValue = texts.textUnsaved
  })
}
