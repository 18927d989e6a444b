// The open page follows what others do. A stream only says that something changed; the page then asks for itself again
// and its parts are morphed, so a form somebody is typing into is never touched. A stream that stops is shown at once.
import { fill, root, texts } from './page.js'
import { goToSignIn, htmx, isSignIn } from './swap.js'

const LONGEST_PAUSE = 30000
const SILENCE = 45000
let source = null
let about = ''
let last = ''
let state = 'off'
let since = ''
let asking = null
let again = false
let pause = 1000
let heard = 0

// The element that carries the ticket also shows whether the stream runs. It is renewed with its part of the page.
const sign = () => document.querySelector('[data-ticket]')

function show (next = state) {
  state = next
  const element = sign()
  if (!element) return
  element.dataset.state = state
  element.textContent = state === 'stale' ? fill(texts.stale, { time: since }) : state === 'on' ? texts.live : ''
}

function stamp () { since = new Date().toTimeString().slice(0, 5) }

// A menu that somebody has just opened stays open.
function keepOpen (part, fresh) {
  const opened = part.querySelectorAll('details')
  fresh?.querySelectorAll('details').forEach((one, place) => { if (opened[place]?.open) one.open = true })
}

// Whoever has typed something, or is being told what is wrong with it, keeps both.
const typedInto = part => part.querySelector('.errors') ||
  [...part.querySelectorAll('form textarea, form input:not([type=hidden])')].some(field => field.value !== field.defaultValue)

function morph (answer) {
  const page = new DOMParser().parseFromString(answer, 'text/html')
  const parts = [...document.querySelectorAll('[data-live-part]')].filter(part => !typedInto(part))
  for (const part of parts) keepOpen(part, page.getElementById(part.id))
  const text = page.documentElement.outerHTML
  for (const part of parts) {
    if (page.getElementById(part.id)) {
      htmx.swap({ text, sourceElement: part, target: part, select: `#${part.id}`, swap: 'outerMorph ignoreTitle:true' })
    }
  }
  const fresh = page.querySelector('[data-ticket]')
  if (fresh && sign()) sign().dataset.ticket = fresh.dataset.ticket
  noteChanges(page)
  show()
}

// Somebody is filling in a step while the matter moves on: say so beside the form, keep what is typed.
function noteChanges (page) {
  const form = document.querySelector('form[data-version]')
  const now = page.querySelector('[data-version-now]')?.dataset.versionNow
  if (form && now && form.dataset.version !== now) form.querySelector('[data-moved-on]')?.removeAttribute('hidden')
}

async function ask () {
  const asked = location.href
  // X-By-Itself: nobody touched the page, so its session goes on ageing.
  const response = await fetch(asked, { headers: { Accept: 'text/html', 'X-By-Itself': '1' } })
  if (isSignIn(response)) {
    stop()
    show('stale')
    if (!document.querySelector('form[data-draft]')) goToSignIn()
    return
  }
  const text = await response.text()
  if (!response.ok || asked !== location.href) return
  stamp()
  morph(text)
}

// One question at a time; what arrives meanwhile asks once more afterwards.
async function refresh () {
  if (asking) { again = true; return }
  asking = ask()
  try { await asking } catch { show('stale') } finally { asking = null }
  if (again) { again = false; await refresh() }
}

// A page of many counts says how long it waits (data-pace): what comes meanwhile is asked for together.
let paced = 0
function soon () {
  const pace = Number(sign()?.dataset.pace || 0)
  if (!pace) refresh()
  else if (!paced) paced = setTimeout(() => { paced = 0; refresh() }, pace)
}

function stop () {
  source?.close()
  source = null
}

async function renew () {
  stop()
  await refresh()
  connect()
}

function connect () {
  const element = sign()
  if (!element?.dataset.ticket || !root.dataset.live) return
  about = element.dataset.about
  const address = new URL('/live', root.dataset.live)
  address.searchParams.set('ticket', element.dataset.ticket)
  if (last) address.searchParams.set('last', last)
  const opened = new EventSource(address)
  source = opened
  const changed = event => { heard = Date.now(); if (event.lastEventId) last = event.lastEventId; soon() }
  opened.addEventListener('open', () => {
    pause = 1000
    heard = Date.now()
    const missed = state === 'stale'
    if (!since) stamp()
    show('on')
    if (missed) refresh()
  })
  opened.addEventListener('message', changed)
  opened.addEventListener('ping', () => { heard = Date.now() })
  opened.addEventListener('error', () => {
    if (source !== opened) return
    show('stale')
    // The browser tries again by itself unless it was refused; a refused ticket needs a fresh one.
    if (opened.readyState !== EventSource.CLOSED) return
    setTimeout(renew, pause)
    pause = Math.min(pause * 2, LONGEST_PAUSE)
  })
}

export function startLive () {
  connect()
  // The page shows another matter now: listen for that one instead.
  document.addEventListener('htmx:after:swap', () => {
    if (sign()?.dataset.about !== about) { stop(); last = ''; since = ''; connect() } else show()
  })
  // The server pings every few seconds: a stream that is silent for longer was cut off without a word.
  setInterval(() => { if (source && Date.now() - heard > SILENCE) { show('stale'); renew() } }, 5000)
  // What changes with the time alone (what has become late) is asked for now and then.
  const every = Number(sign()?.dataset.every || 0)
  if (every) setInterval(() => { if (state === 'on') refresh() }, every)
  addEventListener('offline', () => show('stale'))
  addEventListener('online', () => { if (source) renew() })
  document.addEventListener('visibilitychange', () => { if (!document.hidden && state === 'stale') refresh() })
  addEventListener('pagehide', stop)
  addEventListener('pageshow', event => { if (event.persisted) renew() })
}
