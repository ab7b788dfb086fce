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
  /** What was stored before the harvest began, and so has to be shown by it. */
  owed: { a: number; b: number }
  lost: string
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
    owed: { a: 0, b: 0 },
    lost: '',
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

/** The first step of a harvest begins it, the last one ends it: fewer steps, fewer states. */
function asHarvest<State extends Page>(actions: readonly NamedAction<State>[]): NamedAction<State>[] {
  return actions.map(([name, action], index) => [
    name,
    (page) => {
      if (index === 0) page.owed = { ...page.memory }
      if (action(page) === blocked) return blocked
      if (index === actions.length - 1) settle(page)
      return undefined
    },
  ])
}

function settle(page: Page): void {
  for (const word of ['a', 'b'] as const) {
    if (page.shadow[word] < page.owed[word])
      page.lost ||= `store ${page.owed[word]} of writer ${word}, older than the harvest`
  }
  page.owed = { a: 0, b: 0 }
}

/** Harvests at any moment, but the last one, which waits until the writers are silent. */
export function harvester<State extends Page>(
  harvests: readonly (readonly NamedAction<State>[])[],
): Thread<State> {
  const all = harvests.flatMap((actions, index): NamedAction<State>[] => {
    const whole = asHarvest(actions)
    if (index === harvests.length - 1)
      whole.unshift(['all are silent', ({ writing }) => (writing > 0 ? blocked : undefined)])
    return whole.map(([name, action]) => [`${name} (${index + 1})`, action])
  })
  return { steps: inOrder(all) }
}

/** Actions by their names, in an order of which one may come twice. */
export function sequence<State, Name extends string>(
  order: readonly Name[],
  actions: Readonly<Record<Name, Action<State>>>,
): NamedAction<State>[] {
  return order.map((name, index) => {
    const times = order.slice(0, index).filter((earlier) => earlier === name).length
    return [times > 0 ? `${name} again` : name, actions[name]]
  })
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

/** The invariant: what was stored before a harvest began is shown by it, so the last one shows all. */
export function lostUpdate({ lost }: Page): string | undefined {
  return lost ? `lost: ${lost}` : undefined
}
