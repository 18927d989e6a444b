// Photographs are made small on the phone: at most 1600 px and about 300 kB, without camera metadata.
import { fill, texts, toast } from './page.js'

const LONGEST = 1600
const HEAVIEST = 300 * 1024
const MOST = 6

export async function shrink (file) {
  const image = await createImageBitmap(file, { imageOrientation: 'from-image' })
  const ratio = Math.min(1, LONGEST / Math.max(image.width, image.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(image.width * ratio)
  canvas.height = Math.round(image.height * ratio)
  canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height)
  image.close()
  let blob = null
  for (const quality of [0.8, 0.65, 0.5]) {
    blob = await new Promise(resolve => canvas.toBlob(resolve, 'image/jpeg', quality))
    if (blob && blob.size <= HEAVIEST) break
  }
  return blob
}

export function startPhotos (form) {
  const box = form.querySelector('[data-photos]')
  const input = box.querySelector('input[type=file]')
  const template = box.querySelector('template')
  const count = form.querySelector('[data-photo-count]')
  const taken = []

  function draw () {
    box.querySelectorAll('figure:not([data-sent])').forEach(figure => { URL.revokeObjectURL(figure.querySelector('img').src); figure.remove() })
    taken.forEach((photo, position) => {
      const figure = template.content.firstElementChild.cloneNode(true)
      const image = figure.querySelector('img')
      image.src = URL.createObjectURL(photo.blob)
      image.alt = fill(texts.photo, { number: position + 1 })
      figure.querySelector('figcaption').textContent = photo.at
      const button = figure.querySelector('button')
      button.setAttribute('aria-label', fill(texts.remove_photo, { number: position + 1 }))
      button.addEventListener('click', () => { taken.splice(position, 1); draw() })
      box.append(figure)
    })
    count.textContent = fill(count.dataset.text, { count: taken.length, most: MOST })
    box.querySelector('label').hidden = taken.length >= MOST
  }

  input.addEventListener('change', async () => {
    for (const file of [...input.files].slice(0, MOST - taken.length)) {
      try {
        const blob = await shrink(file)
        taken.push({ blob, at: new Date().toTimeString().slice(0, 5) })
      } catch { toast(fill(texts.not_a_photo, { name: file.name }), 'warning') }
    }
    input.value = ''
    draw()
  })
  return { all: () => taken, put: photos => { taken.splice(0, taken.length, ...photos); draw() }, clear: () => { taken.length = 0; draw() } }
}
