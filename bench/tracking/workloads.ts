/** What the trackers are measured with: frames of stores, as data. One entry a workload. */
import { InvalidArgumentError, type Rect, rectOfSize } from '../../src/index.js'
import type { Frame, Store } from './frame.js'
import { type Size, sizeBytes } from './size.js'
import type { WriterKind } from './writer-kind.js'

export interface Workload {
  readonly name: string
  readonly meaning: string
  /** Who can be the writer. Default: this process, and another one. */
  readonly writers?: readonly WriterKind[]
  /** Painted once, before all. Default: a gradient over the whole picture. */
  start?(size: Size): Frame
  /** The frames of one cycle: they are drawn again and again, animated contents anew each time. */
  frames(size: Size): readonly Frame[]
}

/** Of a picture, rounded to whole pixels and inside of it. */
function part(size: Size, x: number, y: number, width: number, height: number): Rect {
  const [left, top] = [Math.round(size.width * x), Math.round(size.height * y)]
  return rectOfSize(
    left,
    top,
    Math.max(1, Math.floor(size.width * width)),
    Math.max(1, Math.floor(size.height * height)),
  )
}

const whole = (size: Size) => rectOfSize(0, 0, size.width, size.height)

function video(at: Rect): Store {
  return { kind: 'gradient', at, seed: 1, animated: true }
}

/** The same numbers in every run (mulberry32, by Tommy Ettinger, public domain). */
function randomFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

/** Of the commonest page; where pages are larger, a poke of each makes more stores than pages. */
const pokedPageBytes = 4096
/** So many frames before the same pages come again. */
const pokeFrames = 8

/** One store of 4 bytes to each of `share` of the pages: other pages, at random, in each frame. */
function pokes(size: Size, share: number, frameCount: number): Store[] {
  const pages = Math.floor(sizeBytes(size) / pokedPageBytes)
  const count = Math.max(1, Math.round(pages * share))
  const random = randomFrom(count)
  const order = Uint32Array.from({ length: pages }, (_, i) => i)
  return Array.from({ length: frameCount }, () => {
    for (let i = 0; i < count; i++) {
      const other = i + random(pages - i)
      const page = order[other]!
      order[other] = order[i]!
      order[i] = page
    }
    const offsets = Array.from(
      order.subarray(0, count).toSorted(),
      (page) => page * pokedPageBytes + 4 * random(1024),
    )
    return { kind: 'poke', offsets, seed: 3, animated: true }
  })
}

function pokeWorkload(percent: number): Workload {
  return {
    name: `pokes-${percent}%`,
    meaning: `one store of 4 bytes to each of ${percent} % of the pages, other pages in each frame`,
    frames: (size) => pokes(size, percent / 100, percent >= 100 ? 1 : pokeFrames).map((store) => [store]),
  }
}

/** Rows from the top on: so that the share of pages is as near to the share of pixels as can be. */
function bandWorkload(percent: number): Workload {
  return {
    name: `band-${percent}%`,
    meaning: `${percent} % of the rows, all pixels, the same rows in each frame`,
    frames: (size) => [
      [video(rectOfSize(0, 0, size.width, Math.max(1, Math.round((size.height * percent) / 100))))],
    ],
  }
}

const cursorFrames = 30

function cursor(size: Size): Store {
  return { kind: 'solid', at: rectOfSize(size.width >> 1, size.height >> 1, 1, 1), seed: 5, animated: true }
}

const dragFrames = 16

/** A window that goes right and down, and back. What it leaves shows a plain background. */
function drag(size: Size): Frame[] {
  const step = Math.max(2, Math.round(size.width / 240))
  const at = (i: number) => {
    const way = i <= dragFrames / 2 ? i : dragFrames - i
    const start = part(size, 0.2, 0.2, 1 / 3, 4 / 9)
    return rectOfSize(start.x1 + way * step, start.y1 + way * step, start.x2 - start.x1, start.y2 - start.y1)
  }
  return Array.from({ length: dragFrames }, (_, i) => {
    const [from, to] = [at(i), at(i + 1)]
    const background = (r: Rect): Store => ({ kind: 'solid', at: r, seed: 7, animated: false })
    const goesRight = to.x1 > from.x1
    const beside = { ...from, ...(goesRight ? { x2: to.x1 } : { x1: to.x2 }) }
    const aboveOrBelow = { ...from, ...(goesRight ? { y2: to.y1 } : { y1: to.y2 }) }
    return [
      background(beside),
      background(aboveOrBelow),
      { kind: 'gradient', at: to, seed: 9, animated: false },
    ]
  })
}

