/* The page frame: theme switch, messages, confirmations, keyboard, filters. No dependency but htmx (optional). */
const texts = document.body.dataset

/* -- theme switch ------------------------------------------------------------------------- */
document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-theme-set]')
  if (!button) return
  window.tsTheme.set(button.dataset.themeSet)
  markTheme()
})

function markTheme () {
  const choice = document.documentElement.getAttribute('data-theme-choice')
  document.querySelectorAll('[data-theme-set]').forEach((button) => {
    button.setAttribute('aria-pressed', String(button.dataset.themeSet === choice))
    button.classList.toggle('active', button.dataset.themeSet === choice)
  })
}
markTheme()

/* -- tabs: the one that is open is seen, however narrow the screen ----------------------------- */
document.querySelectorAll('.ts-tabs').forEach((tabs) => {
  const open = tabs.querySelector('.nav-link.active')
  if (open) tabs.scrollLeft += open.getBoundingClientRect().right - tabs.getBoundingClientRect().right + 24
})

/* -- messages sent with an answer: HX-Trigger: {"toast": {"text": "...", "tone": "ok"}} ------ */
function toast (text, tone) {
  const shelf = document.getElementById('toasts')
  if (!shelf || !text) return
  /* Said once is enough while it still stands there. */
  if ([...shelf.children].some((one) => one.firstChild.textContent === text)) return
  const note = document.createElement('div')
  note.className = 'ts-toast ts-tone-' + (tone || 'info')
  const words = document.createElement('span')
  words.textContent = text
  const close = document.createElement('button')
  close.type = 'button'
  close.className = 'btn-close'
  close.setAttribute('aria-label', texts.textClose)
  close.addEventListener('click', () => note.remove())
  note.append(words, close)
  shelf.append(note)
  if (tone !== 'bad') setTimeout(() => note.remove(), 8000)
}
document.body.addEventListener('toast', (event) => toast(event.detail.text, event.detail.tone))

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-dismiss-message]')
  if (button) button.closest('.alert').remove()
})

/* -- htmx: what to do when an answer fails --------------------------------------------------- */
/* Away for a moment: the database or the server starts again (503), or something in front of it says so. */
const AWAY = [502, 503, 504]
const TRY_EVERY = 3000
let reconnecting = null

/* Asked by the page itself (a poll), not by somebody's click: it is asked again by itself too. */
function isOwn (config) {
  return Boolean(config?.headers?.['X-Background']) || (config?.verb === 'get' && !config.triggeringEvent)
}

/* One quiet line, however many polls fail; gone as soon as anything is answered again. */
function sayReconnecting () {
  if (reconnecting || !texts.textReconnect) return
  const line = document.createElement('div')
  line.className = 'ts-reconnect d-print-none'
  line.setAttribute('role', 'status')
  line.textContent = texts.textReconnect
  document.body.append(line)
  const timer = setInterval(async () => {
    const probe = document.getElementById('unread')?.getAttribute('hx-get') || window.location.href
    try {
      const answer = await fetch(probe, { headers: { 'X-Background': '1' }, redirect: 'manual', cache: 'no-store' })
      if (answer.status < 500) sayConnected()
    } catch { /* not yet */ }
  }, TRY_EVERY)
  reconnecting = { line, timer }
}
function sayConnected () {
  if (!reconnecting) return
  clearInterval(reconnecting.timer)
  reconnecting.line.remove()
  reconnecting = null
}

document.body.addEventListener('htmx:responseError', (event) => {
  const { xhr, requestConfig } = event.detail
  const status = xhr.status
  if (status === 401 || status === 403) window.location.reload()
  else if (AWAY.includes(status) && isOwn(requestConfig)) sayReconnecting()
  else toast(status === 404 ? texts.textMissing : texts.textFailed, 'bad')
})
document.body.addEventListener('htmx:sendError', (event) => {
  /* What a page asks by itself is asked again by itself. */
  if (isOwn(event.detail.requestConfig)) sayReconnecting()
  else toast(texts.textOffline, 'bad')
})
document.body.addEventListener('htmx:afterRequest', (event) => {
  if (event.detail.successful) sayConnected()
})

/* A passkey that is refused, absent or cancelled: allauth's script says so by this event. */
document.addEventListener('allauth.error', (event) => { event.preventDefault(); toast(texts.textPasskey, 'bad') })

