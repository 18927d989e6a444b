// One of many, found while typing: what the server finds stands below the search line as choices; arrow keys walk them.
const PAUSE = 250

function option (name, [value, label], checked) {
  const made = document.createElement('label')
  made.className = 'option'
  const input = document.createElement('input')
  Object.assign(input, { type: 'radio', name, value, checked })
  const text = document.createElement('span')
  text.textContent = label
  made.append(input, text)
  return made
}

function start (finder) {
  const line = finder.querySelector('input[type=search]')
  const button = finder.querySelector('button')
  const found = finder.querySelector('.finder-found')
  const said = finder.querySelector('[data-finder-said]')
  let timer = null
  let running = null

  function show (answer) {
    const chosen = found.querySelector('input:checked')
    const kept = chosen ? [chosen.closest('label')] : []
    found.replaceChildren(...kept, ...answer.found.filter(one => one[0] !== chosen?.value).map(one => option(finder.dataset.name, one, false)))
    said.textContent = answer.said
  }

  async function look () {
    clearTimeout(timer)
    running?.abort()
    running = new AbortController()
    try {
      const response = await fetch(`${finder.dataset.finder}?${new URLSearchParams({ words: line.value })}`, { headers: { Accept: 'application/json' }, signal: running.signal })
      if (response.ok) show(await response.json())
    } catch { /* without a network, or typed on: the next press of the button asks again */ }
  }

  button.type = 'button'
  button.addEventListener('click', look)
  line.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(look, PAUSE) })
  line.addEventListener('keydown', event => {
    if (event.key === 'Enter') { event.preventDefault(); look() }
    if (event.key === 'ArrowDown') {
      const first = found.querySelector('input')
      if (first) { event.preventDefault(); first.focus() }
    }
  })
  if (line.value && !found.querySelector('input')) look()
}

export function startFinders () {
  document.querySelectorAll('[data-finder]').forEach(start)
}
