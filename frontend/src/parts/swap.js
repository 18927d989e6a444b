// htmx 4, with three guards: a request that ends at sign-in, one that ends at a problem page, and no network at all.
import htmx from 'htmx.org'
import { clearToasts, during, ready, root, texts, toast } from './page.js'
import { restoreDrafts, settleDrafts } from './drafts.js'

export { htmx }

export function isSignIn (response) {
  return response.status === 401 || (response.redirected && new URL(response.url).pathname.startsWith(root.dataset.signin))
}

export function goToSignIn () {
  const next = encodeURIComponent(location.pathname + location.search)
  location.assign(`${root.dataset.signin}?next=${next}&expired=1`)
}

function problemIn (text) {
  const page = new DOMParser().parseFromString(text, 'text/html')
  return page.querySelector('[data-problem]')?.dataset.problem || texts.failed
}

// A narrow screen shows the list or the open case, never both.
function showOpenCase () {
  const desk = document.querySelector('.desk-grid')
  if (!desk) return
  const open = desk.querySelector('h1.case-title') !== null
  if (open && desk.classList.contains('none')) scrollTo(0, 0)
  desk.classList.toggle('one', open)
  desk.classList.toggle('none', !open)
}

export function startSwaps () {
  let done = null
  document.addEventListener('htmx:before:request', () => { during(new Promise(resolve => { done = resolve })) })
  document.addEventListener('htmx:finally:request', event => {
    done?.()
    const form = event.detail.ctx.request.form
    if (form) ready(form)
  })
  document.addEventListener('htmx:before:response', event => {
    if (!isSignIn(event.detail.ctx.response.raw)) return
    event.preventDefault()
    goToSignIn()
  })
  // A page that lacks what was asked for (a problem page) must not empty the place: it becomes a message.
  document.addEventListener('htmx:after:request', event => {
    const { select, text } = event.detail.ctx
    if (!select || !text) return
    const page = new DOMParser().parseFromString(text, 'text/html')
    if (page.querySelector(select)) return
    event.preventDefault()
    toast(problemIn(text), 'warning')
  })
  document.addEventListener('htmx:error', () => toast(texts.offline, 'warning'))
  document.addEventListener('htmx:after:swap', event => {
    // A live refresh of other parts also swaps, while an answer may still be on its way.
    if (event.detail.ctx.request?.method === 'POST') settleDrafts()
    restoreDrafts()
    clearToasts()
    showOpenCase()
  })
}
