/* How many of a list are ticked: said on the button that signs them. */
for (const shown of document.querySelectorAll('[data-picked]')) {
  const form = shown.closest('form')
  const boxes = `input[type=checkbox][name="${shown.dataset.picked}"]`
  const all = form.querySelector('[data-check-all]')
  const count = () => {
    const picked = form.querySelectorAll(`${boxes}:checked`).length
    shown.textContent = `(${picked})`
    shown.closest('button').disabled = picked === 0
    if (all) all.checked = picked === form.querySelectorAll(boxes).length
  }
  form.addEventListener('change', () => setTimeout(count))
  count()
}
