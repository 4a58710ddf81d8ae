/* Beside the grid: the history of a cell, the bank of phrases. Both open a dialog with a piece of page from the server. */
const form = document.getElementById('marks')
const historyBox = document.getElementById('cell-history')
const phraseBox = document.getElementById('phrases')
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

if (form) {
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
