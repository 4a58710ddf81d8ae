/* The grid of marks: keys, pasting a block, undo, saving by itself. What has not reached the server is kept by unsent.js.
   Without this script the page is a plain form of plain inputs. */
const form = document.getElementById('marks')
const texts = form ? form.dataset : {}
const cells = form ? Array.from(form.querySelectorAll('tbody tr[data-row]')).map((row) => Array.from(row.querySelectorAll('[data-cell]'))) : []
const byKey = new Map(cells.flat().map((cell) => [cell.dataset.key, cell]))
const isLocked = Boolean(form) && 'locked' in texts
const history = []
const before = new Map()
const stateBox = form?.querySelector('[data-state]')
const undoButton = form?.querySelector('[data-undo]')
const faultButton = form?.querySelector('[data-next-fault]')
const panel = document.getElementById('clashes')
const POLL = 20000
let kept = null

/* -- values: what is typed, what is kept, what is shown ---------------------------------------------- */
const isNumber = (cell) => cell.dataset.kind === 'score' || cell.dataset.kind === 'test'
const isTenths = (text) => /^[1-9]\d$/.test(text) && Number(text) > 10
/* Only where the person has asked for it, and never of a pasted block: a list of marks out of a hundred is a mistake. */
const isQuick = (cell) => form.dataset.quick === 'yes' && cell.dataset.kind === 'score' && !('pasted' in cell.dataset)
function shown (cell, value) {
  if (cell.dataset.kind === 'exempt') return value === '1' ? 'x' : value
  return isNumber(cell) ? value.replace(/\.0$/, '').replace('.', ',') : value
}

/* { value } as the server keeps it, or { fault }. On request 75 is read as 7,5: the quick way to type a mark. */
function valueOf (cell) {
  const text = cell.value.normalize('NFC').trim()
  if (text === '') return { value: '' }
  if (cell.dataset.kind === 'text') return { value: text.replace(/\s+/g, ' ') }
  if (cell.dataset.absent && ['v', 'vang'].includes(window.tsCells.fold(text))) return { value: cell.dataset.absent }
  if (cell.dataset.kind === 'level') return levelOf(cell, text)
  if (cell.dataset.kind === 'exempt') return ['x', 'm', '1', 'mien'].includes(window.tsCells.fold(text)) ? { value: '1' } : { fault: texts.textLevels + ' x' }
  if (cell.dataset.kind === 'count') return /^\d{1,3}$/.test(text) && Number(text) <= 366 ? { value: String(Number(text)) } : { fault: texts.textCount }
  const plain = text.replace(',', '.')
  if (!/^\d{1,3}(\.\d+)?$/.test(plain)) return { fault: texts.textNotMark }
  let number = Number(plain)
  const isWhole = cell.dataset.kind === 'test'
  if (!isWhole && isTenths(plain)) {
    if (!isQuick(cell)) return { fault: 'pasted' in cell.dataset || !texts.textQuickOff ? texts.textRange : texts.textQuickOff }
    number /= 10
  }
  if (number > 10) return { fault: texts.textRange }
  if (isWhole && !Number.isInteger(number)) return { fault: texts.textWhole }
  if (Math.abs(number * 10 - Math.round(number * 10)) > 1e-9) return { fault: texts.textDecimals }
  return { value: isWhole ? String(number) : number.toFixed(1) }
}

function levelOf (cell, text) {
  const known = cell.dataset.levels.split('|')
  const typed = window.tsCells.fold(text)
  const quick = known.includes('CĐ') ? { d: 'Đ', dat: 'Đ', '+': 'Đ', 1: 'Đ', c: 'CĐ', cd: 'CĐ', 'chua dat': 'CĐ', '-': 'CĐ', 0: 'CĐ' } : {}
  const found = quick[typed] || known.find((level) => window.tsCells.fold(level) === typed) || known.find((level) => level.toLowerCase() === text.toLowerCase())
  return found ? { value: found } : { fault: texts.textLevels + ' ' + known.join(', ') }
}

/* -- how a cell looks -------------------------------------------------------------------------------- */
function dress (cell) {
  const one = kept?.get(cell.dataset.key)
  const box = cell.closest('td')
  box.classList.toggle('gb-waiting', Boolean(one) && !one.conflict && !one.fault)
  box.classList.toggle('gb-clash', Boolean(one?.conflict))
  const fault = cell.dataset.fault || one?.fault || ''
  box.querySelector('[data-error]').textContent = fault
  if (fault || one?.conflict) cell.setAttribute('aria-invalid', 'true')
  else cell.removeAttribute('aria-invalid')
  if (cell.dataset.kind === 'text') cell.title = cell.value
  if (!tellsFaults) { tellsFaults = true; requestAnimationFrame(tellFaults) }
}

