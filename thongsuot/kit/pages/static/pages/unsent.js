/* What was typed and has not reached the server yet: kept in this browser for the account that typed it, sent again until
   the server has it, then forgotten. Signing out clears it. A change is { old, new }: the server takes it only where `old`
   still stands, so that sending twice does no harm and nobody is overwritten.

   window.tsUnsent.queue({ place, title, url, onSaved, onConflict, onFault, onState, onAnswer, why }) gives a queue of one
   page; `place` is the address of the page, `url` where the changes are posted:
   { changes: [{ key, old, new }], why } is answered by { saved: [{ key, value }], conflicts: [{ key, stored, by, at }],
   faults: [{ key, reason }], ... }, or 409 { refused }.

   A page that was opened from the device's copy (worker.js) is older than what has been saved since: those values are kept
   beside it as "known" until the page comes from the server again. */
const PREFIX = 'ts-unsent:'
const KNOWN = 'ts-known:'
const MOST = 300
const WAITS = [2000, 4000, 8000, 15000, 30000]
const TIMEOUT = 20000
const words = document.body.dataset
const account = words.account || ''
const memory = new Map()
let isStored = true

const nameOf = (place) => PREFIX + account + ':' + place
const namesOf = (prefix) => Object.keys(localStorage).filter((name) => name.startsWith(prefix + account + ':'))

function read (place) {
  try {
    const found = localStorage.getItem(nameOf(place))
    if (found) return JSON.parse(found)
  } catch { isStored = false }
  return memory.get(place) || { title: '', url: '', cells: {} }
}

function write (place, kept) {
  const isEmpty = Object.keys(kept.cells).length === 0
  if (isEmpty) memory.delete(place)
  else memory.set(place, kept)
  try {
    if (isEmpty) localStorage.removeItem(nameOf(place))
    else localStorage.setItem(nameOf(place), JSON.stringify(kept))
  } catch { isStored = false }
}

/* -- what the server said after the copy of the page was taken; only where there are copies ------------ */
function readKnown (place) {
  try { return JSON.parse(localStorage.getItem(KNOWN + account + ':' + place)) || {} } catch { return {} }
}

function know (place, values) {
  if (!navigator.serviceWorker?.controller || Object.keys(values).length === 0) return
  try { localStorage.setItem(KNOWN + account + ':' + place, JSON.stringify({ ...readKnown(place), ...values })) } catch { /* the copy stays as it is */ }
}

class Problem extends Error {
  constructor (kind, message = '') { super(message); this.kind = kind }
}

let token = null
function tokenNow () {
  if (token === null) token = JSON.parse(document.body.getAttribute('hx-headers') || '{}')['X-CSRFToken'] || ''
  return token
}

/* After signing in again in another tab the page's token is old: the same page, fetched anew, has the new one. */
async function renewToken () {
  const response = await fetch(window.location.href, { redirect: 'manual', credentials: 'same-origin' })
  if (!response.ok) throw new Problem('signin')
  const page = new DOMParser().parseFromString(await response.text(), 'text/html')
  if ((page.body.dataset.account || '') !== account) throw new Problem('signin')
  token = JSON.parse(page.body.getAttribute('hx-headers') || '{}')['X-CSRFToken'] || ''
}

async function post (url, body, isSecondTry = false) {
  const stop = new AbortController()
  const clock = setTimeout(() => stop.abort(), TIMEOUT)
  let response
  try {
    response = await fetch(url, {
      method: 'POST',
      body: JSON.stringify(body),
      redirect: 'manual',
      credentials: 'same-origin',
      keepalive: true,
      signal: stop.signal,
      headers: { 'Content-Type': 'application/json', Accept: 'application/json', 'X-CSRFToken': tokenNow() }
    })
  } catch {
    throw new Problem('offline')
  } finally {
    clearTimeout(clock)
  }
  if (response.type === 'opaqueredirect' || response.status === 401) throw new Problem('signin')
  if (response.status === 403) {
    if (isSecondTry) throw new Problem('signin')
    await renewToken()
    return post(url, body, true)
  }
  const isJson = (response.headers.get('Content-Type') || '').includes('application/json')
  if (response.ok && isJson) return response.json()
  if (response.status >= 400 && response.status < 500 && response.status !== 429) {
    throw new Problem('refused', isJson ? (await response.json()).refused : '')
  }
  throw new Problem('failed')
}

