// Visits go through the same outbox as reports: kept on the phone until they arrive, each under a key of its own.
import { fill, newKey, ready, texts, toast } from './page.js'
import { add, flush, waitingFor } from './outbox.js'
import { shrink } from './photos.js'

const list = () => document.querySelector('[data-visits]')

// What was said here waits to be sent: it is not asked for again.
function hide (stop) {
  const next = stop.nextElementSibling?.querySelector('summary') || stop.previousElementSibling?.querySelector('summary')
  const within = stop.contains(document.activeElement)
  stop.remove()
  if (within) next?.focus()
  const left = list()?.children.length || 0
  document.querySelector('[data-nothing]').hidden = left > 0
}

async function showPending (path) {
  const note = document.querySelector('[data-pending]')
  const waiting = await waitingFor(path)
  for (const record of waiting) {
    const name = Object.keys(record.values).find(one => one.startsWith('finding-'))
    const stop = name && list()?.querySelector(`[name="${CSS.escape(name)}"]`)?.closest('[data-stop]')
    if (stop) hide(stop)
  }
  note.hidden = !waiting.length
  const words = note.querySelector('[data-text]')
  words.textContent = fill(words.dataset.text, { count: waiting.length })
}

async function send (form, path) {
  const values = Object.fromEntries([...new FormData(form)].filter(([name, value]) => typeof value === 'string' && !['csrfmiddlewaretoken', 'client_key'].includes(name)))
  const photos = []
  for (const file of form.elements.photos.files) {
    try { photos.push({ blob: await shrink(file) }) } catch { toast(fill(texts.not_a_photo, { name: file.name }), 'warning') }
  }
  const key = newKey()
  try {
    await add({ key, path, at: new Date().toISOString(), purpose: form.dataset.purpose, values, photos })
  } catch {
    toast(texts.storage_full, 'warning')
    return
  }
  const answer = (await flush(key)).get(key)
  if (answer?.problem) { toast(answer.problem, 'warning'); return }
  hide(form.closest('[data-stop]'))
  toast(answer ? texts.recorded : texts.kept)
  await showPending(path)
}

export function startVisits () {
  const forms = [...document.querySelectorAll('form[data-visit]')]
  if (!('indexedDB' in window)) return
  const path = forms.length ? new URL(forms[0].action).pathname : '/my/tasks/visit/'
  for (const form of forms) {
    form.addEventListener('submit', async event => {
      event.preventDefault()
      if (form.dataset.sent) return
      form.dataset.sent = 'yes'
      try { await send(form, path) } finally { ready(form) }
    })
    // Something was found: room to say what, without another press.
    form.addEventListener('change', event => {
      if (event.target.type === 'radio' && event.target.value === 'noticed' && event.target.checked) form.querySelector('details.say').open = true
    })
  }
  showPending(path).catch(() => {})
  document.addEventListener('outbox:changed', () => { showPending(path).catch(() => {}) })
}
