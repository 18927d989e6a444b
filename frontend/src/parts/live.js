// The open page follows what others do. A stream only says that something changed; the page then asks for itself again
// and its parts are morphed, so a form somebody is typing into is never touched. A stream that stops is shown at once.
import { fill, root, texts } from './page.js'
import { goToSignIn, htmx, isSignIn } from './swap.js'

const SILENCE = 45000
let source = null
let ticket = ''
let last = ''
let heard = 0
let asking = null
let again = false
let pause = 1000

const sign = () => document.querySelector('[data-live]')

function show (state) {
  const element = sign()
  if (!element) return
  element.dataset.state = state
  if (state === 'stale') {
    element.textContent = fill(texts.stale, { time: element.dataset.time || '' })
  } else if (state === 'on') element.textContent = texts.live
}

function stamp () {
  const now = new Date()
  const element = sign()
  if (element) element.dataset.time = now.toTimeString().slice(0, 5)
}

function morph (text) {
  const page = new DOMParser().parseFromString(text, 'text/html')
  for (const part of document.querySelectorAll('[data-live-part]')) {
    if (page.getElementById(part.id)) {
      htmx.swap({ text, sourceElement: part, target: part, select: `#${part.id}`, swap: 'outerMorph ignoreTitle:true' })
    }
  }
  noteChanges(page)
  const fresh = page.querySelector('[data-live]')?.dataset.live
  if (fresh && sign()) sign().dataset.live = fresh
}

// Somebody is filling in a step while the matter moves on: say so beside the form, keep what is typed.
function noteChanges (page) {
  const form = document.querySelector('form[data-version]')
  const now = page.querySelector('[data-version-now]')?.dataset.versionNow
  if (form && now && form.dataset.version !== now) form.querySelector('[data-moved-on]')?.removeAttribute('hidden')
}

// One question at a time; what arrives meanwhile asks once more afterwards.
async function refresh () {
  if (asking) { again = true; return }
  const asked = location.href
  asking = fetch(document.querySelector('[data-live-page]')?.dataset.livePage || asked, { headers: { Accept: 'text/html' } })
  try {
    const response = await asking
    if (isSignIn(response)) { stop(); show('stale'); if (!document.querySelector('form[data-draft]')) goToSignIn(); return }
    const text = await response.text()
    if (response.ok && asked === location.href) { morph(text); stamp() }
  } catch { show('stale') } finally { asking = null }
  if (again) { again = false; await refresh() }
}

function stop () {
  source?.close()
  source = null
}

function connect () {
  const element = sign()
  if (!element || !root.dataset.live || !element.dataset.live) return
  ticket = element.dataset.live
  const address = new URL('/live', root.dataset.live)
  address.searchParams.set('ticket', ticket)
  if (last) address.searchParams.set('last', last)
  source = new EventSource(address)
  const hear = event => { heard = Date.now(); if (event.lastEventId) last = event.lastEventId }
  source.addEventListener('open', () => { hear({}); pause = 1000; show('on'); if (element.dataset.time) refresh(); else stamp() })
  source.addEventListener('message', event => { hear(event); refresh() })
  source.addEventListener('ping', hear)
  source.addEventListener('error', () => {
    show('stale')
    if (source?.readyState !== EventSource.CLOSED) return
    stop()
    setTimeout(async () => { await refresh(); if (!source) connect() }, pause)
    pause = Math.min(pause * 2, 30000)
  })
}

export function startLive () {
  connect()
  // The page now shows something else: listen for that instead.
  document.addEventListener('htmx:after:swap', () => {
    if (sign()?.dataset.live && sign().dataset.live !== ticket) { stop(); last = ''; connect() } else if (source) show('on')
  })
  setInterval(() => {
    if (source && heard && Date.now() - heard > SILENCE) { stop(); show('stale'); connect() }
  }, 5000)
  document.addEventListener('visibilitychange', () => { if (!document.hidden && sign()?.dataset.state === 'stale') refresh() })
  addEventListener('pagehide', stop)
  addEventListener('pageshow', event => { if (event.persisted) { connect(); refresh() } })
}