const lineHeight = 16

function fullOfText(size: Size): Frame {
  return [{ kind: 'text', at: whole(size), seed: 15, animated: false }]
}

function scroll(size: Size): Frame {
  const height = size.height - (size.height % lineHeight)
  const screen = rectOfSize(0, 0, size.width, height)
  const lastLine = rectOfSize(0, height - lineHeight, size.width, lineHeight)
  return [
    { kind: 'moveUp', at: screen, rows: lineHeight },
    { kind: 'text', at: lastLine, seed: 11, animated: true },
  ]
}

/** The sides of a window of 30 % of the pixels. */
const side30 = Math.sqrt(0.3)

export const workloads: readonly Workload[] = [
  { name: 'idle', meaning: 'nothing is stored', frames: () => [[]] },
  {
    name: 'cursor',
    meaning: `one pixel blinks, every ${cursorFrames}th frame`,
    frames: (size) => Array.from({ length: cursorFrames }, (_, i) => (i === 0 ? [cursor(size)] : [])),
  },
  {
    name: 'scroll',
    meaning: `a terminal: all rows move up by ${lineHeight} pixels, a new line of text`,
    start: fullOfText,
    frames: (size) => [scroll(size)],
  },
  {
    name: 'drag',
    meaning: 'a window of a seventh of the pixels moves',
    frames: drag,
  },
  {
    name: 'video-30%',
    meaning: 'a video window of 30 % of the pixels',
    frames: (size) => [[video(part(size, 0.1, 0.1, side30, side30))]],
  },
  { name: 'video-full', meaning: 'a full-screen video', frames: (size) => [[video(whole(size))]] },
  {
    name: 'repaint',
    meaning: 'the whole screen painted again, with the same content',
    frames: (size) => [[{ kind: 'gradient', at: whole(size), seed: 13, animated: false }]],
  },
  pokeWorkload(1),
  pokeWorkload(10),
  {
    name: 'read',
    meaning: 'read(2) from a file into each row of a window of 30 % of the pixels',
    frames: (size) =>
      [0, 1].map(() => [{ kind: 'read', at: part(size, 0.1, 0.1, side30, side30), seed: 0, animated: true }]),
  },
  {
    name: 'kvm-guest',
    meaning:
      'a KVM guest stores 4 bytes to each of 1 % of the pages of its memory, other pages in each frame',
    writers: ['kvm'],
    // Its few instructions paint no gradient.
    start: () => [],
    frames: (size) => pokes(size, 0.01, pokeFrames).map((store) => [store]),
  },
  {
    name: 'mix',
    meaning:
      'a video window of 20 % of the pixels, a blinking cursor, pokes to 0.5 % of the pages, the rest idle',
    frames: (size) => {
      const window = video(part(size, 0.55, 0.05, Math.sqrt(0.2), Math.sqrt(0.2)))
      return pokes(size, 0.005, cursorFrames).map((poke, i) =>
        i === 0 ? [window, poke, cursor(size)] : [window, poke],
      )
    },
  },
]

/** Who writes, where nothing else is said. */
const usualWriters: readonly WriterKind[] = ['same', 'other']

export function writersOf(name: string): readonly WriterKind[] {
  return findWorkload(name).writers ?? usualWriters
}

/** For the picture: the cost against the share of dirty pages, whole rows and single stores. */
export const sweepPercents = [0.1, 0.3, 1, 3, 10, 30, 100] as const
export const sweeps = { band: bandWorkload, pokes: pokeWorkload } as const
export type Sweep = keyof typeof sweeps

/** What a writer is to paint before the first frame. */
export function startFrame(workload: Workload, size: Size): Frame {
  return workload.start?.(size) ?? [{ kind: 'gradient', at: whole(size), seed: 17, animated: false }]
}

/** @throws InvalidArgumentError where none has that name */
export function findWorkload(name: string): Workload {
  const known = workloads.find((workload) => workload.name === name)
  if (known) return known
  const [, sweep, percent] = /^(band|pokes)-(\d{1,3}(?:\.\d{1,3})?)%?$/.exec(name) ?? []
  if (sweep !== undefined && Number(percent) > 0 && Number(percent) <= 100)
    return sweeps[sweep as Sweep](Number(percent))
  const names = workloads.map((workload) => workload.name).join(', ')
  throw new InvalidArgumentError(`workload: expected ${names}, band-N% or pokes-N%, received ${name}`)
}
