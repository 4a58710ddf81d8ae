/* Attendance: one tap marks a pupil absent, the next changes it to with leave, the third takes it back. Kept by unsent.js
   until the server has it. Without this script the page is a form with choices and a button. */
const form = document.getElementById('attendance')
const texts = form ? form.dataset : {}
const ORDER = ['', 'K', 'P']

function draw (row, value, isWaiting) {
  row.dataset.value = value
  row.classList.toggle('gb-waiting', isWaiting)
  const words = { '': texts.textPresent, K: texts.textAbsent, P: texts.textExcused }[value]
  row.querySelector('[data-word]').textContent = words
  row.querySelectorAll('input[type=radio]').forEach((one) => { one.checked = one.value === value })
  row.querySelector('[data-tap]').setAttribute('aria-label', row.dataset.name + ': ' + words)
}

function count () {
  const rows = Array.from(form.querySelectorAll('[data-row]'))
  const absent = rows.filter((row) => row.dataset.value)
  form.querySelector('[data-absent-count]').textContent = absent.length
  form.querySelector('[data-present-count]').textContent = rows.length - absent.length
}

function begin () {
  const state = form.querySelector('[data-state]')
  const rows = new Map(Array.from(form.querySelectorAll('[data-row]')).map((row) => [row.dataset.key, row]))
  const kept = window.tsUnsent.queue({
    place: texts.unsentPlace,
    title: texts.title,
    url: texts.url,
    onState (name, number, text) {
      const waiting = number + ' ' + texts.textPupils
      const said = {
        idle: ['', 'ok'], saved: [texts.textSaved, 'ok'], saving: [texts.textSaving, 'info'],
        offline: [texts.textOffline + ' ' + waiting, 'warn'], memory: [texts.textMemory + ' ' + waiting, 'bad'],
        failed: [texts.textOffline + ' ' + waiting, 'warn'], signin: [texts.textSignin + ' ' + waiting, 'bad'],
        refused: [text || texts.textRefused, 'bad'], held: [texts.textHeld + ' ' + waiting, 'bad']
      }[name]
      state.textContent = said[0]
      state.dataset.tone = said[1]
    },
    onSaved (key, value, left) {
      form.dataset.roll = key === texts.rollKey ? value : '1'
      if (!left) drawRoll(rollNow())
      const row = rows.get(key)
      if (!row) return
      row.dataset.saved = value
      if (!left) draw(row, value, false)
    },
    /* Somebody else has marked this pupil meanwhile: what stands is shown, the own tap is taken back and said. */
    onConflict (key, one) {
      const row = rows.get(key)
      if (!row) return
      row.dataset.saved = one.conflict.stored
      kept.drop(key)
      draw(row, one.conflict.stored, false)
      row.querySelector('[data-note]').textContent = texts.textOther + ' ' + [one.conflict.by, one.conflict.at].filter(Boolean).join(', ')
      count()
    },
    onFault (key) {
      if (key === texts.rollKey) {
        const reason = kept.get(key)?.fault || ''
        kept.drop(key)
        drawRoll(true)
        called.textContent = reason
        called.dataset.tone = 'bad'
        return
      }
      const row = rows.get(key)
      if (row) row.querySelector('[data-note]').textContent = kept.get(key)?.fault || ''
    }
  })
  /* That the roll was called is kept and sent like a pupil's cell; whoever marks somebody absent has called it. */
  const call = form.querySelector('[data-call]')
  const uncall = form.querySelector('[data-uncall]')
  const called = document.querySelector('[data-called]')
  function drawRoll (isCalled) {
    call.hidden = isCalled
    uncall.hidden = !isCalled || Array.from(rows.values()).some((row) => row.dataset.value)
    called.textContent = isCalled ? texts.textCalled : texts.textNotCalled
    called.dataset.tone = isCalled ? 'ok' : 'warn'
  }
  function setRoll (value) {
    kept.put(texts.rollKey, texts.roll, value)
    drawRoll(value === '1')
    kept.soon(0)
  }
  const rollNow = () => (kept.get(texts.rollKey)?.new ?? texts.roll) === '1'
  call.addEventListener('click', () => setRoll('1'))
  uncall.addEventListener('click', (event) => { event.preventDefault(); setRoll('') })
  kept.known().forEach(([key, value]) => { if (rows.has(key)) rows.get(key).dataset.saved = value })
  rows.forEach((row, key) => {
    const one = kept.get(key)
    draw(row, one ? one.new : row.dataset.saved, Boolean(one))
    row.querySelector('[data-tap]').addEventListener('click', () => {
      const value = ORDER[(ORDER.indexOf(row.dataset.value) + 1) % ORDER.length]
      kept.put(key, row.dataset.saved, value)
      row.querySelector('[data-note]').textContent = ''
      draw(row, value, Boolean(kept.get(key)))
      count()
      drawRoll(rollNow() || Boolean(value))
      kept.soon(700)
    })
  })
  count()
  drawRoll(rollNow())
  form.classList.add('gb-taps')
  form.addEventListener('submit', (event) => { event.preventDefault(); kept.flush() })
  kept.flush()
}
if (form && form.dataset.url) begin()