/* -- confirmation: data-confirm on a form or button, hx-confirm on an htmx element ------------ */
const dialog = document.getElementById('confirm')
let proceed = null

function ask (question, action) {
  if (!dialog || !dialog.showModal) {
    if (window.confirm(question)) action()
    return
  }
  dialog.querySelector('[data-question]').textContent = question
  proceed = action
  dialog.returnValue = ''
  dialog.showModal()
}
if (dialog) {
  dialog.addEventListener('close', () => {
    const action = proceed
    proceed = null
    if (dialog.returnValue === 'yes' && action) action()
  })
}
document.addEventListener('submit', (event) => {
  const form = event.target
  const submitter = event.submitter
  const question = (submitter && submitter.dataset.confirm) || form.dataset.confirm
  if (!question || form.dataset.confirmed) return
  event.preventDefault()
  event.stopPropagation()
  ask(question, () => {
    form.dataset.confirmed = 'yes'
    form.requestSubmit(submitter || undefined)
    delete form.dataset.confirmed
  })
}, true)
document.body.addEventListener('htmx:confirm', (event) => {
  if (!event.detail.question) return
  event.preventDefault()
  ask(event.detail.question, () => event.detail.issueRequest(true))
})

/* A form sent twice by an impatient click writes twice: the second click is ignored. */
document.addEventListener('submit', (event) => {
  const form = event.target
  if (event.defaultPrevented || form.method !== 'post' || form.hasAttribute('data-repeatable')) return
  if (form.dataset.sent) { event.preventDefault(); return }
  form.dataset.sent = 'yes'
  setTimeout(() => { delete form.dataset.sent }, 5000)
})

/* -- filters: a form with data-autosubmit is sent when a choice changes ------------------------ */
document.addEventListener('change', (event) => {
  const form = event.target.closest('form[data-autosubmit]')
  if (form && !event.target.hasAttribute('data-no-autosubmit')) form.requestSubmit()
})

/* -- a checkbox that ticks a whole list: data-check-all="name of the checkboxes" --------------- */
document.addEventListener('change', (event) => {
  const name = event.target.dataset && event.target.dataset.checkAll
  if (!name) return
  const scope = event.target.closest('form, table') || document
  scope.querySelectorAll(`input[type=checkbox][name="${CSS.escape(name)}"]`).forEach((box) => {
    box.checked = event.target.checked
  })
})

/* -- keyboard ----------------------------------------------------------------------------------- */
const help = document.getElementById('shortcuts')
document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return
  if (event.target.closest('input, textarea, select, [contenteditable="true"]')) return
  if (event.key === '/') {
    const box = document.querySelector('[data-search-box]')
    if (box) { event.preventDefault(); box.focus(); box.select() }
  } else if (event.key === '?' && help) {
    event.preventDefault()
    if (!help.open) help.showModal()
  }
})
document.addEventListener('click', (event) => {
  const opener = event.target.closest('[data-open-dialog]')
  if (opener) document.getElementById(opener.dataset.openDialog).showModal()
  const printer = event.target.closest('[data-print]')
  if (printer) window.print()
  const copier = event.target.closest('[data-copy]')
  if (copier) navigator.clipboard.writeText(copier.dataset.copy).then(() => toast(texts.textCopied, 'ok'))
  if (event.target.matches('dialog')) event.target.close()
})

/* Many boxes to tick: a field above them hides those that do not match; what is ticked stays in sight. */
const folded = (text) => text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').replace(/[đĐ]/g, 'd').toLowerCase()

function findOptions (field) {
  const words = folded(field.value).split(/\s+/).filter(Boolean)
  field.parentElement.querySelectorAll('.form-check').forEach((option) => {
    const text = folded(option.textContent)
    option.hidden = !option.querySelector('input').checked && !words.every((word) => text.includes(word))
  })
}

document.querySelectorAll('[data-find-options]').forEach((field) => { field.hidden = false })
document.addEventListener('input', (event) => { if (event.target.matches('[data-find-options]')) findOptions(event.target) })
document.addEventListener('keydown', (event) => {
  // Enter looks for the options; it does not send the form.
  if (event.key === 'Enter' && event.target.matches('[data-find-options]')) event.preventDefault()
})
