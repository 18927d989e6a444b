// What somebody types outlives an expired session, a stale page and a reload: it stays in this tab until it is sent.
// Forms name themselves with data-draft; fields of type password, file and hidden are never kept.
const PREFIX = 'draft:'
const KEPT = 'input:not([type=password]):not([type=file]):not([type=hidden]):not([type=submit]), textarea, select'

const account = () => document.documentElement.dataset.account || ''
const key = name => `${PREFIX}${account()}:${name}`

function fields (form) {
  return [...form.elements].filter(field => field.name && field.matches(KEPT))
}

function keep (form) {
  const values = []
  for (const field of fields(form)) {
    if (field.type === 'radio' || field.type === 'checkbox') {
      if (field.checked) values.push([field.name, field.value])
    } else if (field.value) values.push([field.name, field.value])
  }
  sessionStorage.setItem(key(form.dataset.draft), JSON.stringify(values))
}

function restore (form) {
  const kept = sessionStorage.getItem(key(form.dataset.draft))
  if (!kept || form.dataset.restored) return
  form.dataset.restored = 'yes'
  let changed = false
  for (const [name, value] of JSON.parse(kept)) {
    for (const field of fields(form).filter(one => one.name === name)) {
      const choice = field.type === 'radio' || field.type === 'checkbox'
      if (choice && field.value === value && !field.checked) { field.checked = true; changed = true }
      if (!choice && !field.value) { field.value = value; changed = changed || !!field.value }
    }
  }
  if (changed) {
    form.querySelector('[data-restored-note]')?.removeAttribute('hidden')
    form.dispatchEvent(new CustomEvent('draft:restored', { bubbles: true }))
  }
}

/** Fields that came onto the page later, filled with what was typed into them before. */
export function refill (form, part) {
  const kept = new Map()
  for (const [name, value] of JSON.parse(sessionStorage.getItem(key(form.dataset.draft)) || '[]')) kept.set(name, [...(kept.get(name) || []), value])
  for (const field of part.querySelectorAll(KEPT)) {
    const values = kept.get(field.name)
    if (!values) continue
    if (field.type === 'radio' || field.type === 'checkbox') field.checked = values.includes(field.value)
    else field.value = values[0]
  }
}

export function forget (name) { sessionStorage.removeItem(key(name)) }

// Of another account nothing is shown and nothing stays.
function clean () {
  for (const name of Object.keys(sessionStorage)) {
    if (name.startsWith(PREFIX) && account() && !name.startsWith(`${PREFIX}${account()}:`)) sessionStorage.removeItem(name)
  }
}

// Called when an answer has come. A form that was sent and is not on the page that came back has arrived; sign-in and
// problem pages prove nothing.
export function settleDrafts () {
  const sent = sessionStorage.getItem('draft-sent')
  if (!sent || document.body.hasAttribute('data-keeps-drafts')) return
  if (!document.querySelector(`form[data-draft="${CSS.escape(sent)}"]`)) forget(sent)
  sessionStorage.removeItem('draft-sent')
}

export function restoreDrafts () {
  document.querySelectorAll('form[data-draft]').forEach(restore)
}

export function watchDrafts () {
  clean()
  settleDrafts()
  restoreDrafts()
  document.addEventListener('input', event => {
    const form = event.target.form
    if (form?.dataset?.draft) keep(form)
  })
  document.addEventListener('submit', event => {
    if (event.target.dataset.draft) {
      keep(event.target)
      sessionStorage.setItem('draft-sent', event.target.dataset.draft)
    }
  }, true)
}
