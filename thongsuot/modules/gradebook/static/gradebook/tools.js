/* Beside the grid: the history of a cell, the bank of phrases (a dialog with a piece of page from the server), filling empty cells. */
const form = document.getElementById('marks')
const historyBox = document.getElementById('cell-history')
const phraseBox = document.getElementById('phrases')
const fillBox = document.getElementById('fill')
let aim = null

const cellNow = () => Array.from(form.querySelectorAll('[data-cell]')).find((cell) => cell.dataset.key === form.dataset.now)

async function fill (dialog, address) {
  const body = dialog.querySelector('[data-body]')
  body.textContent = form.dataset.textLoading
  dialog.showModal()
  try {
    const response = await fetch(address, { headers: { 'X-Background': '1' }, redirect: 'manual' })
    if (!response.ok) throw new Error(String(response.status))
    body.innerHTML = await response.text()
    window.htmx?.process(body)
  } catch {
    body.textContent = form.dataset.textUnread
  }
}

function openHistory (cell) {
  if (!cell) return
  const [student, column] = cell.dataset.key.split('|')
  historyBox.querySelector('[data-title]').textContent = cell.getAttribute('aria-label')
  fill(historyBox, form.dataset.history + '?' + new URLSearchParams({ em: student, cot: column }))
}

function openPhrases (cell) {
  if (!cell || cell.dataset.kind !== 'text' || cell.readOnly) return
  aim = cell
  phraseBox.querySelector('[data-title]').textContent = cell.getAttribute('aria-label')
  const row = cell.closest('tr')
  fill(phraseBox, form.dataset.phrases + '?' + new URLSearchParams({ em: row.dataset.row, cot: cell.dataset.column }))
}

/* -- one level into every empty cell of a column: most of a class has the same ------------------------------------- */
const emptyCells = (column) => Array.from(form.querySelectorAll('[data-cell][data-kind="level"]')).filter((cell) => cell.value.trim() === '' && !cell.readOnly && (!column || cell.dataset.column === column))

function drawFill () {
  const chooser = fillBox.querySelector('[data-fill-column]')
  const empty = emptyCells(chooser.value)
  const options = Array.from(chooser.options).filter((one) => one.value && (!chooser.value || one.value === chooser.value))
  const levels = options.map((one) => one.dataset.levels.split('|')).reduce((all, some) => all.filter((level) => some.includes(level)))
  fillBox.querySelector('[data-empty]').textContent = empty.length
  fillBox.querySelector('[data-fill-levels]').replaceChildren(...levels.map((level) => {
    const key = document.createElement('button')
    key.type = 'button'
    key.className = 'btn gb-key'
    key.textContent = level
    key.disabled = empty.length === 0
    key.addEventListener('click', () => {
      fillBox.close()
      form.dispatchEvent(new CustomEvent('gb:fill', { detail: empty.map((cell) => [cell, level]) }))
    })
    return key
  }))
}

function openFill () {
  const chooser = fillBox.querySelector('[data-fill-column]')
  const columns = Array.from(chooser.options).map((one) => one.value)
  const onPhone = form.classList.contains('gb-one') ? form.querySelector('[data-columns]').value : ''
  const wanted = [onPhone, cellNow()?.dataset.column].find((one) => one && columns.includes(one))
  chooser.value = wanted || columns[1]
  chooser.querySelector('option[value=""]').hidden = columns.length < 3
  drawFill()
  fillBox.showModal()
}

if (form) {
  if (fillBox) {
    form.querySelector('[data-fill-open]').addEventListener('click', openFill)
    fillBox.querySelector('[data-fill-column]').addEventListener('change', drawFill)
  }
  form.addEventListener('gb:history', (event) => openHistory(event.detail))
  form.addEventListener('gb:phrases', (event) => openPhrases(event.detail))
  form.addEventListener('click', (event) => {
    if (event.target.closest('[data-history-now]')) openHistory(cellNow())
    const opener = event.target.closest('[data-phrases-for]')
    if (opener) openPhrases(opener.closest('td').querySelector('[data-cell]'))
  })
  /* The cell in which one is stays chosen while the button is pressed. */
  form.querySelectorAll('[data-history-now]').forEach((one) => one.addEventListener('pointerdown', (event) => event.preventDefault()))
  phraseBox?.addEventListener('click', (event) => {
    const phrase = event.target.closest('[data-phrase]')
    if (!phrase || !aim) return
    const sofar = aim.value.trim()
    form.dispatchEvent(new CustomEvent('gb:put', { detail: { cell: aim, text: sofar ? sofar.replace(/[.;,]?$/, '. ') + phrase.dataset.phrase : phrase.dataset.phrase } }))
    phraseBox.close()
    aim.focus()
  })
  phraseBox?.addEventListener('input', (event) => {
    if (!event.target.matches('[data-find]')) return
    const wanted = window.tsCells.fold(event.target.value)
    phraseBox.querySelectorAll('[data-phrase]').forEach((one) => { one.hidden = !window.tsCells.fold(one.textContent).includes(wanted) })
  })
}
