/* The class grid of a draft: where a lesson may go is coloured in the grid itself; drag it there, or walk with the keys.
   Every move is one of the forms of the panel: without this script the panel alone does the same. */
const grid = document.getElementById('tk-grid')
const panel = document.getElementById('tk-panel')

function clear () {
  grid.querySelectorAll('td[data-kind]').forEach((cell) => {
    delete cell.dataset.kind
    cell.removeAttribute('title')
  })
}

/* What the panel says of each slot, on the grid. */
function paint () {
  clear()
  const card = panel.querySelector('.tk-panel')
  if (!card) return
  const here = grid.querySelector(`td[data-slot="${CSS.escape(card.dataset.start || '-')}"]`)
  if (here) here.dataset.kind = 'here'
  panel.querySelectorAll('.tk-opt[data-kind]').forEach((button) => {
    const cell = grid.querySelector(`td[data-slot="${CSS.escape(button.value)}"]`)
    if (!cell) return
    cell.dataset.kind = button.dataset.kind
    cell.title = button.title
  })
}

function option (code) {
  return panel.querySelector(`.tk-opt[value="${CSS.escape(code)}"]`)
}

function choose (code) {
  const button = option(code)
  if (!button) return
  if (button.dataset.kind === 'no') say(button)
  else button.form.requestSubmit(button)
}

function say (button) {
  const why = panel.querySelector('[data-why]')
  if (why) why.textContent = button.title
}

if (grid && panel) {
  paint()
  panel.addEventListener('htmx:afterSwap', () => {
    paint()
    if (!panel.dataset.dragging && window.innerWidth < 1100) panel.scrollIntoView({ block: 'nearest' })
  })
  /* Why a slot is not free is said before anything is sent. */
  panel.addEventListener('focusin', (event) => { if (event.target.matches('.tk-opt[data-kind]')) say(event.target) })
  panel.addEventListener('pointerover', (event) => { if (event.target.matches('.tk-opt[data-kind]')) say(event.target) })
  panel.addEventListener('click', (event) => {
    const button = event.target.closest('.tk-opt[data-kind="no"]')
    if (button) { event.preventDefault(); say(button) }
  })

  /* A coloured cell is where the chosen lesson goes. */
  grid.addEventListener('click', (event) => {
    const cell = event.target.closest('td[data-kind]')
    if (!cell || cell.dataset.kind === 'here') return
    if (event.target.closest('a') && !panel.querySelector('.tk-panel')) return
    event.preventDefault()
    event.stopPropagation()
    choose(cell.dataset.slot)
  }, true)

  /* Drag: the panel is asked for when the drag begins, so that the cells are coloured on the way. */
  document.addEventListener('dragstart', (event) => {
    const thing = event.target.closest && event.target.closest('.tk-lesson[draggable], .tk-wait')
    if (!thing) return
    panel.dataset.dragging = 'yes'
    event.dataTransfer.setData('text/plain', thing.getAttribute('hx-get'))
    event.dataTransfer.effectAllowed = 'move'
    window.htmx.ajax('GET', thing.getAttribute('hx-get'), { target: '#tk-panel', swap: 'innerHTML' })
  })
  document.addEventListener('dragend', () => { delete panel.dataset.dragging })
  grid.addEventListener('dragover', (event) => {
    const cell = event.target.closest('td[data-kind]')
    if (cell && cell.dataset.kind !== 'no' && cell.dataset.kind !== 'here') event.preventDefault()
  })
  grid.addEventListener('drop', (event) => {
    const cell = event.target.closest('td[data-slot]')
    if (!cell) return
    event.preventDefault()
    choose(cell.dataset.slot)
  })

  /* Arrows walk over the slots, Delete takes the chosen lesson out, Escape lets it go. */
  const cells = () => [...grid.querySelectorAll('tbody tr')].map((row) => [...row.querySelectorAll('td')])
  grid.querySelectorAll('td.tk-empty').forEach((cell) => { cell.tabIndex = -1 })
  const stop = (cell) => cell && (cell.querySelector('a') || (cell.hasAttribute('tabindex') ? cell : null))
  const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === 'Escape' && panel.querySelector('.tk-panel')) { panel.replaceChildren(); clear(); return }
    const at = event.target.closest && event.target.closest('#tk-grid td')
    if (!at) return
    if (event.key === 'Delete') {
      const form = panel.querySelector('form[data-remove]')
      if (form && at.dataset.kind === 'here') { event.preventDefault(); form.requestSubmit() }
    } else if (event.key === 'Enter' && at.dataset.kind && at.dataset.kind !== 'here') {
      event.preventDefault()
      choose(at.dataset.slot)
    } else if (steps[event.key]) {
      const rows = cells()
      let row = rows.findIndex((some) => some.includes(at))
      let column = rows[row].indexOf(at)
      const [down, right] = steps[event.key]
      do { row += down; column += right } while (rows[row] && rows[row][column] && !stop(rows[row][column]))
      const next = rows[row] && stop(rows[row][column])
      if (next) { event.preventDefault(); next.focus() }
    }
  })
}
