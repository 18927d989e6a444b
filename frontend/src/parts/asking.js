// Fields that are asked only when an earlier answer makes them matter (data-ask-when, data-ask-equals). Without this
// script all of them are shown; the server leaves out what was not asked either way.
function answered (form, name) {
  for (const one of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
    if (one.closest('.field')?.hidden) return null
    if (one.type !== 'radio') return one.value
    if (one.checked) return one.value
  }
  return null
}

export function ask (form) {
  for (const one of form.querySelectorAll('[data-ask-when]')) {
    const field = one.closest('.field')
    if (field) field.hidden = !one.dataset.askEquals.split(' ').includes(answered(form, one.dataset.askWhen) ?? '')
  }
}

export function startAsking () {
  for (const form of document.querySelectorAll('form:has([data-ask-when])')) {
    ask(form)
    form.addEventListener('change', () => ask(form))
  }
}
