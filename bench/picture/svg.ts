/** SVG as text: elements with escaped attributes and contents. */

type Attributes = Readonly<Record<string, string | number>>

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function escapeText(text: string): string {
  return text.replace(/[&<>"]/g, (character) => escapes[character]!)
}

/** Two digits behind the point are a hundredth of a pixel. */
const show = (value: string | number) =>
  typeof value === 'number' ? String(Number(value.toFixed(2))) : escapeText(value)

export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const shown = Object.entries(attributes).map(([key, value]) => ` ${key}="${show(value)}"`)
  return `<${name}${shown.join('')}>${children.join('')}</${name}>`
}

export function text(x: number, y: number, content: string, attributes: Attributes = {}): string {
  return element('text', { x, y, ...attributes }, escapeText(content))
}

export function line(x1: number, y1: number, x2: number, y2: number, attributes: Attributes = {}): string {
  return element('line', { x1, y1, x2, y2, ...attributes })
}

export function group(x: number, y: number, ...children: readonly string[]): string {
  return element('g', { transform: `translate(${show(x)} ${show(y)})` }, ...children)
}

export function svg(width: number, height: number, ...children: readonly string[]): string {
  const font = { 'font-family': 'DejaVu Sans, Helvetica, Arial, sans-serif', 'font-size': 13, fill: '#222' }
  const root = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    ...font,
  }
  const paper = element('rect', { width, height, fill: '#fff' })
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('svg', root, paper, ...children)}\n`
}
