/* Drag and drop, and how much of the file has been sent. Without it the form is sent as any other. */
const form = document.querySelector('form[data-upload]')
const zone = form.querySelector('.dv-drop')
const input = form.querySelector('input[type="file"]')
const chosen = form.querySelector('.dv-chosen')
const bar = form.querySelector('.dv-upload-progress')
const status = form.querySelector('[data-status]')
const button = form.querySelector('button[type="submit"]')

function name () {
  const file = input.files[0]
  chosen.textContent = file ? file.name + ' (' + (file.size / 1048576).toFixed(file.size < 1048576 ? 2 : 1) + ' MB)' : ''
}
input.addEventListener('change', name)

for (const kind of ['dragenter', 'dragover']) {
  zone.addEventListener(kind, (event) => { event.preventDefault(); zone.classList.add('dv-over') })
}
for (const kind of ['dragleave', 'drop']) {
  zone.addEventListener(kind, () => zone.classList.remove('dv-over'))
}
zone.addEventListener('drop', (event) => {
  event.preventDefault()
  if (event.dataTransfer.files.length) { input.files = event.dataTransfer.files; name() }
})

form.addEventListener('submit', (event) => {
  if (!input.files.length || event.defaultPrevented) return
  event.preventDefault()
  const request = new XMLHttpRequest()
  bar.hidden = false
  button.disabled = true
  status.textContent = form.dataset.textSending
  request.upload.addEventListener('progress', (progress) => {
    if (progress.lengthComputable) bar.value = Math.round(progress.loaded / progress.total * 100)
  })
  request.upload.addEventListener('load', () => { bar.removeAttribute('value'); status.textContent = form.dataset.textReading })
  request.addEventListener('load', () => {
    const answer = new DOMParser().parseFromString(request.responseText, 'text/html')
    const refused = answer.querySelector('form[data-upload]')
    if (!refused && request.status < 400) { window.location.assign(request.responseURL); return }
    const words = answer.querySelector('.ts-errors, .ts-error-summary')
    status.textContent = ''
    bar.hidden = true
    button.disabled = false
    const shown = form.querySelector('[data-refusal]')
    shown.hidden = false
    shown.querySelector('[data-words]').textContent = words ? words.textContent.trim() : form.dataset.textFailed
    shown.focus()
  })
  request.addEventListener('error', () => {
    status.textContent = form.dataset.textOffline
    bar.hidden = true
    button.disabled = false
  })
  request.open('POST', form.action)
  request.send(new FormData(form))
})
