// Duplicates: while a report is being typed, ask whether something like it was reported near by. Only with a network, only
// after a pause, and never in the way: the answer stands below, the report goes on.
const PAUSE = 700
const FIELDS = ['category', 'matter_type', 'description', 'address', 'area', 'lon', 'lat']

export function startSimilar (form) {
  const place = form?.querySelector('[data-similar-found]')
  if (!place) return
  const box = form.querySelector('[data-similar-box]')
  let timer = null
  let asked = ''
  let running = null

  function show (answer) {
    const found = answer.found || []
    const title = document.createElement('p')
    title.textContent = answer.text
    const list = document.createElement('ul')
    list.className = 'similar-list'
    list.append(...found.map(one => {
      const item = document.createElement('li')
      const link = document.createElement('a')
      link.href = one.address
      link.target = '_blank'
      link.rel = 'noopener'
      link.textContent = one.title
      const state = document.createElement('span')
      state.className = 'tag'
      state.textContent = one.state
      const why = document.createElement('small')
      why.textContent = one.why
      item.append(link, state, why)
      return item
    }))
    place.replaceChildren(...(answer.count ? [title, ...(found.length ? [list] : [])] : []))
    if (box) {
      box.hidden = !answer.count
      if (!answer.count) form.elements.joins.checked = false
    }
  }

  async function ask () {
    const body = new FormData()
    const all = new FormData(form)
    for (const name of FIELDS) body.set(name, all.get(name) || '')
    const now = FIELDS.map(name => body.get(name)).join('\u0000')
    if (now === asked || !navigator.onLine) return
    asked = now
    running?.abort()
    running = new AbortController()
    body.set('csrfmiddlewaretoken', all.get('csrfmiddlewaretoken') || '')
    try {
      const response = await fetch(form.dataset.similar, { method: 'POST', body, headers: { Accept: 'application/json' }, signal: running.signal })
      if (response.ok) show(await response.json())
    } catch { asked = '' }
  }

  function later () {
    clearTimeout(timer)
    timer = setTimeout(ask, PAUSE)
  }
  form.addEventListener('input', later)
  form.addEventListener('change', later)
  form.addEventListener('draft:restored', later)
}