/* Once for a whole block: whether there is a wrong cell to go to. What is wrong stands beside the cell itself. */
let tellsFaults = false
const wrong = () => cells.flat().filter((cell) => cell.dataset.fault || kept?.get(cell.dataset.key)?.fault)
function tellFaults () {
  tellsFaults = false
  faultButton.hidden = wrong().length === 0
}

function nextFault () {
  const all = wrong()
  const here = all.findIndex((cell) => cell.dataset.key === form.dataset.now)
  const cell = all[(here + 1) % all.length]
  if (!cell) return
  form.dispatchEvent(new CustomEvent('gb:column', { detail: cell.dataset.column }))
  cell.focus()
  cell.select()
}

/* What is understood of what is being typed, before it is saved. */
function echo (cell) {
  const box = cell.closest('td')
  const text = cell.value.trim()
  if (!isQuick(cell) || !isTenths(text)) { delete box.dataset.echo; return }
  const value = shown(cell, valueOf(cell).value)
  box.dataset.echo = '= ' + value
  say(text + ' ' + texts.textReadAs + ' ' + value, 'info')
}

function say (text, tone) {
  stateBox.textContent = text
  stateBox.dataset.tone = tone
}

function onState (state, count, text) {
  const number = count + ' ' + texts.textCells
  const faults = form.querySelectorAll('[aria-invalid="true"]').length
  const isWrong = faults && ['idle', 'saved', 'held'].includes(state) && !Object.values(kept.all()).some((one) => one.conflict)
  const said = {
    idle: [texts.textIdle, 'ok'],
    saved: [texts.textSaved + ' ' + new Date().toLocaleTimeString('vi-VN', { hour: '2-digit', minute: '2-digit' }), 'ok'],
    saving: [texts.textSaving, 'info'],
    offline: [texts.textOffline + ' ' + number, 'warn'],
    memory: [texts.textMemory + ' ' + number, 'bad'],
    failed: [texts.textFailed + ' ' + number, 'warn'],
    signin: [texts.textSignin + ' ' + number, 'bad'],
    refused: [(text || texts.textRefused) + ' ' + number, 'bad'],
    held: [texts.textHeld + ' ' + number, 'bad']
  }[state]
  say(...(isWrong ? [texts.textWrong + ' ' + faults, 'bad'] : said))
}

/* -- keeping and undoing ------------------------------------------------------------------------------ */
function keep (cell) {
  const found = valueOf(cell)
  if (found.fault) {
    cell.dataset.fault = found.fault
    if (!isLocked) kept.hold(cell.dataset.key, cell.dataset.saved, cell.value, found.fault)
  } else { delete cell.dataset.fault; kept.put(cell.dataset.key, cell.dataset.saved, found.value) }
  return !found.fault
}

function commit (cell, isStep = true) {
  const old = before.get(cell)
  const found = valueOf(cell)
  delete cell.closest('td').dataset.echo
  if (!found.fault) cell.value = shown(cell, found.value)
  if (cell.value === old && !cell.dataset.fault) { dress(cell); return }
  if (keep(cell)) kept.soon(400)
  if (isStep && cell.value !== old) history.push([[cell, old, cell.value]])
  before.set(cell, cell.value)
  undoButton.disabled = history.length === 0
  dress(cell)
  if (fromBefore.has(cell.dataset.key)) drawHeld()
  if (found.fault) onState('idle')
}

function undo () {
  const step = history.pop()
  if (!step) return
  step.forEach(([cell, old]) => { cell.value = old; commit(cell, false) })
  step[0][0].focus()
  undoButton.disabled = history.length === 0
}

/* A value that came from the server: into the cell, unless the person has typed there. */
function take (cell, value) {
  if (cell.dataset.saved !== value) kept.know(cell.dataset.key, value)
  const wasClean = !kept.get(cell.dataset.key) && !cell.dataset.fault && (cell !== document.activeElement || cell.value === before.get(cell))
  cell.dataset.saved = value
  if (wasClean && cell.value !== shown(cell, value)) {
    cell.value = shown(cell, value)
    before.set(cell, cell.value)
    cell.closest('td').classList.add('gb-fresh')
    setTimeout(() => cell.closest('td').classList.remove('gb-fresh'), 4000)
  }
  dress(cell)
}

