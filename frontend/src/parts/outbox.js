// Reports and visits wait on the phone until they arrive. Each carries a key, so sending one twice makes one of it; each belongs
// to the account that wrote it, so on a shared phone nobody sends what another wrote.
import { fill, root, texts, toast } from './page.js'
import { all, put, remove } from './store.js'

const account = () => root.dataset.account || ''
const pending = async () => (await all()).filter(record => record.account === account() && !record.problem)

export function add (record) {
  return put({ ...record, account: account() })
}

/** What waits to be sent to `path`, of this account. */
export const waitingFor = async path => (await pending()).filter(record => record.path === path)

class Later extends Error {}

async function ask (address, options = {}) {
  let response
  try {
    response = await fetch(address, { headers: { Accept: 'application/json', ...options.headers }, redirect: 'manual', ...options })
  } catch { throw new Later('offline') }
  if (response.type === 'opaqueredirect' || response.status === 401 || response.status === 403) throw new Later('signed-out')
  if (response.status === 429 || response.status >= 500) throw new Later('busy')
  return { ok: response.ok, status: response.status, body: await response.json() }
}

function post (address, token, body) {
  return ask(address, { method: 'POST', body, headers: { Accept: 'application/json', 'X-CSRFToken': token } })
}

// One at a time: a photograph that has arrived is not sent again.
async function sendPhotos (record, token) {
  for (const [position, photo] of record.photos.entries()) {
    if (photo.id) continue
    const body = new FormData()
    body.set('file', photo.blob, `${position + 1}.jpg`)
    body.set('purpose', record.purpose)
    const answer = await post('/files/', token, body)
    if (!answer.ok) return answer
    photo.id = answer.body.id
    await put(record)
  }
  return null
}

async function send (record, token) {
  const refused = await sendPhotos(record, token)
  if (refused) return refused
  const body = new FormData()
  for (const [name, value] of Object.entries(record.values)) [value].flat().forEach(one => body.append(name, one))
  body.set('client_key', record.key)
  body.set('occurred_at', record.at)
  record.photos.forEach(photo => body.append('photo_ids', photo.id))
  return post(record.path || '/report/', token, body)
}

async function sendAll () {
  const done = new Map()
  const waiting = await pending()
  if (!waiting.length) return done
  const session = await ask('/report/session/')
  if (!session.ok || session.body.account !== account()) throw new Later('signed-out')
  for (const record of waiting) {
    const answer = await send(record, session.body.token)
    if (answer.ok) {
      await remove(record.key)
      done.set(record.key, answer.body)
    } else {
      const problem = answer.body.message || texts.failed
      const where = answer.body.where || ''
      await put({ ...record, problem, where })
      done.set(record.key, { problem, where })
    }
  }
  return done
}

let state = ''

/** Send what waits. Returns what became of each report: {address} or {problem}; what is not in it still waits. */
export async function flush () {
  let done = new Map()
  const work = async () => {
    try { done = await sendAll(); state = '' } catch (error) { if (!(error instanceof Later)) throw error; state = error.message }
  }
  await (navigator.locks ? navigator.locks.request('outbox', work) : work())
  await showQueue()
  return done
}

export async function showQueue () {
  const bar = document.getElementById('net')
  let records = []
  try { records = (await all()).filter(record => record.account === account()) } catch { /* private mode: nothing is kept */ }
  const waiting = records.filter(record => !record.problem)
  document.body.dataset.queued = waiting.length
  if (bar) {
    const text = !navigator.onLine || state === 'offline' ? texts.no_network : state === 'signed-out' ? texts.signed_out : state === 'busy' ? texts.busy : texts.sending
    bar.hidden = !waiting.length && navigator.onLine
    bar.querySelector('[data-text]').textContent = text
    bar.querySelector('[data-count]').hidden = !waiting.length
    bar.querySelector('b').textContent = waiting.length
    bar.querySelector('a').hidden = state !== 'signed-out'
  }
  listQueue(records)
}

// "My reports" shows what waits beside what has arrived; what was refused can be discarded, never silently.
function listQueue (records) {
  const list = document.getElementById('queue')
  const template = document.getElementById('queued')
  document.dispatchEvent(new Event('outbox:changed'))
  if (!list || !template) return
  list.replaceChildren(...records.filter(record => !record.path || record.problem).map(record => {
    const item = template.content.firstElementChild.cloneNode(true)
    item.querySelector('[data-what]').textContent = record.values.description || record.values.said || texts.visit
    item.querySelector('[data-when]').textContent = new Date(record.at).toLocaleString(root.lang, { month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit' })
    item.querySelector('[data-problem]').textContent = record.problem || ''
    item.querySelector('[data-refused]').hidden = !record.problem
    item.querySelector('[data-waiting]').hidden = !!record.problem
    item.querySelector('[data-edit]').hidden = !!record.path
    item.querySelector('[data-edit]').href = `/report/#${record.key}`
    item.querySelector('[data-discard]').addEventListener('click', async () => { await remove(record.key); await showQueue() })
    item.querySelector('[data-again]').addEventListener('click', async () => { await put({ ...record, problem: '' }); await announce() })
    return item
  }))
}

async function announce () {
  const done = await flush()
  const arrived = [...done.values()].filter(answer => answer.address).length
  const refused = [...done.values()].find(answer => answer.problem)
  if (arrived) toast(fill(texts.arrived, { count: arrived }))
  if (refused) toast(refused.problem, 'warning')
}

export function startOutbox () {
  if (!account() || !('indexedDB' in window)) return
  addEventListener('online', announce)
  addEventListener('offline', showQueue)
  document.addEventListener('visibilitychange', () => { if (!document.hidden) announce() })
  announce()
}
