import { ProtocolError } from '../errors.js'

/**
 * Records of a fixed size, little-endian, laid out as C lays them out: each field at a multiple of its alignment, and
 * no hidden padding (a record whose size is not a multiple of its alignment is refused).
 *
 * A record is declared once, as a table of fields. Values have their types derived from it, and tools/gen-layout.ts
 * writes the same table as a C struct with static asserts.
 */

export interface FieldType<V> {
  readonly size: number
  readonly align: number
  /** `NAME` stands for the field's name. */
  readonly c: string
  read(view: DataView, offset: number): V
  write(view: DataView, offset: number, value: V): void
}

// biome-ignore lint/suspicious/noExplicitAny: a field type is invariant in its value, so only `any` takes them all.
type AnyField = FieldType<any>
export type Fields = { readonly [name: string]: AnyField }
export type ValueOf<F> = F extends FieldType<infer V> ? V : never
export type ValuesOf<F extends Fields> = { [K in keyof F]: ValueOf<F[K]> }

export const u8: FieldType<number> = {
  size: 1,
  align: 1,
  c: 'uint8_t NAME',
  read: (view, offset) => view.getUint8(offset),
  write: (view, offset, value) => view.setUint8(offset, value),
}

export const u16: FieldType<number> = {
  size: 2,
  align: 2,
  c: 'uint16_t NAME',
  read: (view, offset) => view.getUint16(offset, true),
  write: (view, offset, value) => view.setUint16(offset, value, true),
}

export const u32: FieldType<number> = {
  size: 4,
  align: 4,
  c: 'uint32_t NAME',
  read: (view, offset) => view.getUint32(offset, true),
  write: (view, offset, value) => view.setUint32(offset, value, true),
}

export const i32: FieldType<number> = {
  size: 4,
  align: 4,
  c: 'int32_t NAME',
  read: (view, offset) => view.getInt32(offset, true),
  write: (view, offset, value) => view.setInt32(offset, value, true),
}

export const i64: FieldType<bigint> = {
  size: 8,
  align: 8,
  c: 'int64_t NAME',
  read: (view, offset) => view.getBigInt64(offset, true),
  write: (view, offset, value) => view.setBigInt64(offset, value, true),
}

export const u64: FieldType<bigint> = {
  size: 8,
  align: 8,
  c: 'uint64_t NAME',
  read: (view, offset) => view.getBigUint64(offset, true),
  write: (view, offset, value) => view.setBigUint64(offset, value, true),
}

/** Raw bytes; a shorter value is filled up with zeros. */
export function bytes(length: number): FieldType<Uint8Array> {
  return {
    size: length,
    align: 1,
    c: `uint8_t NAME[${length}]`,
    read: (view, offset) => new Uint8Array(view.buffer, view.byteOffset + offset, length).slice(),
    write: (view, offset, value) => {
      const target = new Uint8Array(view.buffer, view.byteOffset + offset, length)
      target.fill(0)
      target.set(value.subarray(0, length))
    },
  }
}

/** UTF-8 text that ends at the first zero byte, or at the field's end. */
export function text(length: number): FieldType<string> {
  const raw = bytes(length)
  return {
    size: length,
    align: 1,
    c: `char NAME[${length}]`,
    read: (view, offset) => {
      const value = raw.read(view, offset)
      const end = value.indexOf(0)
      return new TextDecoder().decode(end < 0 ? value : value.subarray(0, end))
    },
    write: (view, offset, value) => raw.write(view, offset, new TextEncoder().encode(value)),
  }
}

/** A record inside of a record. */
export function nested<F extends Fields>(inner: Record<F>): FieldType<ValuesOf<F>> {
  return {
    size: inner.size,
    align: inner.align,
    c: `struct umfb_${inner.name} NAME`,
    read: (view, offset) => inner.read(view, offset),
    write: (view, offset, value) => inner.write(view, offset, value),
  }
}

/** Always `length` elements on the wire; a shorter value leaves zeros. */
export function array<F extends Fields>(element: Record<F>, length: number): FieldType<ValuesOf<F>[]> {
  return {
    size: element.size * length,
    align: element.align,
    c: `struct umfb_${element.name} NAME[${length}]`,
    read: (view, offset) =>
      Array.from({ length }, (_, index) => element.read(view, offset + index * element.size)),
    write: (view, offset, value) => {
      for (const [index, item] of value.slice(0, length).entries()) {
        element.write(view, offset + index * element.size, item)
      }
    },
  }
}

/** A declared layout, with its codec. */
export interface Record<F extends Fields> {
  readonly name: string
  readonly fields: F
  readonly offsets: { readonly [K in keyof F]: number }
  readonly size: number
  readonly align: number
  read(view: DataView, offset: number): ValuesOf<F>
  write(view: DataView, offset: number, values: ValuesOf<F>): void
  encode(values: ValuesOf<F>): Uint8Array
  /** @throws ProtocolError where `raw` is not exactly as long as the record. */
  decode(raw: Uint8Array): ValuesOf<F>
}

export function record<F extends Fields>(name: string, fields: F): Record<F> {
  const entries = Object.entries(fields) as [keyof F & string, AnyField][]
  const offsets = {} as { [K in keyof F]: number }
  let size = 0
  let align = 1
  for (const [key, type] of entries) {
    if (size % type.align !== 0) throw new Error(`record ${name}: ${key} would need padding before it`)
    offsets[key] = size
    size += type.size
    align = Math.max(align, type.align)
  }
  if (size % align !== 0) throw new Error(`record ${name}: would need padding at its end`)

  const read = (view: DataView, offset: number): ValuesOf<F> => {
    const values = {} as ValuesOf<F>
    for (const [key, type] of entries) values[key] = type.read(view, offset + offsets[key])
    return values
  }
  const write = (view: DataView, offset: number, values: ValuesOf<F>): void => {
    for (const [key, type] of entries) type.write(view, offset + offsets[key], values[key])
  }
  return {
    name,
    fields,
    offsets,
    size,
    align,
    read,
    write,
    encode(values) {
      const raw = new Uint8Array(size)
      write(new DataView(raw.buffer), 0, values)
      return raw
    },
    decode(raw) {
      if (raw.byteLength !== size) {
        throw new ProtocolError(`${name}: expected ${size} bytes, received ${raw.byteLength}`)
      }
      return read(new DataView(raw.buffer, raw.byteOffset, raw.byteLength), 0)
    },
  }
}
