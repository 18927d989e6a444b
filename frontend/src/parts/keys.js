// A duty officer works down the list without a mouse: arrow keys move, Enter opens, / goes to the search.
export function startKeys () {
  document.addEventListener('keydown', event => {
    const typing = event.target.matches('input, textarea, select, [contenteditable]')
    if (event.key === '/' && !typing) {
      const search = document.querySelector('[data-search]')
      if (search) { event.preventDefault(); search.focus() }
    }
    const item = event.target.closest?.('.item')
    if (!item || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return
    const items = [...document.querySelectorAll('.item')]
    const next = items[items.indexOf(item) + (event.key === 'ArrowDown' ? 1 : -1)]
    if (next) { event.preventDefault(); next.focus() }
  })
}
