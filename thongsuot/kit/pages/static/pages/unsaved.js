/* Leaving a form in which something was typed asks first. */
for (const place of document.querySelectorAll('[data-warn-unsaved]')) {
  const form = place.querySelector('form')
  if (!form) continue
  let changed = Boolean(form.querySelector('.ts-errors, .ts-error-summary'))
  form.addEventListener('input', () => { changed = true })
  form.addEventListener('submit', () => { changed = false })
  window.addEventListener('beforeunload', (event) => {
    if (!changed) return
    event.preventDefault()
    event.returnValue = place.dataset.warnUnsaved
  })
}
