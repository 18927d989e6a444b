import './style/desk.css'
import { start } from './parts/page.js'
import { startLive } from './parts/live.js'
import { startSwaps } from './parts/swap.js'
import { startKeys } from './parts/keys.js'
import { startInbox } from './parts/inbox.js'
import { startUploads } from './parts/uploads.js'
import { startFinders } from './parts/finder.js'
import { startAsking } from './parts/asking.js'
import { startSimilar } from './parts/similar.js'

start()
startSwaps()
startLive()
startKeys()
startUploads()
startInbox()
startAsking()
startFinders()
startSimilar(document.querySelector('form[data-similar]'))
