// The inbox without a mouse: j and k move, Enter opens, x chooses, one letter for each harmless act. Everything is a
// plain form and plain links underneath.
import { fill } from './page.js'

const form = () => document.querySelector('form[data-inbox]')
const rows = () => [...document.querySelectorAll('[data-row]')]
const box = row => row.querySelector('input[name=items]')
const opener = row => row.querySelector('[data-open]')
const here = () => document.activeElement?.closest('[data-row]')
const PLACE = 'inbox-place'

function told () {
  const chosen = rows().filter(row => box(row).checked).length
  const words = form()?.querySelector('[data-chosen]')
  if (words) words.textContent = chosen ? fill(words.dataset.text, { count: chosen }) : ''
  const all = form()?.querySelector('[data-all]')
  if (all) {
    all.checked = chosen > 0 && chosen === rows().length
    all.indeterminate = chosen > 0 && !all.checked
  }
  for (const row of rows()) row.classList.toggle('chosen-row', box(row).checked)
}

function move (step) {
  const all = rows()
  if (!all.length) return
  const now = all.indexOf(here())
  const next = all[now < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(now + step, 0), all.length - 1)]
  opener(next).focus()
  next.scrollIntoView({ block: 'nearest' })
}

function act (key) {
  const button = [...document.querySelectorAll('[data-act-key]')].find(one => one.dataset.actKey === key)
  const row = here()
  if (!button || (!row && !rows().some(one => box(one).checked))) return false
  if (!rows().some(one => box(one).checked)) box(row).checked = true
  if (row) sessionStorage.setItem(PLACE, String(rows().indexOf(row)))
  form().requestSubmit(button)
  return true
}

function pressed (event) {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return
  if (event.target.matches('input:not([type=checkbox]), textarea, select, [contenteditable]')) return
  const help = document.querySelector('[data-keys-help]')
  const keys = {
    j: () => move(1),
    k: () => move(-1),
    x: () => { const row = here(); if (!row) return false; box(row).checked = !box(row).checked; told() },
    '?': () => help.showModal()
  }
  const done = keys[event.key] ? keys[event.key]() : /^[crwm]$/.test(event.key) && act(event.key)
  if (done !== false) event.preventDefault()
}

// A live refresh must take neither the choice nor the place away.
function keepThroughSwaps () {
  let kept = { chosen: [], row: '' }
  document.addEventListener('htmx:before:swap', () => {
    kept = { chosen: rows().filter(row => box(row).checked).map(row => row.id), row: here()?.id || '' }
  })
  document.addEventListener('htmx:after:swap', () => {
    for (const row of rows()) if (kept.chosen.includes(row.id)) box(row).checked = true
    const row = kept.row && document.getElementById(kept.row)
    if (row && !here()) opener(row).focus()
    told()
  })
}

export function startInbox () {
  if (!form()) return
  document.addEventListener('keydown', pressed)
  document.addEventListener('change', event => {
    if (event.target.matches('[data-all]')) rows().forEach(row => { box(row).checked = event.target.checked })
    told()
  })
  document.querySelector('[data-keys-open]').addEventListener('click', () => document.querySelector('[data-keys-help]').showModal())
  keepThroughSwaps()
  told()
  const place = sessionStorage.getItem(PLACE)
  sessionStorage.removeItem(PLACE)
  const all = rows()
  if (place !== null && all.length) opener(all[Math.min(Number(place), all.length - 1)]).focus()
}
