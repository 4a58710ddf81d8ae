/* The page's side of working without a line: it starts the service worker (worker.js) for whoever is signed in, forgets what was
   kept for others, and says when it is a copy. Known values are what the server said after the copy was taken (unsent.js). */
const { dataset } = document.body
const account = dataset.account || ''
const PAGES = 'ts-pages:'
const KNOWN = 'ts-known:'

/* Copies and known values of anybody but `mine`; of everybody where nobody is signed in. A page that cannot tell forgets nothing. */
async function forget (mine) {
  const isOther = (name, prefix) => name.startsWith(prefix) && !(mine && name.startsWith(prefix + mine + ':'))
  try { Object.keys(localStorage).filter((name) => isOther(name, KNOWN)).forEach((name) => localStorage.removeItem(name)) } catch { /* nothing is kept there */ }
  if (!('caches' in window)) return
  for (const name of await caches.keys()) if (isOther(name, PAGES)) await caches.delete(name)
}

function start () {
  if (!account || !dataset.worker || !('serviceWorker' in navigator)) return
  const keepHere = () => {
    if (!document.querySelector('[data-unsent-place]') || 'keptAt' in dataset) return
    navigator.serviceWorker.controller?.postMessage({ keep: window.location.href })
  }
  /* The first worker, or that of a new build, has not seen this page come. */
  navigator.serviceWorker.addEventListener('controllerchange', keepHere)
  navigator.serviceWorker.register(dataset.worker, { scope: '/' }).catch(() => { /* works as before, with a line */ })
}

function sayCopy () {
  const main = document.querySelector('#noi-dung .page-body > .ts-width')
  if (!('keptAt' in dataset) || !main) return
  const at = new Date(Number(dataset.keptAt)).toLocaleString('vi-VN', { hour: '2-digit', minute: '2-digit', day: '2-digit', month: '2-digit' })
  const note = document.createElement('div')
  note.className = 'alert ts-alert ts-tone-warn d-print-none'
  note.setAttribute('role', 'status')
  note.textContent = dataset.textCopy + ' ' + at
  main.prepend(note)
  /* Not every device says that it is online again; an answer of the server does (unsent.js). */
  const sayBack = () => {
    const again = document.createElement('button')
    again.type = 'button'
    again.className = 'btn btn-sm'
    again.textContent = dataset.textReload
    again.addEventListener('click', () => window.location.reload())
    note.replaceChildren(dataset.textBack + ' ', again)
  }
  window.addEventListener('online', sayBack, { once: true })
  document.addEventListener('ts:line', sayBack, { once: true })
}

/* The page that stands in for one that was never opened here: which ones can be opened. */
async function listCopies () {
  const list = document.querySelector('[data-kept-pages]')
  if (!list || !('caches' in window)) return
  for (const name of (await caches.keys()).filter((one) => one.startsWith(PAGES))) {
    const cache = await caches.open(name)
    for (const request of await cache.keys()) {
      const page = new DOMParser().parseFromString(await (await cache.match(request)).text(), 'text/html')
      const link = document.createElement('a')
      link.href = request.url
      link.textContent = page.querySelector('h1')?.textContent.trim() || page.title
      const line = document.createElement('li')
      line.append(link)
      list.append(line)
    }
  }
  document.querySelector('[data-kept-none]').hidden = list.children.length > 0
  document.querySelector('[data-kept-some]').hidden = list.children.length === 0
}

if (account || 'signedOut' in dataset) forget(account).catch(() => {})
start()
sayCopy()
listCopies().catch(() => {})
document.querySelector('[data-try-again]')?.addEventListener('click', () => window.location.reload())
