/* The review page: a finding shows its lines, lines become a finding, keys j k a e d. */
const review = document.querySelector('[data-review]')
const findings = () => Array.from(review.querySelectorAll('.dv-finding'))
const line = (number) => document.getElementById('l' + number)
const smooth = window.matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth'
let currentId = null
let anchor = null

/* Without this script both panes stand one under the other; with it a phone shows one at a time. */
review.classList.add('dv-one')

function show (pane) {
  review.dataset.show = pane
  review.querySelectorAll('[data-show-pane]').forEach((button) => {
    button.setAttribute('aria-pressed', String(button.dataset.showPane === pane))
  })
}

function light (finding) {
  review.querySelectorAll('.dv-lit').forEach((one) => one.classList.remove('dv-lit'))
  const first = Number(finding.dataset.start)
  const last = Number(finding.dataset.end) || first
  if (!first) return null
  for (let number = first; number <= last; number++) line(number)?.classList.add('dv-lit')
  return line(first)
}

function choose (finding, options = {}) {
  findings().forEach((one) => one.classList.toggle('dv-current', one === finding))
  currentId = finding.id
  const first = light(finding)
  if (first && !options.quietly) scrollTo(first)
  if (options.focus) {
    finding.focus({ preventScroll: true })
    finding.scrollIntoView({ block: 'nearest', behavior: smooth })
  }
}

/* Only the pane moves, not the page, where the pane scrolls by itself. */
function scrollTo (element) {
  const pane = element.closest('.dv-scroll')
  if (pane && pane.scrollHeight > pane.clientHeight) {
    const box = pane.getBoundingClientRect()
    const seen = Math.min(box.bottom, window.innerHeight) - Math.max(box.top, 0)
    const top = element.getBoundingClientRect().top - Math.max(box.top, 0) + pane.scrollTop
    pane.scrollTo({ top: top - seen / 3, behavior: smooth })
  } else if (review.dataset.show === 'source') {
    element.scrollIntoView({ block: 'center', behavior: smooth })
  }
}

function step (by) {
  const all = findings()
  const at = all.findIndex((one) => one.id === currentId)
  const next = all[Math.min(Math.max(at + by, 0), all.length - 1)]
  if (next) choose(next, { focus: true })
}

function press (name) {
  const finding = document.getElementById(currentId)
  finding?.querySelector('[data-key="' + name + '"]')?.click()
}

review.addEventListener('click', (event) => {
  const pane = event.target.closest('[data-show-pane]')
  if (pane) { show(pane.dataset.showPane); return }
  const number = event.target.closest('.dv-line-number')
  if (number) { pick(Number(number.value), event.shiftKey); return }
  const known = event.target.closest('.dv-lines li.dv-known')
  if (known && !window.getSelection().toString()) {
    const finding = document.getElementById('f-' + known.dataset.finding)
    if (finding) { show('found'); choose(finding, { focus: true, quietly: true }) }
    return
  }
  const finding = event.target.closest('.dv-finding')
  if (!finding) return
  if (event.target.closest('[data-see]')) { show('source'); choose(finding); return }
  if (!event.target.closest('button, a, input, textarea, select, summary, label')) choose(finding)
})
review.addEventListener('focusin', (event) => {
  const finding = event.target.closest('.dv-finding')
  if (finding && finding.id !== currentId) choose(finding)
})

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return
  if (event.target.closest('input:not([type=checkbox]), textarea, select, dialog, [contenteditable="true"]')) return
  const keys = { j: () => step(1), k: () => step(-1), a: () => press('accept'), d: () => press('drop'), e: () => press('edit') }
  if (keys[event.key]) { event.preventDefault(); keys[event.key]() }
})

/* After an answer the card is a new element: keep the place, and go on to the next one that waits. */
document.body.addEventListener('htmx:afterSettle', (event) => {
  const finding = document.getElementById(currentId)
  if (!finding || !event.target.closest || !event.target.closest('.dv-finding')) return
  const form = finding.querySelector('form.ts-form')
  if (form) { form.querySelector('textarea, input:not([type=hidden])')?.focus(); return }
  choose(finding, { focus: true, quietly: true })
  if (finding.dataset.state !== 'proposed' && event.detail.requestConfig?.elt?.dataset.next === 'yes') {
    const waiting = findings().slice(findings().indexOf(finding) + 1).find((one) => one.dataset.state === 'proposed')
    if (waiting) choose(waiting, { focus: true })
  }
})

/* -- several findings: merge ---------------------------------------------------------------------- */
const mergeBar = document.getElementById('merge-bar')
review.addEventListener('change', (event) => {
  if (!event.target.matches('input[name="finding"]')) return
  const chosen = review.querySelectorAll('input[name="finding"]:checked').length
  mergeBar.hidden = chosen < 2
  mergeBar.querySelector('[data-count]').textContent = String(chosen)
})

/* -- lines picked by their number become a finding ----------------------------------------------------- */
const pickBar = document.getElementById('pick-bar')

function pick (number, extend) {
  const last = extend && anchor ? number : null
  if (anchor === number && !extend) anchor = null
  else if (!last) anchor = number
  mark(last === null ? anchor : Math.min(anchor, last), last === null ? anchor : Math.max(anchor, last))
}

function mark (first, last) {
  review.querySelectorAll('.dv-lines li').forEach((item) => {
    const number = Number(item.dataset.line)
    const inside = first !== null && number >= first && number <= last
    item.classList.toggle('dv-picked', inside)
    item.querySelector('button').setAttribute('aria-pressed', String(inside))
  })
  pickBar.hidden = first === null
  if (first === null) return
  pickBar.querySelector('[data-range]').textContent = first === last ? String(first) : first + '–' + last
  pickBar.querySelectorAll('a[data-add]').forEach((link) => {
    const url = new URL(link.href)
    url.searchParams.set('start', first)
    url.searchParams.set('end', last)
    link.href = url.href
  })
}

document.addEventListener('selectionchange', () => {
  const selection = document.getSelection()
  if (!selection || selection.isCollapsed || !review.contains(selection.anchorNode)) return
  const of = (node) => Number((node.nodeType === 1 ? node : node.parentElement)?.closest('[data-line]')?.dataset.line)
  const ends = [of(selection.anchorNode), of(selection.focusNode)].sort((a, b) => a - b)
  if (ends[0] && ends[1]) { anchor = ends[0]; mark(ends[0], ends[1]) }
})
pickBar.querySelector('[data-clear]').addEventListener('click', () => { anchor = null; mark(null, null) })

show('found')
const target = window.location.hash.startsWith('#f-') && document.getElementById(window.location.hash.slice(1))
const opened = target || findings().find((one) => one.dataset.state === 'proposed') || findings()[0]
if (opened) choose(opened, { focus: Boolean(target) })
