// Opens reporting and tasks without a network. Pages come from the network first; built files never change under a name.
const FILES = __FILES__
const SHELL = 'files-__VERSION__'
const PAGES = 'pages-1'
const KEPT_PAGES = ['/report/', '/my/reports/', '/my/tasks/']

self.addEventListener('install', event => {
  event.waitUntil(caches.open(SHELL).then(cache => cache.addAll(FILES)).then(() => self.skipWaiting()))
})

self.addEventListener('activate', event => {
  const old = names => Promise.all(names.filter(name => ![SHELL, PAGES].includes(name)).map(name => caches.delete(name)))
  event.waitUntil(caches.keys().then(old).then(() => self.clients.claim()))
})

async function built (request) {
  const kept = await caches.match(request)
  if (kept) return kept
  const answer = await fetch(request)
  if (answer.ok && FILES.includes(new URL(request.url).pathname)) (await caches.open(SHELL)).put(request, answer.clone())
  return answer
}

// A page of somebody signed in is kept for use without network, replaced by every newer one, and dropped at sign-out.
async function page (request, path) {
  const pages = await caches.open(PAGES)
  try {
    const answer = await fetch(request)
    if (answer.ok && !answer.redirected) pages.put(path, answer.clone())
    else if (answer.redirected || answer.status === 401) pages.delete(path)
    return answer
  } catch (error) {
    const kept = await pages.match(path)
    if (kept) return kept
    throw error
  }
}

self.addEventListener('fetch', event => {
  const { request } = event
  if (request.method !== 'GET') return
  const { origin, pathname } = new URL(request.url)
  if (origin !== self.location.origin) return
  if (pathname.startsWith('/static/dist/')) event.respondWith(built(request))
  else if (request.mode === 'navigate' && KEPT_PAGES.includes(pathname)) event.respondWith(page(request, pathname))
})
