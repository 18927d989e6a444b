// The form of the chosen type. All forms come with the page, so they are asked without a network, too; what was typed
// stays with a form that is put away, and is there again when the type is chosen again.
import { ask } from './asking.js'
import { refill } from './drafts.js'
import { fill, texts } from './page.js'

export function startTypeForms (form) {
  const place = form.querySelector('[data-type-form]')
  const kept = new Map()
  for (const one of place.querySelectorAll('[data-form-key]')) kept.set(one.dataset.formKey, one)

  function wanted () {
    const type = form.elements.matter_type.selectedOptions[0]
    return (type?.value ? type : form.querySelector('[name=category]:checked'))?.dataset.form || ''
  }

  function made (key) {
    const template = form.querySelector(`template[data-type-form-of="${CSS.escape(key)}"]`)
    return template?.content.firstElementChild.cloneNode(true)
  }

  function show () {
    const key = wanted()
    if (key === (place.firstElementChild?.dataset.formKey || '')) return
    const part = key && (kept.get(key) || made(key))
    place.replaceChildren(...(part ? [part] : []))
    if (part && !kept.has(key)) {
      kept.set(key, part)
      refill(form, part)
    }
    ask(form)
  }

  place.addEventListener('input', event => clear(event.target.closest('.field')))
  form.addEventListener('change', () => ask(form))
  form.addEventListener('type:chosen', show)
  show()
  ask(form)
  return { forget: () => { kept.clear(); place.replaceChildren(); show() } }
}

function clear (field) {
  if (!field) return
  field.classList.remove('wrong')
  field.querySelectorAll('.error').forEach(error => error.remove())
  field.querySelectorAll('[aria-invalid]').forEach(one => one.removeAttribute('aria-invalid'))
}

/** Say under the field what is wrong with it; false when the page has no such field. */
export function say (form, name, text) {
  const control = form.querySelector(`[data-type-form] [name="${CSS.escape(name)}"]`)
  const field = control?.closest('.field')
  if (!field) return false
  clear(field)
  const error = document.createElement('p')
  error.className = 'error'
  error.id = `error-${name}`
  error.textContent = text
  field.classList.add('wrong')
  field.querySelector('.hint, label, legend').after(error)
  control.setAttribute('aria-invalid', 'true')
  control.setAttribute('aria-describedby', error.id)
  return true
}

function fits (control) {
  const { value } = control
  if (!value.trim()) return true
  const { least, most, number, shortest } = control.dataset
  if (number !== undefined && !Number.isFinite(Number(value))) return false
  if (least !== undefined && Number(value) < Number(least)) return false
  if (most !== undefined && Number(value) > Number(most)) return false
  if (shortest !== undefined && value.trim().length < Number(shortest)) return false
  return control.checkValidity()
}

/** Answers that cannot be right are said on the phone at once, with or without a network. Returns the first one. */
export function mistaken (form) {
  const wrong = [...form.querySelectorAll('[data-type-form] .input')].filter(control => !control.closest('.field')?.hidden && !fits(control))
  for (const control of wrong) {
    const label = control.closest('.field').querySelector('label')?.textContent.trim() || ''
    say(form, control.name, fill(texts.check_answer, { label }))
  }
  return wrong[0] || null
}

/** What a form holds, by name: a text, or a list where several were chosen. */
export function valuesOf (form, left) {
  const values = {}
  for (const [name, value] of new FormData(form)) {
    if (typeof value !== 'string' || left.includes(name)) continue
    values[name] = name in values ? [values[name], value].flat() : value
  }
  return values
}

/** Put values back into the fields that are on the page. */
export function putBack (form, values) {
  for (const [name, value] of Object.entries(values)) {
    const several = [value].flat()
    for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (field.type === 'radio' || field.type === 'checkbox') field.checked = several.includes(field.value)
      else field.value = several[0]
    }
  }
}