/* -- keys ----------------------------------------------------------------------------------------------- */
const place = (cell) => {
  const row = cells.findIndex((line) => line.includes(cell))
  return [row, row < 0 ? -1 : cells[row].indexOf(cell)]
}

function go (row, column) {
  const line = cells[Math.min(Math.max(row, 0), cells.length - 1)]
  const cell = line[Math.min(Math.max(column, 0), line.length - 1)]
  if (!cell) return
  cell.focus()
  cell.select()
}

function press (event) {
  const cell = event.target.closest('[data-cell]')
  if (!cell) return
  const [row, column] = place(cell)
  const isCommand = event.ctrlKey || event.metaKey
  if (isCommand && !event.shiftKey && event.key.toLowerCase() === 'z') {
    /* While a cell is being typed in, the browser's own undo is nearer. */
    if (cell.value === before.get(cell)) { event.preventDefault(); undo() }
    return
  }
  if (event.altKey && event.key.toLowerCase() === 'h') { event.preventDefault(); form.dispatchEvent(new CustomEvent('gb:history', { detail: cell })); return }
  if (event.altKey && event.key.toLowerCase() === 'n' && cell.dataset.kind === 'text') { event.preventDefault(); form.dispatchEvent(new CustomEvent('gb:phrases', { detail: cell })); return }
  if (isCommand || event.altKey) return
  const moves = {
    ArrowUp: [row - 1, column], ArrowDown: [row + 1, column], ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1],
    Enter: [row + (event.shiftKey ? -1 : 1), column]
  }
  if (event.key === 'Escape') {
    event.preventDefault()
    /* A second Escape in a cell that was left wrong takes what the server has. */
    cell.value = cell.dataset.fault && cell.value === before.get(cell) ? shown(cell, cell.dataset.saved) : before.get(cell)
    commit(cell)
    cell.select()
  } else if (moves[event.key]) {
    if (event.key.startsWith('Arrow') && !['ArrowUp', 'ArrowDown'].includes(event.key) && !window.tsCells.atEdge(cell, event.key)) return
    event.preventDefault()
    commit(cell)
    go(...moves[event.key])
  }
}

function paste (event) {
  const first = event.target.closest('[data-cell]')
  const text = event.clipboardData.getData('text/plain')
  if (!first || !text || first.readOnly) return
  const rows = window.tsCells.block(text)
  if (rows.length === 1 && rows[0].length === 1) return
  event.preventDefault()
  const [row, column] = place(first)
  const step = []
  rows.forEach((line, down) => line.forEach((value, right) => {
    const cell = cells[row + down]?.[column + right]
    if (!cell || cell.readOnly || cell.value === value) return
    step.push([cell, before.get(cell), value])
    cell.value = value
    cell.dataset.pasted = 'yes'
    commit(cell, false)
  }))
  if (step.length) history.push(step)
  undoButton.disabled = history.length === 0
  const cut = Math.max(0, row + rows.length - cells.length)
  say(step.length + ' ' + texts.textPasted + (cut ? '; ' + cut + ' ' + texts.textCut : ''), cut ? 'warn' : 'info')
}

/* Many cells at once, taken back at once: [[cell, text]]. */
function putAll (pairs) {
  if (pairs.length === 0) return
  const step = pairs.map(([cell, text]) => [cell, before.get(cell), text])
  pairs.forEach(([cell, text]) => { cell.value = text; commit(cell, false) })
  history.push(step)
  undoButton.disabled = false
}

/* -- two people in one grid ------------------------------------------------------------------------------ */
function drawClashes () {
  const clashes = Object.entries(kept.all()).filter(([, one]) => one.conflict)
  const gone = Object.entries(kept.all()).filter(([key]) => !byKey.has(key))
  drawHeld()
  panel.hidden = clashes.length + gone.length === 0
  const list = panel.querySelector('[data-list]')
  list.replaceChildren(...clashes.filter(([key]) => byKey.has(key)).map(([key, one]) => clashLine(byKey.get(key), one)), ...gone.map(([key, one]) => goneLine(key, one)))
  panel.querySelector('[data-all]').hidden = clashes.length < 2
}

function button (text, act, css = 'btn btn-sm') {
  const made = document.createElement('button')
  made.type = 'button'
  made.className = css
  made.textContent = text
  made.addEventListener('click', act)
  return made
}

