// The drawing of a process: what the list beside it says, as a diagram. Loaded on these pages only.
import './style/process.css'
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer'

const box = document.querySelector('[data-drawing]')

function mark (viewer, marks) {
  const canvas = viewer.get('canvas')
  const registry = viewer.get('elementRegistry')
  const each = (ids, name) => (ids || []).filter(id => registry.get(id)).forEach(id => canvas.addMarker(id, name))
  each(marks.passed, 'passed')
  each(marks.flows, 'passed')
  each(marks.current, 'current')
  each(marks.late, 'late')
  Object.entries(marks.waits || {}).filter(([id]) => registry.get(id)).forEach(([id, text]) => {
    const note = document.createElement('div')
    note.className = (marks.late || []).includes(id) ? 'process-note late' : 'process-note'
    note.textContent = text
    viewer.get('overlays').add(id, { position: { bottom: -6, left: 0 }, html: note })
  })
}

function zooming (viewer) {
  const canvas = viewer.get('canvas')
  const fit = () => canvas.zoom('fit-viewport', 'auto')
  const steps = { in: () => canvas.zoom(canvas.zoom() * 1.25), out: () => canvas.zoom(canvas.zoom() / 1.25), fit }
  box.querySelectorAll('[data-zoom]').forEach(button => button.addEventListener('click', steps[button.dataset.zoom]))
  fit()
  // A wide drawing in a narrow window would be unreadable as a whole: begin where it stands.
  if (canvas.zoom() >= 0.5) return
  canvas.zoom(0.8, 'auto')
  const current = canvas.getContainer().querySelector('.djs-element.current')
  const start = viewer.get('elementRegistry').find(one => one.type === 'bpmn:StartEvent')
  const first = current ? current.dataset.elementId : start && start.id
  if (first) canvas.scrollToElement(first, 60)
}

async function draw () {
  box.hidden = false
  const { fontFamily } = getComputedStyle(document.body)
  const viewer = new NavigatedViewer({
    container: box.querySelector('.process-canvas'),
    textRenderer: { defaultStyle: { fontFamily, fontSize: 13 }, externalStyle: { fontFamily, fontSize: 11 } }
  })
  const answer = await fetch(box.dataset.drawing, { credentials: 'same-origin' })
  if (!answer.ok) throw new Error(String(answer.status))
  await viewer.importXML(await answer.text())
  mark(viewer, JSON.parse(document.getElementById('marks').textContent))
  zooming(viewer)
}

if (box) {
  draw().catch(() => {
    box.querySelector('.process-canvas').hidden = true
    box.querySelector('[role="alert"]').hidden = false
  })
}
