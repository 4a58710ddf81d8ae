/* The grid on a phone: one column at a time, a card for each pupil, a pad of large keys. On a wide screen it does nothing. */
const form = document.getElementById('marks')
const narrow = window.matchMedia('(max-width: 767.98px)')
const chooser = form?.querySelector('[data-columns]')
const pad = document.getElementById('pad')
const all = form ? Array.from(form.querySelectorAll('[data-cell]')) : []
let target = null
let isOwnKeyboard = false

function columnNow () { return chooser.value }

function lay () {
  const only = narrow.matches ? columnNow() : ''
  form.querySelectorAll('[data-of]').forEach((box) => { box.hidden = Boolean(only) && box.dataset.of !== only })
  form.classList.toggle('gb-one', Boolean(only))
  all.forEach((cell) => {
    const hasPad = narrow.matches && cell.dataset.kind !== 'text' && !isOwnKeyboard
    cell.inputMode = hasPad ? 'none' : (cell.dataset.kind === 'score' ? 'decimal' : cell.dataset.kind === 'test' ? 'numeric' : 'text')
  })
  form.querySelectorAll('[data-count-of]').forEach((box) => { box.hidden = box.dataset.countOf !== only })
  if (!narrow.matches) hide()
}

function hide () {
  target = null
  pad.hidden = true
  document.body.classList.remove('gb-has-pad')
}

/* The keys that this cell can take: digits, or its levels. */
function showPad (cell) {
  if (!narrow.matches || isOwnKeyboard || cell.readOnly || cell.dataset.kind === 'text') { hide(); return }
  target = cell
  const levels = cell.dataset.kind === 'level' ? cell.dataset.levels.split('|') : []
  pad.querySelector('[data-digits]').hidden = levels.length > 0
  pad.querySelector('[data-key=","]').disabled = cell.dataset.kind === 'test'
  const absent = pad.querySelector('[data-absent-key]')
  absent.disabled = !cell.dataset.absent
  absent.dataset.key = cell.dataset.absent || ''
  const box = pad.querySelector('[data-levels]')
  box.hidden = levels.length === 0
  box.replaceChildren(...levels.map((level) => {
    const key = document.createElement('button')
    key.type = 'button'
    key.className = 'btn gb-key'
    key.dataset.key = level
    key.dataset.whole = 'yes'
    key.textContent = level
    return key
  }))
  pad.querySelector('[data-who]').textContent = cell.getAttribute('aria-label')
  pad.hidden = false
  document.body.classList.add('gb-has-pad')
  cell.closest('tr').scrollIntoView({ block: 'center' })
}

function next (step) {
  if (!target) return
  const inColumn = all.filter((cell) => cell.dataset.column === target.dataset.column)
  const cell = inColumn[inColumn.indexOf(target) + step]
  if (cell) { cell.focus(); cell.select() } else { target.blur(); hide() }
}

function type (key, isWhole) {
  if (!target) return
  const isSelected = target.selectionStart === 0 && target.selectionEnd === target.value.length
  if (key === 'back') target.value = isSelected ? '' : target.value.slice(0, -1)
  else if (isWhole) target.value = key
  else target.value = (isSelected ? '' : target.value) + key
  target.setSelectionRange(target.value.length, target.value.length)
  target.dispatchEvent(new Event('input', { bubbles: true }))
  if (isWhole) next(1)
}

if (form && chooser && pad) {
  lay()
  narrow.addEventListener('change', lay)
  chooser.addEventListener('change', lay)
  form.addEventListener('gb:column', (event) => {
    if (!narrow.matches || event.detail === columnNow()) return
    chooser.value = event.detail
    lay()
  })
  form.querySelectorAll('[data-step-column]').forEach((one) => one.addEventListener('click', () => {
    const place = chooser.selectedIndex + Number(one.dataset.stepColumn)
    if (place < 0 || place >= chooser.options.length) return
    chooser.selectedIndex = place
    lay()
  }))
  form.addEventListener('focusin', (event) => { if (event.target.matches('[data-cell]')) showPad(event.target) })
  /* A key must not take the focus out of the cell. */
  pad.addEventListener('pointerdown', (event) => { if (event.target.closest('button')) event.preventDefault() })
  pad.addEventListener('click', (event) => {
    const key = event.target.closest('[data-key], [data-go], [data-own], [data-hide]')
    if (!key) return
    if ('go' in key.dataset) next(Number(key.dataset.go))
    else if ('own' in key.dataset) { isOwnKeyboard = true; const cell = target; lay(); hide(); cell?.blur(); cell?.focus() } else if ('hide' in key.dataset) { target?.blur(); hide() } else type(key.dataset.key, 'whole' in key.dataset)
  })
}
