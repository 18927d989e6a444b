import './style/plain.css'
import { start } from './parts/page.js'

start()

// After signing out nothing of the last person's pages stays in this browser; what waits to be sent stays.
if (document.body.hasAttribute('data-signed-out') && 'caches' in window) {
  caches.keys().then(names => names.filter(name => name.startsWith('pages')).forEach(name => caches.delete(name)))
}
