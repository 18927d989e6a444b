// What every page does: text size, one submit per press, progress after a moment, closing of menus and toasts.
import { watchDrafts } from './drafts.js'

export const root = document.documentElement
export const texts = JSON.parse(document.getElementById('texts')?.textContent || '{}')

export function fill (text, values) {
  return (text || '').replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place)
}

// A key for something made on this device: sent twice, it is the same.
export function newKey () {
  if (crypto.randomUUID) return crypto.randomUUID()
  const bytes = [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, '0')).join('')
  return bytes.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5')
}

export function toast (text, tone = '') {
  const template = document.getElementById('toast')
  const list = document.getElementById('toasts')
  if (!template || !list || !text) return
  const shown = template.content.firstElementChild.cloneNode(true)
  shown.querySelector('[data-text]').textContent = text
  if (tone) shown.classList.add(tone)
  list.append(shown)
  clearToasts()
}

// Messages leave by themselves; those that came with the page do as well.
export function clearToasts () {
  for (const shown of document.querySelectorAll('.toast:not([data-leaving])')) {
    shown.dataset.leaving = 'yes'
    setTimeout(() => shown.remove(), 12000)
  }
}

// A wait of more than half a second is shown; nobody presses twice because nothing seemed to happen.
let waiting = 0
export async function during (work) {
  const bar = document.getElementById('progress')
  const timer = setTimeout(() => bar?.classList.add('running'), 500)
  waiting += 1
  try {
    return await work
  } finally {
    clearTimeout(timer)
    waiting -= 1
    if (!waiting) bar?.classList.remove('running')
  }
}

function once (form, submitter) {
  if (form.dataset.sent) return false
  form.dataset.sent = 'yes'
  form.setAttribute('aria-busy', 'true')
  if (submitter) submitter.setAttribute('aria-disabled', 'true')
  return true
}

export function ready (form) {
  delete form.dataset.sent
  form.removeAttribute('aria-busy')
  form.querySelectorAll('[aria-disabled="true"]').forEach(button => button.removeAttribute('aria-disabled'))
}

// Changing the size keeps the page as it is; without JavaScript the same form asks the server and loads again.
async function changeSize (form, size) {
  root.dataset.size = size
  document.querySelectorAll('[data-size-to]').forEach(button => {
    button.setAttribute('aria-pressed', String(button.dataset.sizeTo === size))
  })
  document.querySelectorAll('[data-size-flip]').forEach(button => {
    const other = button.dataset.sizeFlip.split('|')[size === '100' ? 0 : 1].split('=')
    button.value = other[0]
    button.querySelector('span').textContent = other[1]
  })
  const body = new FormData(form)
  body.set('size', size)
  try {
    await fetch(form.action, { method: 'POST', body, redirect: 'manual' })
  } catch { /* off line: the choice holds for this page and is asked for again on the next */ }
}

function closeMenus (event) {
  for (const menu of document.querySelectorAll('.menu[open]')) {
    if (!menu.contains(event.target)) menu.open = false
  }
}

export function start () {
  root.classList.add('js')
  document.addEventListener('submit', event => {
    const form = event.target
    if (form.matches('[data-size-form]')) {
      event.preventDefault()
      changeSize(form, event.submitter?.value || '100')
    } else if (form.method === 'post' && !event.defaultPrevented && !form.matches('[data-own]')) {
      if (!once(form, event.submitter)) event.preventDefault()
      else if (!form.hasAttribute('data-swaps')) during(new Promise(resolve => addEventListener('pagehide', resolve, { once: true })))
    }
  })
  document.addEventListener('click', event => {
    closeMenus(event)
    event.target.closest('[data-close-toast]')?.closest('.toast')?.remove()
  })
  document.addEventListener('keydown', event => {
    if (event.key !== 'Escape') return
    const menu = document.querySelector('.menu[open]')
    if (!menu) return
    menu.open = false
    menu.querySelector('summary').focus()
  })
  // Back from the cache of the browser: a form may be sent again.
  addEventListener('pageshow', event => { if (event.persisted) document.querySelectorAll('form[data-sent]').forEach(ready) })
  clearToasts()
  watchDrafts()
}
