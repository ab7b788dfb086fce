import { touchSlots } from '../input/input-state.js'
import { type Store, storeHas } from './store.js'

/** What the frontend may offer (feature-…), and the backend asks for (request-…): kinds of events. */
export const tellable = [
  'update',
  'fill',
  'copy',
  'blit',
  'cursor',
  'dirty',
  'bell',
  'scanouts',
  'colours',
] as const

/** What the backend may offer, and the frontend asks for. Of `resize` nothing is asked: the frontend just sends it. */
export const offerable = [
  'resize',
  'mode',
  'abs-pointer',
  'raw-pointer',
  'multi-touch',
  'disable-keyboard',
  'disable-pointer',
] as const

export type Feature = (typeof tellable)[number] | (typeof offerable)[number]

export const allFeatures: ReadonlySet<Feature> = new Set([...tellable, ...offerable])

/**
 * What the backend's store says.
 * @param features what it knows of; an older one knows less
 * @param size that it suggests, and the range of places
 */
export function backendStore(
  features: ReadonlySet<Feature>,
  { width, height }: { readonly width: number; readonly height: number },
): [key: string, value: number][] {
  const has = (name: Feature) => features.has(name)
  return [
    ...tellable.filter(has).map((name): [string, number] => [`request-${name}`, 1]),
    ...offerable.filter(has).map((name): [string, number] => [`feature-${name}`, 1]),
    ['width', width],
    ['height', height],
    ...(has('multi-touch') ? touchScreen(width, height) : []),
  ]
}

function touchScreen(width: number, height: number): [key: string, value: number][] {
  return [
    ['multi-touch-num-contacts', touchSlots],
    ['multi-touch-width', width],
    ['multi-touch-height', height],
  ]
}

/** What both sides know of, and one of them asked for: only that is ever sent. */
export function agree(features: ReadonlySet<Feature>, frontend: Store): ReadonlySet<Feature> {
  const told = tellable.filter((name) => storeHas(frontend, `feature-${name}`))
  const wanted = offerable.filter((name) => name === 'resize' || storeHas(frontend, `request-${name}`))
  return new Set([...told, ...wanted].filter((name) => features.has(name)))
}
