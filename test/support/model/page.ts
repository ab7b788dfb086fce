import { type Action, blocked, inOrder, type NamedAction, type Step, type Thread } from './explore.js'

/** What all models of one page have: two words that stamps are stored to, and what is shown of them. */
export interface Page {
  memory: { a: number; b: number }
  shadow: { a: number; b: number }
  /** The tracker's lock. */
  lock: string
  /** In its record. */
  recorded: boolean
  /** Harvested, and not read yet. */
  dirty: boolean
  /** Writers that go on storing. */
  writing: number
}

export type Word = 'a' | 'b'

export function freshPage(writers: number): Page {
  return {
    memory: { a: 0, b: 0 },
    shadow: { a: 0, b: 0 },
    lock: '',
    recorded: false,
    dirty: false,
    writing: writers,
  }
}

/**
 * A writer that stamps its word again and again.
 * @param store a try to store: true where it is done, false where it faults
 * @param fault what the thread does until it tries again: steps of which the last one is followed by the try
 */
export function writer<State extends Page>(
  word: Word,
  stores: number,
  mayStore: (state: State) => boolean,
  fault: readonly NamedAction<State>[],
): Thread<State> {
  const steps: Record<string, Step<State>> = {}
  for (let stamp = 1; stamp <= stores; stamp++) {
    const first = fault[0]![0]
    steps[`store ${stamp}`] = (state) => {
      if (!mayStore(state)) return `${first} of ${stamp}`
      state.memory[word] = stamp
      if (stamp < stores) return `store ${stamp + 1}`
      state.writing--
      return undefined
    }
    Object.assign(
      steps,
      inOrder(
        fault.map(([name, action]) => [`${name} of ${stamp}`, action] as const),
        `store ${stamp}`,
      ),
    )
  }
  return { steps }
}

/** Some harvests at any moment, and one more once the writers are silent. */
export function harvester<State extends Page>(
  harvests: number,
  actions: readonly NamedAction<State>[],
): Thread<State> {
  const all: NamedAction<State>[] = []
  for (let harvest = 1; harvest <= harvests; harvest++) {
    if (harvest === harvests)
      all.push(['all are silent', ({ writing }) => (writing > 0 ? blocked : undefined)])
    all.push(...actions.map(([name, action]) => [`${name} (${harvest})`, action] as const))
  }
  return { steps: inOrder(all) }
}

export function lock(owner: string): Action<Page> {
  return (page) => {
    if (page.lock !== '') return blocked
    page.lock = owner
    return undefined
  }
}

export function unlock(page: Page): void {
  page.lock = ''
}

/** Moves the record to what is to be shown. */
export function take(page: Page): void {
  page.dirty ||= page.recorded
  page.recorded = false
}

/** What refine does with a dirty page. */
export function read(page: Page): void {
  if (page.dirty) page.shadow = { ...page.memory }
  page.dirty = false
}

/** The invariant: once the writers were silent, one more harvest made the shadow equal to the memory. */
export function lostUpdate({ memory, shadow }: Page): string | undefined {
  for (const word of ['a', 'b'] as const) {
    if (shadow[word] !== memory[word]) return `lost: store ${memory[word]} of writer ${word}`
  }
  return undefined
}