function queue (options) {
  const { place } = options
  const call = (name, ...given) => options[name] && options[name](...given)
  let isSending = false
  let isWanted = false
  let tries = 0
  let clock = null
  let flying = new Map()

  const kept = () => read(place)
  const count = () => Object.keys(kept().cells).length
  let told = ''
  const tell = (state, text = '') => { told = state; say(state, text) }
  const say = (state, text) => call('onState', isStored || state !== 'offline' ? state : 'memory', count(), text)

  function change (edit) {
    const now = kept()
    edit(now.cells)
    write(place, { title: options.title || now.title, url: options.url || now.url, cells: now.cells })
  }

  /* `old` is what the server is known to hold; that of the first change stays until the server has answered. */
  function put (key, old, value) {
    change((cells) => {
      const one = cells[key]
      if (!one) { if (old !== value) cells[key] = { old, new: value } } else if (one.old === value && !one.maybe && !flying.has(key)) delete cells[key]
      else { one.new = value; delete one.fault; delete one.conflict; delete one.held }
    })
  }

  /* What cannot be sent as it stands: kept all the same, with its fault, until it is put right or dropped. */
  const hold = (key, old, value, reason) => change((cells) => {
    const one = cells[key] || (cells[key] = { old })
    one.new = value
    one.fault = reason
    one.held = true
    delete one.conflict
  })

  const drop = (key) => change((cells) => { delete cells[key] })
  const rebase = (key, old) => change((cells) => { if (cells[key]) { cells[key].old = old; delete cells[key].conflict; delete cells[key].maybe } })
  const fault = (key, reason) => change((cells) => { if (cells[key]) cells[key].fault = reason })

  function later () {
    clearTimeout(clock)
    clock = setTimeout(flush, WAITS[Math.min(tries++, WAITS.length - 1)])
  }

  function soon (wait) {
    /* Nobody is told that all is saved while something waits for its turn. */
    if (count() && ['', 'idle', 'saved'].includes(told)) tell('saving')
    clearTimeout(clock)
    clock = setTimeout(flush, wait)
  }

  async function flush () {
    clearTimeout(clock)
    if (isSending) { isWanted = true; return }
    const batch = Object.entries(kept().cells).filter(([, one]) => !one.fault && !one.conflict).slice(0, MOST)
    if (batch.length === 0) { tell(count() ? 'held' : 'idle'); return }
    isSending = true
    flying = new Map(batch.map(([key, one]) => [key, one.new]))
    tell('saving')
    try {
      const answer = await post(options.url || kept().url, {
        changes: batch.map(([key, one]) => ({ key, old: one.old, new: one.new })), why: call('why') || ''
      })
      tries = 0
      document.dispatchEvent(new Event('ts:line'))
      receive(answer)
    } catch (problem) {
      /* It may have arrived all the same: a later answer that shows our own value is no conflict. */
      change((cells) => flying.forEach((value, key) => { if (cells[key]) cells[key].maybe = [...new Set([...(cells[key].maybe || []), value])].slice(-5) }))
      const kind = problem instanceof Problem ? problem.kind : 'failed'
      tell(kind, problem.message)
      if (kind !== 'refused') later()
      return
    } finally {
      isSending = false
      flying = new Map()
    }
    if (isWanted) { isWanted = false; await flush() }
  }

  function receive (answer) {
    let isAgain = false
    know(place, Object.fromEntries([...(answer.saved || []).map(({ key, value }) => [key, value]), ...(answer.conflicts || []).map(({ key, stored }) => [key, stored])]))
    change((cells) => {
      (answer.saved || []).forEach(({ key, value }) => {
        const one = cells[key]
        if (!one) return
        if (one.new === flying.get(key) || one.new === value) delete cells[key]
        else { one.old = value; delete one.maybe; isAgain = true }
      });
      (answer.conflicts || []).forEach((clash) => {
        const one = cells[clash.key]
        if (!one) return
        if ((one.maybe || []).includes(clash.stored)) { one.old = clash.stored; delete one.maybe; isAgain = true } else one.conflict = { stored: clash.stored, by: clash.by, at: clash.at }
      });
      (answer.faults || []).forEach(({ key, reason }) => { if (cells[key] && cells[key].new === flying.get(key)) cells[key].fault = reason })
    })
    const left = kept().cells;
    (answer.saved || []).forEach(({ key, value }) => call('onSaved', key, value, left[key]));
    (answer.conflicts || []).forEach((clash) => { if (left[clash.key]?.conflict) call('onConflict', clash.key, left[clash.key]) });
    (answer.faults || []).forEach(({ key, reason }) => call('onFault', key, reason))
    call('onAnswer', answer)
    const isMore = isAgain || Object.values(left).some((one) => !one.fault && !one.conflict)
    if (isMore) isWanted = true
    else tell(count() ? 'held' : 'saved')
  }

  window.addEventListener('online', () => { tries = 0; flush() })
  window.addEventListener('offline', () => { if (count()) tell('offline') })
  document.addEventListener('visibilitychange', () => { if (count()) flush() })
  window.addEventListener('pagehide', () => { if (count()) flush() })
  return {
    put, hold, drop, rebase, fault, flush, soon, count,
    all: () => kept().cells,
    get: (key) => kept().cells[key],
    /* [[key, value]]: only a copy is behind what is known. */
    known: () => 'keptAt' in words ? Object.entries(readKnown(place)) : [],
    know: (key, value) => know(place, { [key]: value })
  }
}

