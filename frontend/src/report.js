// The report page: a photograph, a sentence, three taps. Everything also works as a plain form; this adds compression,
// the position, and keeping the report on the phone until it can be sent.
import './phone.js'
import { fill, newKey, ready, texts, toast } from './parts/page.js'
import { add, flush } from './parts/outbox.js'
import { get } from './parts/store.js'
import { forget } from './parts/drafts.js'
import { startPhotos } from './parts/photos.js'
import { startPlace } from './parts/place.js'
import { startSimilar } from './parts/similar.js'
import { mistaken, putBack, say, startTypeForms, valuesOf } from './parts/typeforms.js'
import { startTypes } from './parts/types.js'

const form = document.querySelector('form[data-report]')

function startQuick () {
  for (const button of document.querySelectorAll('[data-say]')) {
    button.addEventListener('click', () => {
      const text = form.elements.description
      const said = text.value.includes(button.dataset.say)
      text.value = said ? text.value.replace(button.dataset.say, '') : text.value + button.dataset.say
      button.setAttribute('aria-pressed', String(!said))
      text.dispatchEvent(new Event('input', { bubbles: true }))
    })
  }
}

function missing () {
  if (!form.elements.category.value && !form.elements.matter_type.value) return [texts.needs_category, form.querySelector('[name=category]')]
  if (!form.elements.description.value.trim()) return [texts.needs_description, form.elements.description]
  if (!form.elements.area.value && !form.elements.lon.value) return [texts.needs_place, document.querySelector('[data-locate]')]
  const wrong = mistaken(form)
  return wrong ? [texts.check_answers, wrong] : null
}

async function send (photos, asked) {
  const lack = missing()
  if (lack) {
    toast(lack[0], 'warning')
    lack[1]?.focus()
    return
  }
  const values = valuesOf(form, ['csrfmiddlewaretoken', 'client_key'])
  const key = form.elements.client_key.value
  try {
    await add({ key, at: new Date().toISOString(), purpose: form.dataset.purpose, values, photos: photos.all().map(({ blob }) => ({ blob })) })
  } catch {
    toast(texts.storage_full, 'warning')
    return
  }
  forget(form.dataset.draft)
  const sent = (await flush(key)).get(key)
  if (sent?.address) location.assign(sent.address)
  else if (sent?.problem) refuse(sent)
  else begin(photos, asked, fill(texts.kept))
}

// What the server did not take is said where it was typed.
function refuse ({ problem, where }) {
  if (where && say(form, where, problem)) form.querySelector(`[name="${CSS.escape(where)}"]`).focus()
  toast(problem, 'warning')
}

// The next report starts from nothing, except for the place.
function begin (photos, asked, text) {
  form.elements.client_key.value = newKey()
  form.elements.description.value = ''
  form.querySelectorAll('[name=category]').forEach(choice => { choice.checked = false })
  form.elements.matter_type.value = ''
  document.querySelectorAll('[data-say]').forEach(button => button.setAttribute('aria-pressed', 'false'))
  photos.clear()
  form.elements.joins.checked = false
  form.elements.matter_type.dispatchEvent(new Event('change', { bubbles: true }))
  asked.forget()
  toast(text)
}

// A report that was refused comes back into the form to be put right; it keeps its key.
async function takeUp (photos) {
  const record = location.hash.length > 1 ? await get(location.hash.slice(1)) : null
  if (!record || record.account !== document.documentElement.dataset.account) return
  putBack(form, record.values)
  form.elements.client_key.value = record.key
  form.dispatchEvent(new CustomEvent('draft:restored', { bubbles: true }))
  putBack(form, record.values)
  photos.put(record.photos.map(({ blob }) => ({ blob, at: '' })))
  if (record.problem) refuse(record)
}

if (form) {
  // A page kept for use without network carries the key of an earlier report.
  form.elements.client_key.value = newKey()
  const photos = startPhotos(form)
  startPlace(form)
  startTypes(form)
  const asked = startTypeForms(form)
  startQuick()
  startSimilar(form)
  takeUp(photos).catch(() => {})
  let busy = false
  form.addEventListener('submit', async event => {
    event.preventDefault()
    if (busy) return
    busy = true
    try { await send(photos, asked) } finally { busy = false; ready(form) }
  })
}
