import './style/phone.css'
import { start } from './parts/page.js'
import { showQueue, startOutbox } from './parts/outbox.js'

start()
startOutbox()
showQueue()
navigator.serviceWorker?.register('/sw.js', { scope: '/' }).catch(() => {})

// Only a page that follows a stream loads what that needs.
if (document.querySelector('[data-ticket]')) {
  Promise.all([import('./parts/swap.js'), import('./parts/live.js')]).then(([{ startSwaps }, { startLive }]) => {
    startSwaps()
    startLive()
  })
}