/* -- other pages: what a page left behind is sent from wherever the person is now ------------------ */
async function resume () {
  const left = []
  for (const name of namesOf(PREFIX)) {
    const place = name.slice((PREFIX + account + ':').length)
    if (place === here) continue
    if (navigator.onLine) await queue({ place }).flush()
    if (Object.keys(read(place).cells).length) left.push(place)
  }
  const main = document.querySelector('#noi-dung .page-body > .ts-width')
  if (!left.length || !main) return
  const note = document.createElement('div')
  note.className = 'alert alert-warning d-print-none'
  note.setAttribute('role', 'status')
  note.append(words.textUnsent + ' ')
  left.forEach((place, index) => {
    const link = document.createElement('a')
    link.href = place
    link.textContent = read(place).title || place
    note.append(index ? ', ' : '', link, ' (' + Object.keys(read(place).cells).length + ')')
  })
  main.prepend(note)
}

/* Signing out clears what is kept for this account; if something has not been sent, it asks first (frame.js). */
document.addEventListener('submit', (event) => {
  const form = event.target
  if (!form.matches('[data-sign-out]')) return
  let names = []
  try { names = namesOf(PREFIX) } catch { return }
  if (names.length && !form.dataset.confirmed) { form.dataset.confirm = words.textUnsentLeave; return }
  [...names, ...namesOf(KNOWN)].forEach((name) => localStorage.removeItem(name))
}, true)

const here = document.querySelector('[data-unsent-place]')?.dataset.unsentPlace
if (here && !('keptAt' in words)) {
  try { localStorage.removeItem(KNOWN + account + ':' + here) } catch { /* nothing is kept there */ }
}

window.tsUnsent = { queue, account }
if (account) {
  try { resume() } catch { isStored = false }
}