function clashLine (cell, one) {
  const line = document.createElement('li')
  const what = document.createElement('span')
  const value = (text) => shown(cell, text) || texts.textEmpty
  const who = [one.conflict.by, one.conflict.at].filter(Boolean).join(', ')
  what.textContent = cell.getAttribute('aria-label') + ': ' + texts.textMine + ' ' + value(one.new) + '; ' + texts.textTheirs + ' ' + value(one.conflict.stored) + (who ? ' (' + who + ')' : '')
  line.append(what, button(texts.textKeepMine, () => settle(cell, true)), button(texts.textTakeTheirs, () => settle(cell, false)))
  return line
}

/* What was typed wrong in an earlier visit and is kept: said with its reason, one click from its cell, one from being
   dropped. What is typed wrong now stands in its cell; rows do not jump for it. */
const fromBefore = new Set()
function drawHeld () {
  const box = document.getElementById('held')
  const wrongs = Object.entries(kept.all()).filter(([key, one]) => one.held && fromBefore.has(key))
  /* Not drawn again when nothing is new: a button that is being pressed would go from under the finger. */
  const sign = JSON.stringify(wrongs)
  if (box.dataset.sign === sign) return
  box.dataset.sign = sign
  box.hidden = wrongs.length === 0
  box.querySelector('[data-list]').replaceChildren(...wrongs.map(([key, one]) => heldLine(byKey.get(key), one)))
}

function heldLine (cell, one) {
  const line = document.createElement('li')
  const what = document.createElement('span')
  what.textContent = cell.getAttribute('aria-label') + ': “' + one.new + '”. ' + one.fault
  line.append(what, button(texts.textGoThere, () => { form.dispatchEvent(new CustomEvent('gb:column', { detail: cell.dataset.column })); go(...place(cell)) }), button(texts.textDrop, () => letGo(cell)))
  return line
}

function letGo (cell) {
  kept.drop(cell.dataset.key)
  delete cell.dataset.fault
  cell.value = shown(cell, cell.dataset.saved)
  before.set(cell, cell.value)
  dress(cell)
  drawHeld()
  onState(kept.count() ? 'held' : 'idle', kept.count())
}

/* A pupil who has left the class, a column that is gone: said, never dropped in silence. */
function goneLine (key, one) {
  const line = document.createElement('li')
  const what = document.createElement('span')
  what.textContent = texts.textGone + ' ' + key.split('|')[1] + ': ' + one.new
  line.append(what, button(texts.textDrop, () => { kept.drop(key); drawClashes() }))
  return line
}

function settle (cell, isMine) {
  const key = cell.dataset.key
  const one = kept.get(key)
  if (!one?.conflict) return
  cell.dataset.saved = one.conflict.stored
  if (isMine) kept.rebase(key, one.conflict.stored)
  else {
    kept.drop(key)
    cell.value = shown(cell, cell.dataset.saved)
    before.set(cell, cell.value)
  }
  dress(cell)
  drawClashes()
  kept.soon(0)
  cell.focus()
}

/* 75 for 7,5: kept for the person. A machine without a line has it until the page is left. */
async function choose (event) {
  const isOn = event.target.checked
  form.dataset.quick = isOn ? 'yes' : ''
  const body = new URLSearchParams({ bat: isOn ? '1' : '', csrfmiddlewaretoken: form.querySelector('[name=csrfmiddlewaretoken]').value })
  try {
    const response = await fetch(event.target.dataset.quickSwitch, { method: 'POST', body, headers: { Accept: 'application/json' }, redirect: 'manual' })
    if (!response.ok) throw new Error(String(response.status))
    say(isOn ? texts.textQuickOn : texts.textQuickGone, 'info')
  } catch { say(texts.textUnread, 'warn') }
}

async function poll () {
  if (document.hidden || !navigator.onLine || isLocked) return
  try {
    const response = await fetch(texts.poll, { headers: { Accept: 'application/json', 'X-Background': '1' }, redirect: 'manual' })
    if (!response.ok) return
    const found = await response.json()
    Object.entries(found.cells).forEach(([key, value]) => { if (byKey.has(key)) take(byKey.get(key), value) })
    show(found)
  } catch { /* the next time */ }
}

/* Averages and remarks on the whole, as the server computes them. */
function show (answer) {
  Object.entries(answer.averages || {}).forEach(([student, text]) => {
    const box = form.querySelector('[data-average="' + student + '"]')
    if (box) box.textContent = text
  })
  if (answer.checks) drawChecks(answer.checks)
}

