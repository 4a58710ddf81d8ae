/* Search-as-you-type choice of units: an input with a list of options (ARIA combobox) and chips for what is chosen.
   Markup: templates/directives/widgets/unit_picker.html. Chosen ids are hidden inputs, "12" or "12,13,14" for a group. */

function start (picker) {
  if (picker.dataset.ready) return
  picker.dataset.ready = 'yes'
  const box = picker.querySelector('[role="combobox"]')
  const options = picker.querySelector('[role="listbox"]')
  const chips = picker.querySelector('.dv-chips')
  const single = picker.dataset.single === 'yes'
  let found = []
  let current = -1
  let timer = null
  let asked = 0

  function close () {
    options.hidden = true
    box.setAttribute('aria-expanded', 'false')
    box.removeAttribute('aria-activedescendant')
    current = -1
  }

  function mark (index) {
    current = index
    options.querySelectorAll('[role="option"]').forEach((option, i) => {
      option.setAttribute('aria-selected', String(i === index))
      if (i === index) {
        box.setAttribute('aria-activedescendant', option.id)
        option.scrollIntoView({ block: 'nearest' })
      }
    })
  }

  function add (item) {
    if (single) chips.replaceChildren()
    const value = item.ids.join(',')
    if (!Array.from(chips.querySelectorAll('input')).some((input) => input.value === value)) {
      const chip = document.createElement('li')
      chip.className = 'dv-chip'
      const words = document.createElement('span')
      words.textContent = item.label
      const input = document.createElement('input')
      input.type = 'hidden'
      input.name = picker.dataset.name
      input.value = value
      const remove = document.createElement('button')
      remove.type = 'button'
      remove.textContent = '×'
      remove.setAttribute('aria-label', picker.dataset.textRemove + ' ' + item.label)
      chip.append(words, input, remove)
      chips.append(chip)
      picker.dispatchEvent(new Event('change', { bubbles: true }))
    }
    box.value = ''
    close()
    box.focus()
  }

  function show (items) {
    found = items
    options.replaceChildren()
    if (!items.length) {
      const none = document.createElement('li')
      none.setAttribute('role', 'option')
      none.setAttribute('aria-disabled', 'true')
      none.setAttribute('aria-selected', 'false')
      none.textContent = picker.dataset.textNone
      options.append(none)
    }
    items.forEach((item, index) => {
      const option = document.createElement('li')
      option.id = box.id + '-' + index
      option.setAttribute('role', 'option')
      option.setAttribute('aria-selected', 'false')
      option.textContent = item.label
      if (item.note) {
        const note = document.createElement('small')
        note.textContent = item.note
        option.append(note)
      }
      option.addEventListener('mousedown', (event) => { event.preventDefault(); add(item) })
      options.append(option)
    })
    options.hidden = false
    box.setAttribute('aria-expanded', 'true')
    if (items.length) mark(0)
  }

  function search () {
    const words = box.value.trim()
    if (words.length < 2) { close(); return }
    const mine = ++asked
    const url = new URL(picker.dataset.url, window.location.href)
    url.searchParams.set('q', words)
    fetch(url, { headers: { Accept: 'application/json' } })
      .then((answer) => answer.ok ? answer.json() : { items: [] })
      .then((answer) => { if (mine === asked) show(answer.items) })
      .catch(() => close())
  }

  box.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(search, 180) })
  box.addEventListener('blur', () => setTimeout(close, 150))
  box.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      if (options.hidden) { search(); return }
      if (found.length) mark((current + (event.key === 'ArrowDown' ? 1 : found.length - 1)) % found.length)
    } else if (event.key === 'Enter' && !options.hidden && found[current]) {
      event.preventDefault()
      add(found[current])
    } else if (event.key === 'Escape' && !options.hidden) {
      event.stopPropagation()
      close()
    } else if (event.key === 'Backspace' && !box.value && chips.lastElementChild) {
      chips.lastElementChild.remove()
    }
  })
  chips.addEventListener('click', (event) => {
    const button = event.target.closest('button')
    if (button) { button.closest('.dv-chip').remove(); box.focus() }
  })
}

function startAll () { document.querySelectorAll('[data-unit-picker]').forEach(start) }
startAll()
document.body.addEventListener('htmx:load', startAll)
