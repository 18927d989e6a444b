// Where it is: the phone's position only when asked for (or allowed before), or a grid chosen by name.
import { during, fill, texts, toast } from './page.js'

function position () {
  return new Promise((resolve, reject) => {
    if (!navigator.geolocation) reject(new Error('none'))
    else navigator.geolocation.getCurrentPosition(resolve, reject, { enableHighAccuracy: true, timeout: 15000, maximumAge: 30000 })
  })
}

export function startPlace (form) {
  const name = document.querySelector('[data-place-name]')
  const hint = document.querySelector('[data-place-hint]')
  const choices = document.querySelector('[data-place-choices]')
  const { area, lon, lat, accuracy } = form.elements

  function choose (place, text) {
    area.value = place?.id || ''
    name.textContent = place?.name || texts.place_unknown
    hint.textContent = text
    choices.hidden = true
  }

  // A point on the line between two grids: the person decides, not the machine.
  function offer (places) {
    choices.replaceChildren(...places.map(place => {
      const button = document.createElement('button')
      button.type = 'button'
      button.className = 'button plain'
      button.textContent = place.name
      button.addEventListener('click', () => choose(place, texts.place_chosen))
      return button
    }))
    choices.hidden = false
    choose(null, texts.place_two)
    choices.hidden = false
  }

  async function locate () {
    let found
    hint.textContent = texts.locating
    try { found = (await during(position())).coords } catch { hint.textContent = texts.no_position; return }
    lon.value = found.longitude.toFixed(6)
    lat.value = found.latitude.toFixed(6)
    accuracy.value = Math.round(found.accuracy)
    const near = fill(texts.accuracy, { metres: accuracy.value })
    let answer
    try {
      const response = await fetch(`/report/locate/?${new URLSearchParams({ lon: lon.value, lat: lat.value })}`, { headers: { Accept: 'application/json' } })
      answer = await response.json()
      if (!response.ok) { toast(answer.message || texts.failed, 'warning'); hint.textContent = texts.no_position; return }
    } catch { choose(null, `${near}${texts.place_later}`); name.textContent = texts.place_located; return }
    const own = form.dataset.own
    if (answer.places.length === 1) choose(answer.places[0], own && answer.places[0].id !== own ? near + texts.place_other : near)
    else if (answer.places.length) offer(answer.places)
    else { lon.value = lat.value = accuracy.value = ''; choose(null, texts.place_outside) }
  }

  const button = document.querySelector('[data-locate]')
  button.addEventListener('click', locate)
  navigator.permissions?.query({ name: 'geolocation' }).then(state => { if (state.state === 'granted') locate() }, () => {})

  startPicker(place => {
    lon.value = lat.value = accuracy.value = ''
    choose(place, texts.place_chosen)
  })
}

// The picker is a page of links; here it opens in a dialog over the form, so nothing typed is left behind.
function startPicker (picked) {
  const dialog = document.querySelector('dialog[data-picker]')
  const body = dialog.querySelector('[data-picker-body]')
  async function show (address) {
    try {
      const text = await during(fetch(address).then(response => response.text()))
      const part = new DOMParser().parseFromString(text, 'text/html').querySelector('[data-picker-page]')
      if (part) body.replaceChildren(part)
      else toast(texts.failed, 'warning')
      if (part && !dialog.open) dialog.showModal()
    } catch { toast(texts.offline, 'warning') }
  }
  document.querySelector('[data-open-picker]').addEventListener('click', event => { event.preventDefault(); show(event.currentTarget.href) })
  dialog.addEventListener('click', event => {
    const link = event.target.closest('a')
    if (!link) return
    event.preventDefault()
    if (link.dataset.area) { picked({ id: link.dataset.area, name: link.dataset.name }); dialog.close() } else show(link.getAttribute('href'))
  })
  dialog.addEventListener('submit', event => {
    if (event.target.method === 'dialog') return
    event.preventDefault()
    show(`${event.target.action}?${new URLSearchParams(new FormData(event.target))}`)
  })
}
