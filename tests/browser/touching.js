// What lies on something else, touches it or runs out of its box, in words. Each finding was a real one once:
// a remark in its count, a heading at the edge of a notice, a column one letter wide.
() => {
  const found = new Set()
  const isSeen = element => element.checkVisibility({ visibilityProperty: true, opacityProperty: true })
  const named = element => `${element.tagName.toLowerCase()}.${element.getAttribute("class") || ""}`
  const short = text => text.trim().replace(/\s+/g, " ").slice(0, 40)
  const style = new Map()
  const styleOf = element => style.get(element) || style.set(element, getComputedStyle(element)).get(element)
  const ancestors = element => {
    const all = []
    for (let each = element; each && each !== document.documentElement; each = each.parentElement) all.push(each)
    return all
  }
  // Bars that stay in the window lie over what scrolls beneath them, and words for screen readers are cut away.
  const isApart = element =>
    ancestors(element).some(each => {
      const { position, clip, clipPath } = styleOf(each)
      return ["fixed", "sticky"].includes(position) || clip !== "auto" || clipPath !== "none"
    })
  const shownPart = (element, rect) => {
    let { left, top, right, bottom } = rect
    for (const each of ancestors(element)) {
      const { overflowX, overflowY } = styleOf(each)
      if (overflowX === "visible" && overflowY === "visible") continue
      const box = each.getBoundingClientRect()
      left = Math.max(left, box.left)
      right = Math.min(right, box.right)
      top = Math.max(top, box.top)
      bottom = Math.min(bottom, box.bottom)
    }
    return right - left > 2 && bottom - top > 2 ? { left, top, right, bottom } : null
  }

  const texts = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node; (node = walker.nextNode()); ) {
    const element = node.parentElement
    if (!node.textContent.trim() || element.closest("svg, script, style, option, textarea")) continue
    if (!isSeen(element) || isApart(element)) continue
    const range = document.createRange()
    range.selectNodeContents(node)
    const home = ancestors(element).find(each => styleOf(each).display !== "inline")
    const edge = home.getBoundingClientRect().right
    const isOpen = home.clientWidth > 0 && styleOf(home).overflowX === "visible"
    const lines = [...range.getClientRects()]
    const widest = Math.max(...lines.map(line => line.width))
    if (lines.length > 3 && widest < 2 * parseFloat(styleOf(element).fontSize)) found.add(`squeezed to ${lines.length} lines: ${short(node.textContent)} (${named(home)})`)
    for (const rect of lines) {
      const part = shownPart(element, rect)
      if (!part) continue
      texts.push({ ...part, element, text: short(node.textContent) })
      if (isOpen && part.right > edge + 3) found.add(`runs out of its box: ${short(node.textContent)} (${named(home)})`)
    }
  }
  texts.sort((one, other) => one.top - other.top)
  texts.forEach((one, n) => {
    for (let m = n + 1; m < texts.length && texts[m].top < one.bottom; m++) {
      const other = texts[m]
      if (one.element === other.element) continue
      const width = Math.min(one.right, other.right) - Math.max(one.left, other.left)
      const height = Math.min(one.bottom, other.bottom) - other.top
      const smaller = Math.min(one.bottom - one.top, other.bottom - other.top)
      if (width > 2 && height > smaller * 0.35) found.add(`lies on something: ${one.text} (${named(one.element)}) and ${other.text} (${named(other.element)})`)
    }
  })

  const isBoxed = element => {
    const { backgroundColor, borderTopWidth, borderBottomWidth } = styleOf(element)
    return backgroundColor !== "rgba(0, 0, 0, 0)" || (borderTopWidth !== "0px" && borderBottomWidth !== "0px")
  }
  const isThere = element => isSeen(element) && element.getBoundingClientRect().height > 2 && !isApart(element)
  for (const element of document.querySelectorAll("main :is(h1, h2, h3, form, table, .note, .card, .seg)")) {
    if (!isThere(element) || element.closest("[role=region]")) continue
    for (const way of ["previousElementSibling", "nextElementSibling"]) {
      let beside = element[way]
      while (beside && !isThere(beside)) beside = beside[way]
      if (!beside || !(isBoxed(element) || isBoxed(beside))) continue
      if ([element, beside].some(each => styleOf(each).position === "absolute")) continue
      const [above, below] = way === "nextElementSibling" ? [element, beside] : [beside, element]
      const [upper, lower] = [above.getBoundingClientRect(), below.getBoundingClientRect()]
      const shared = Math.min(upper.right, lower.right) - Math.max(upper.left, lower.left)
      const gap = lower.top - upper.bottom
      if (shared > 4 && gap < 2 && gap > -40) found.add(`touches what is above it: ${named(below)} under ${named(above)}`)
    }
  }
  return [...found]
}
