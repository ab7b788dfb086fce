import type { Fields, FieldType, Record, ValueOf } from '../util/record.js'
import { eventBytes } from './layout.js'

/** Fields that say nothing: written as zero, not read. */
type Silent = 'padding' | 'reserved' | 'rest'
const silent: ReadonlySet<string> = new Set<Silent>(['padding', 'reserved', 'rest'])

export type EventValues<F extends Fields> = { [K in Exclude<keyof F, Silent>]: ValueOf<F[K]> }

/** The codec of one record of an event: as the record's own, but for the fields that say nothing. */
export interface EventFields<F extends Fields> {
  read(view: DataView, offset: number): EventValues<F>
  /** Writes a whole slot. */
  write(view: DataView, offset: number, values: EventValues<F>): void
}

export function eventFields<F extends Fields>({ fields, offsets }: Record<F>): EventFields<F> {
  const spoken = Object.entries(fields)
    .filter(([name]) => !silent.has(name))
    .map(([name, type]) => ({ name, type: type as FieldType<number>, at: offsets[name]! }))
  return {
    read(view, offset) {
      const values: { [name: string]: number } = {}
      for (const { name, type, at } of spoken) values[name] = type.read(view, offset + at)
      return values as EventValues<F>
    },
    write(view, offset, values) {
      for (let at = 0; at < eventBytes; at += 8) view.setFloat64(offset + at, 0)
      for (const { name, type, at } of spoken) {
        type.write(view, offset + at, (values as { [name: string]: number })[name]!)
      }
    },
  }
}
