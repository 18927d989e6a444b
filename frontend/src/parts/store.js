// A small shelf in IndexedDB: reports waiting to be sent, by their key, photographs included as Blobs.
let opened = null

function open () {
  opened ||= new Promise((resolve, reject) => {
    const request = indexedDB.open('city1361', 1)
    request.onupgradeneeded = () => request.result.createObjectStore('outbox', { keyPath: 'key' })
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
  return opened
}

async function ask (mode, question) {
  const shelf = (await open()).transaction('outbox', mode)
  return new Promise((resolve, reject) => {
    const request = question(shelf.objectStore('outbox'))
    shelf.oncomplete = () => resolve(request.result)
    shelf.onerror = shelf.onabort = () => reject(shelf.error || request.error)
  })
}

export const put = record => ask('readwrite', shelf => shelf.put(record))
export const remove = key => ask('readwrite', shelf => shelf.delete(key))
export const get = key => ask('readonly', shelf => shelf.get(key))
export const all = () => ask('readonly', shelf => shelf.getAll())