function drawChecks (checks) {
  const box = document.getElementById('checks')
  if (!box) return
  box.querySelector('[data-count]').textContent = checks.length
  box.querySelector('[data-none]').hidden = checks.length > 0
  box.querySelector('[data-list]').replaceChildren(...checks.map((one) => {
    const line = document.createElement('li')
    line.dataset.tone = one.tone
    const cell = byKey.get(one.key)
    if (cell) line.append(button(one.text, () => { form.dispatchEvent(new CustomEvent('gb:column', { detail: cell.dataset.column })); cell.focus() }, 'gb-link'))
    else line.textContent = one.text
    return line
  }))
}

/* -- the start ---------------------------------------------------------------------------------------------- */
function begin () {
  kept = window.tsUnsent.queue({
    place: texts.unsentPlace,
    title: texts.title,
    url: texts.url,
    why: () => form.querySelector('[data-why]')?.value.trim() || '',
    onState,
    onSaved (key, value, left) {
      const cell = byKey.get(key)
      if (!cell) return
      cell.dataset.saved = value
      if (!left && cell !== document.activeElement && !cell.dataset.fault) { cell.value = shown(cell, value); before.set(cell, cell.value) }
      dress(cell)
    },
    onConflict (key) { if (byKey.has(key)) dress(byKey.get(key)) },
    onFault (key) { if (byKey.has(key)) dress(byKey.get(key)) },
    onAnswer (answer) { show(answer); drawClashes() }
  })
  /* A copy from the device is older than what has been saved since. */
  kept.known().forEach(([key, value]) => {
    const cell = byKey.get(key)
    if (cell) { cell.dataset.saved = value; cell.value = shown(cell, value) }
  })
  cells.flat().forEach((cell) => before.set(cell, cell.value))
  /* What was left unsent the last time stands in its cell again. */
  Object.entries(kept.all()).forEach(([key, one]) => {
    const cell = byKey.get(key)
    if (!cell) return
    if (cell.dataset.saved === one.new && !one.held) { kept.drop(key); return }
    cell.value = one.held ? one.new : shown(cell, one.new)
    if (one.held) { cell.dataset.fault = one.fault; fromBefore.add(key) }
    before.set(cell, cell.value)
    dress(cell)
  })
  drawClashes()
  form.addEventListener('keydown', press)
  form.addEventListener('paste', paste)
  /* Each letter is kept, a finished cell is sent: a phone that dies in the middle of a mark loses nothing. */
  form.addEventListener('input', (event) => {
    const cell = event.target
    if (!cell.matches('[data-cell]')) return
    delete cell.dataset.pasted
    if (keep(cell)) kept.soon(6000)
    dress(cell)
    echo(cell)
  })
  form.addEventListener('focusout', (event) => { if (event.target.matches('[data-cell]')) commit(event.target) })
  form.addEventListener('focusin', (event) => {
    if (!event.target.matches('[data-cell]')) return
    form.dataset.now = event.target.dataset.key
    form.classList.toggle('gb-filled', Boolean(event.target.dataset.saved))
  })
  /* The first click chooses the whole mark, so that typing replaces it (97,5 for a 9 made 7,5); the second puts the caret in. */
  form.addEventListener('mousedown', (event) => {
    const cell = event.target
    if (!cell.matches('[data-cell]') || cell.dataset.kind === 'text' || cell === document.activeElement) return
    event.preventDefault()
    cell.focus()
    cell.select()
  })
  form.addEventListener('submit', (event) => { event.preventDefault(); if (document.activeElement?.matches('[data-cell]')) commit(document.activeElement); kept.flush() })
  window.addEventListener('pagehide', () => { if (document.activeElement?.matches('[data-cell]')) commit(document.activeElement) })
  undoButton.addEventListener('click', undo)
  faultButton.addEventListener('click', nextFault)
  form.addEventListener('gb:fill', (event) => putAll(event.detail))
  form.classList.add('gb-live')
  form.querySelector('[data-quick-switch]')?.addEventListener('change', choose)
  panel.querySelectorAll('[data-all] button').forEach((one) => one.addEventListener('click', () => {
    Object.keys(kept.all()).forEach((key) => { if (byKey.has(key)) settle(byKey.get(key), one.dataset.choice === 'mine') })
  }))
  form.addEventListener('gb:put', (event) => { const { cell, text } = event.detail; cell.value = text; commit(cell) })
  if (isLocked && kept.count() === 0) say('', 'quiet')
  else kept.flush()
  setInterval(poll, POLL)
  document.addEventListener('visibilitychange', poll)
}
if (form) begin()
