import './style/wall.css'
import { start } from './parts/page.js'
import { startLive } from './parts/live.js'

start()
startLive()

// The time of the wall goes on between two answers of the server, from the server's own.
let began = null
const pad = value => String(value).padStart(2, '0')
function tick () {
  const shown = document.querySelector('[data-clock]')
  if (!shown) return
  if (began === null) {
    const [hours, minutes, seconds] = shown.textContent.split(':').map(Number)
    began = performance.now() - ((hours * 60 + minutes) * 60 + seconds) * 1000
  }
  const now = Math.floor((performance.now() - began) / 1000) % 86400
  shown.textContent = `${pad(Math.floor(now / 3600))}:${pad(Math.floor(now / 60) % 60)}:${pad(now % 60)}`
}
tick()
setInterval(tick, 1000)

// Rows that do not fit are left out whole; nothing is cut in two.
function whole () {
  for (const list of document.querySelectorAll('[data-whole-rows]')) {
    for (const row of list.children) row.hidden = false
    const fixed = getComputedStyle(list).overflowY === 'hidden'
    for (let place = list.children.length - 1; fixed && place > 0 && list.scrollHeight > list.clientHeight + 1; place--) {
      list.children[place].hidden = true
    }
  }
}
whole()
document.fonts?.ready.then(whole)
addEventListener('resize', whole)
document.addEventListener('htmx:after:swap', () => { whole(); tick() })
