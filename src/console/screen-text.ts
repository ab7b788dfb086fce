import type { Terminal } from '@xterm/headless'

/** Lines of the buffer from `first` on, without the blanks at their ends and without empty lines at the end. */
export function textFrom(terminal: Terminal, first: number): string {
  const { active } = terminal.buffer
  const lines: string[] = []
  for (let line = first; line < active.length; line++) {
    lines.push(active.getLine(line)?.translateToString(true).trimEnd() ?? '')
  }
  while (lines.at(-1) === '') lines.pop()
  return lines.join('\n')
}

/** What the screen shows at the end of the scrollback, whatever a viewer has scrolled to. */
export function screenText(terminal: Terminal): string {
  return textFrom(terminal, terminal.buffer.active.baseY)
}
