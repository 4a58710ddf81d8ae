/* The service worker: what a page needs that says of itself, by a header of its answer, that it may be opened without a line.
   Scripts and styles of such pages come from the device first; the pages come from the server first, and the last copy stands in
   where the line is dead. A copy belongs to the account that it was sent to, and is forgotten when that account signs out, when
   another one is seen, and after the longest time a session lasts. SETTINGS are written before this text (kit/pages/offline.py). */
const STATIC = 'ts-static:' + SETTINGS.build
const PAGES = 'ts-pages:'
const OFFLINE_KEY = 'X-Keep-For'
const AT = 'X-Kept-At'
const MOST = 12
const PATIENCE = 6000
const DEAD = [502, 503, 504]
const HASHED = /\.[0-9a-f]{12}\./
const LOOSE = { ignoreVary: true }

const isPages = (name) => name.startsWith(PAGES)
const isOwn = (name) => name === STATIC || (isPages(name) && name.endsWith(':' + SETTINGS.build))
const forget = async (which) => Promise.all((await caches.keys()).filter(which).map((name) => caches.delete(name)))

/* -- what is kept ------------------------------------------------------------------------------------- */
const assetsOf = (text) => [...new Set([...text.matchAll(/(?:href|src)="([^"#]+)/g)].map((found) => found[1]).filter((path) => path.startsWith(SETTINGS.statics)))]

async function takeAssets (text) {
  const cache = await caches.open(STATIC)
  await Promise.all(assetsOf(text).map(async (path) => {
    if (await cache.match(path, LOOSE)) return
    const response = await fetch(path)
    if (response.ok) await cache.put(path, response)
  }))
}

async function store (response) {
  const name = PAGES + response.headers.get(OFFLINE_KEY) + ':' + SETTINGS.build
  const text = await response.text()
  const headers = new Headers({ [AT]: String(Date.now()) })
  for (const one of ['Content-Type', 'Content-Security-Policy', 'X-Frame-Options', 'Referrer-Policy']) {
    if (response.headers.has(one)) headers.set(one, response.headers.get(one))
  }
  await forget((one) => isPages(one) && one !== name)
  const cache = await caches.open(name)
  await cache.delete(response.url)
  await cache.put(response.url, new Response(text, { headers }))
  const all = await cache.keys()
  await Promise.all(all.slice(0, Math.max(0, all.length - MOST)).map((old) => cache.delete(old)))
  await takeAssets(text)
}

/* An answer that a page may keep is kept; one that refuses takes the copy away. */
async function remember (response, url) {
  if (response.ok && response.headers.has(OFFLINE_KEY)) await store(response)
  else if ([403, 404, 410].includes(response.status)) {
    for (const name of (await caches.keys()).filter(isPages)) await (await caches.open(name)).delete(url)
  }
}

async function copyOf (url) {
  for (const name of (await caches.keys()).filter(isPages)) {
    const found = await (await caches.open(name)).match(url, LOOSE)
    if (found && Date.now() - Number(found.headers.get(AT)) < SETTINGS.keptFor * 1000) return found
  }
}

/* The page is told that it is a copy, and since when: it says so, and puts what was saved since into its cells. */
async function shown (copy) {
  const text = (await copy.text()).replace('<body ', '<body data-kept-at="' + Number(copy.headers.get(AT)) + '" ')
  return new Response(text, { headers: copy.headers })
}

/* -- answering ------------------------------------------------------------------------------------------ */
const impatience = (wait) => new Promise((_resolve, reject) => setTimeout(() => reject(new Error('slow')), wait))

async function page (event) {
  const copy = await copyOf(event.request.url)
  const coming = fetch(event.request)
  event.waitUntil(coming.then((response) => remember(response.clone(), response.url)).catch(() => {}))
  try {
    const response = await (copy ? Promise.race([coming, impatience(PATIENCE)]) : coming)
    return copy && DEAD.includes(response.status) ? shown(copy) : response
  } catch {
    return copy ? shown(copy) : (await caches.match(SETTINGS.offline, LOOSE)) || Response.error()
  }
}

async function asset (request) {
  const cache = await caches.open(STATIC)
  const kept = await cache.match(request, LOOSE)
  if (kept && HASHED.test(request.url)) return kept
  try {
    const response = await fetch(request)
    if (kept && response.ok) await cache.put(request, response.clone())
    return response
  } catch (problem) {
    if (kept) return kept
    throw problem
  }
}

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (url.origin !== self.location.origin) return
  if (request.mode === 'navigate') {
    if (request.method === 'GET') event.respondWith(page(event))
    else if (url.pathname === SETTINGS.signOut) event.waitUntil(forget(isPages))
  } else if (request.method === 'GET' && url.pathname.startsWith(SETTINGS.statics)) event.respondWith(asset(request))
})

/* A page that was opened before there was a worker asks to be kept. */
self.addEventListener('message', (event) => {
  const url = new URL(event.data?.keep || '', self.location.origin)
  if (!event.data?.keep || url.origin !== self.location.origin) return
  const asked = fetch(url, { headers: { 'X-Background': '1' }, redirect: 'manual', credentials: 'same-origin' })
  event.waitUntil(asked.then((response) => remember(response, url.href)).catch(() => {}))
})

/* -- coming and going: a new build starts afresh ---------------------------------------------------------- */
async function begin () {
  const response = await fetch(SETTINGS.offline, { credentials: 'omit', cache: 'no-store' })
  if (!response.ok) throw new Error(String(response.status))
  const cache = await caches.open(STATIC)
  const text = await response.clone().text()
  await cache.put(SETTINGS.offline, response)
  await takeAssets(text)
  await self.skipWaiting()
}
self.addEventListener('install', (event) => event.waitUntil(begin()))
self.addEventListener('activate', (event) => event.waitUntil(forget((name) => !isOwn(name)).then(() => self.clients.claim())))
