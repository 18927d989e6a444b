// Eight large categories first; whoever knows the exact matter finds it among all types by a few characters.
const MOST = 8

export function startTypes (form) {
  const search = document.querySelector('[data-type-search]')
  const list = document.querySelector('[data-type-found]')
  const select = form.elements.matter_type
  const summary = document.querySelector('[data-type-chosen]')
  if (!search) return
  const options = [...select.querySelectorAll('option[value]:not([value=""])')]

  function chosen () {
    const option = select.selectedOptions[0]
    summary.textContent = option?.value ? option.textContent : summary.dataset.none
    form.dispatchEvent(new Event('type:chosen'))
  }

  search.addEventListener('input', () => {
    const wanted = search.value.trim().toLowerCase()
    const found = wanted ? options.filter(option => `${option.textContent} ${option.dataset.words || ''}`.toLowerCase().includes(wanted)).slice(0, MOST) : []
    list.replaceChildren(...found.map(option => {
      const button = document.createElement('button')
      button.type = 'button'
      button.textContent = option.textContent
      const group = document.createElement('small')
      group.textContent = option.parentElement.label || ''
      button.append(group)
      button.addEventListener('click', () => { select.value = option.value; search.value = ''; list.replaceChildren(); chosen() })
      return button
    }))
  })
  select.addEventListener('change', chosen)
  form.addEventListener('draft:restored', chosen)
  // A large category and an exact type must not contradict each other: the last choice counts.
  form.querySelectorAll('[name=category]').forEach(choice => choice.addEventListener('change', () => { select.value = ''; chosen() }))
  chosen()
}
