/** How far a long run is: a bar that is drawn over itself on a terminal, a line now and then elsewhere. */

const barWidth = 24
/** Where nobody watches a bar: a line each time so much more of the run is done. */
const lineShare = 0.05

export class Progress {
  readonly #stream: NodeJS.WriteStream
  readonly #total: number
  readonly #startMs = performance.now()
  #told = -1

  constructor(total: number, stream: NodeJS.WriteStream = process.stderr) {
    this.#total = total
    this.#stream = stream
  }

  /** @param label what is under way */
  show(done: number, label: string): void {
    const share = this.#total === 0 ? 1 : done / this.#total
    const text = `${done}/${this.#total}${this.#left(share)}  ${label}`
    if (this.#stream.isTTY) {
      const full = Math.round(share * barWidth)
      const line = `[${'█'.repeat(full)}${' '.repeat(barWidth - full)}] ${text}`
      this.#stream.write(`\r\x1b[K${line.slice(0, (this.#stream.columns ?? 80) - 1)}`)
    } else if (Math.floor(share / lineShare) > this.#told) {
      this.#told = Math.floor(share / lineShare)
      this.#stream.write(`${text}\n`)
    }
  }

  /** Clears the bar. */
  end(): void {
    if (this.#stream.isTTY) this.#stream.write('\r\x1b[K')
  }

  #left(share: number): string {
    if (share < 0.02) return ''
    const seconds = ((performance.now() - this.#startMs) / 1000) * (1 / share - 1)
    return seconds < 90 ? `, ${Math.round(seconds)} s left` : `, ${Math.round(seconds / 60)} min left`
  }
}
