"""What a look at an open page finds: boxes too small, numbers that wrap, foreign punctuation, people shut out."""

from __future__ import annotations

from typing import Any

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

STICKING_OUT = """() => {
  const root = document.documentElement, found = []
  if (root.scrollWidth > root.clientWidth + 1) found.push(`page ${root.scrollWidth} > ${root.clientWidth}`)
  for (const element of document.querySelectorAll('body *')) {
    if (element.closest('.unseen, svg, .skip, .progress, dialog')) continue
    const style = getComputedStyle(element)
    if (style.display === 'inline' || ['auto', 'scroll'].includes(style.overflowX) || style.textOverflow === 'ellipsis') continue
    if (element.clientWidth && element.scrollWidth > element.clientWidth + 1) {
      found.push(`${element.tagName}.${element.className} ${(element.innerText || '').slice(0, 24)}`)
    }
  }
  return found
}"""

WRAPPED_NUMBERS = """() => [...document.querySelectorAll('body *')]
  .filter(one => one.childElementCount === 0 && one.checkVisibility()
    && /^[\\d.,:+−-]+ ?[%\\u4e00-\\u9fff]{0,3}$/.test(one.textContent.trim()))
  .filter(one => {
    const range = document.createRange()
    range.selectNodeContents(one)
    return new Set([...range.getClientRects()].map(box => Math.round(box.top))).size > 1
  })
  .map(one => `wrapped: ${one.textContent.trim()}`)"""

HALF_WIDTH = """() => {
  const found = new Set(), walker = document.createTreeWalker(document.querySelector('main') || document.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const node = walker.currentNode
    if (node.parentElement.closest('code, pre, script, style, textarea, .unseen')) continue
    const text = node.textContent.trim()
    if (/[\\u4e00-\\u9fff][,;:!?()][\\s]?[\\u4e00-\\u9fff]/.test(text) || /[\\u4e00-\\u9fff] · [\\u4e00-\\u9fff]/.test(text)) {
      found.add(`half-width: ${text.slice(0, 40)}`)
    }
  }
  return [...found]
}"""

CONTRAST = """targets => {
  const parsed = text => (text.match(/[\\d.]+/g) || [0, 0, 0, 0]).map(Number)
  const light = channels => channels.slice(0, 3).map(one => one / 255)
    .map(one => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4)
    .reduce((sum, one, place) => sum + one * [0.2126, 0.7152, 0.0722][place], 0)
  const opaque = text => { const found = parsed(text); return text !== 'none' && (found[3] ?? 1) === 1 && found }
  const ground = element => {
    const svg = element instanceof SVGElement, box = element.getBoundingClientRect()
    const under = svg ? document.elementsFromPoint(box.x + box.width / 2, box.y + box.height / 2) : []
    const shapes = under.filter(one => one instanceof SVGGeometryElement && opaque(getComputedStyle(one).fill))
    if (shapes.length) return opaque(getComputedStyle(shapes[0]).fill)
    for (let one = element; one; one = one.parentElement) {
      const style = getComputedStyle(one)
      if (style.backgroundImage !== 'none') return null
      if (opaque(style.backgroundColor)) return opaque(style.backgroundColor)
    }
    return [255, 255, 255]
  }
  const found = targets.map(target => {
    const element = document.querySelector(target)
    if (!element || !element.textContent.trim()) return null
    element.scrollIntoView({ block: 'center', inline: 'center' })
    const style = getComputedStyle(element), back = ground(element)
    if (!back) return `${target}: picture behind the text`
    const front = parsed(element instanceof SVGElement ? style.fill : style.color)
    const pair = [light(front), light(back)].sort((one, other) => other - one)
    const ratio = (pair[0] + 0.05) / (pair[1] + 0.05), size = parseFloat(style.fontSize)
    const least = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5
    return ratio >= least ? null : `${target}: contrast ${ratio.toFixed(2)} of ${least}`
  }).filter(Boolean)
  for (const one of document.querySelectorAll('*')) if (one.scrollTop || one.scrollLeft) one.scrollTo(0, 0)
  return found
}"""


def sticking_out(page: Any) -> list[str]:
    """Boxes whose content is wider than they are, and a page that scrolls sideways."""
    return list(page.evaluate(STICKING_OUT))


def wrapped_numbers(page: Any) -> list[str]:
    """Numbers that are broken over two lines."""
    return list(page.evaluate(WRAPPED_NUMBERS))


def half_width(page: Any) -> list[str]:
    """Half-width punctuation between Chinese words."""
    return list(page.evaluate(HALF_WIDTH))


def shutting_out(page: Any) -> list[str]:
    """Violations of WCAG 2.2 AA and good practice, and text of too little contrast where axe could not decide.

    axe leaves text undecided that is short, scrolled out of a box or drawn in a picture; its own colour and the nearest
    opaque ground behind it decide then (WCAG 2.2, 1.4.3: 4.5, large text 3). A picture behind text stays a finding.
    """
    from axe_playwright_python.sync_playwright import Axe

    answer = Axe().run(page, options={"runOnly": RULES}).response
    found = [told(one) for one in answer["violations"]]
    undecided = [one for one in answer["incomplete"] if one["id"] == "color-contrast"]
    targets = [node["target"][0] for one in undecided for node in one["nodes"] if len(node["target"]) == 1]
    found += page.evaluate(CONTRAST, targets)
    return found


def told(found: dict[str, Any]) -> str:
    """One finding of axe in a line: rule, how many places, the first place and why."""
    node = found["nodes"][0]
    why = " ".join(node["failureSummary"].split())[:200]
    return f"{found['id']} ×{len(found['nodes'])} {node['target']} {why}"
