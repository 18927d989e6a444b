// Photographs chosen at a desk or in a plain step form are made small before they travel, like those of the phone page.
import { shrink } from './photos.js'

async function smaller (file) {
  try {
    return new File([await shrink(file)], file.name.replace(/\.\w+$/, '.jpg'), { type: 'image/jpeg' })
  } catch { return file }
}

export function startUploads () {
  document.addEventListener('change', async event => {
    const input = event.target
    if (!input.matches('form[data-swaps] input[type=file][accept^="image"]') || input.dataset.shrinking) return
    input.dataset.shrinking = 'yes'
    const chosen = new DataTransfer()
    for (const file of await Promise.all([...input.files].map(smaller))) chosen.items.add(file)
    input.files = chosen.files
    delete input.dataset.shrinking
  })
}
