/**
 * Exhaustive exploration of small concurrent protocols: every interleaving of the steps of a few threads, each step
 * being one atomic action of the code or the kernel.
 */

/** What a step returns that cannot be taken now: its thread waits, and whatever it changed is undone. */
export const blocked = Symbol('blocked')

/** Changes the state. @returns the thread's next step; undefined: the thread has ended */
export type Step<State> = (state: State) => string | typeof blocked | undefined

/** Changes the state. @returns `blocked`; anything else: it is done */
export type Action<State> = (state: State) => unknown
export type NamedAction<State> = readonly [name: string, action: Action<State>]

export interface Thread<State> {
  /** In order; the first one is the start. */
  steps: Readonly<Record<string, Step<State>>>
  /** Serves others for ever: it need not have ended when all is done. */
  serves?: boolean
}

export interface Model<State> {
  /** Plain data, of which a copy by way of JSON is one. */
  initial: State
  threads: Readonly<Record<string, Thread<State>>>
  /** What is wrong when all threads have ended; undefined: nothing. */
  wrongAtEnd(state: State): string | undefined
}

export interface Verdict {
  /** Different states that were seen: too few of them, and the model models nothing. */
  states: number
  /** The first failure found: what, and by which steps. */
  failure?: { what: string; trace: readonly string[] }
}

/** More states than any of our models has: one that does not end is a mistake. */
const maxStates = 2_000_000

interface Node {
  /** As JSON: the cheapest copy of a small object, and a key. */
  state: string
  /** The next step of each thread; undefined: it has ended. */
  at: readonly (string | undefined)[]
  trace?: { step: string; before: Node['trace'] }
}

function traceOf(node: Node): string[] {
  const steps: string[] = []
  for (let link = node.trace; link; link = link.before) steps.unshift(link.step)
  return steps
}

export function explore<State>({ initial, threads, wrongAtEnd }: Model<State>): Verdict {
  const names = Object.keys(threads)
  const seen = new Set<string>()
  const open: Node[] = [
    { state: JSON.stringify(initial), at: names.map((name) => Object.keys(threads[name]!.steps)[0]) },
  ]
  while (open.length > 0) {
    const node = open.pop()!
    const key = `${node.at.join()} ${node.state}`
    if (seen.has(key)) continue
    seen.add(key)
    if (seen.size > maxStates) throw new Error(`a model of more than ${maxStates} states`)
    let moved = false
    names.forEach((name, index) => {
      const current = node.at[index]
      if (current === undefined) return
      const step = threads[name]!.steps[current]
      if (!step) throw new Error(`${name} has no step ${current}`)
      const state: State = JSON.parse(node.state)
      const next = step(state)
      if (next === blocked) return
      moved = true
      open.push({
        state: JSON.stringify(state),
        at: node.at.with(index, next),
        trace: { step: `${name}: ${current}`, before: node.trace },
      })
    })
    if (moved) continue
    const waiting = names.filter((name, index) => node.at[index] !== undefined && !threads[name]!.serves)
    const what =
      waiting.length > 0 ? `wait for ever: ${waiting.join(', ')}` : wrongAtEnd(JSON.parse(node.state))
    if (what !== undefined) return { states: seen.size, failure: { what, trace: traceOf(node) } }
  }
  return { states: seen.size }
}

/** Steps one after the other; each goes on with the next, and the last one with `then`. */
export function inOrder<State>(
  steps: readonly NamedAction<State>[],
  then?: string,
): Record<string, Step<State>> {
  return Object.fromEntries(
    steps.map(([name, action], index) => {
      const next = steps[index + 1]?.[0] ?? then
      return [name, (state: State) => (action(state) === blocked ? blocked : next)] as const
    }),
  )
}
