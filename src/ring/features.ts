import type { OutEvent } from './events.js'
import { type Store, storeHas } from './store.js'

/** What a frontend wants of its viewers' input, and can do itself. */
export interface FrontendFeatures {
  /**
   * Places of the pointer: in pixels of scanout 0, as movements, or 'raw' from 0 to 32767 across the scanout. A backend
   * that cannot tell places tells movements. Default: 'absolute'.
   */
  pointer?: 'absolute' | 'relative' | 'raw' | 'none'
  /** Default: true. */
  keyboard?: boolean
  /** Contacts of a touch screen. Default: true. */
  touch?: boolean
  /** Wishes for another mode. Default: true. */
  modes?: boolean
  /** Tracks stores to its own mapping: 'dirtyWanted' is asked of it, and markPages() answers. Default: false. */
  marksPages?: boolean
}

/** Who requests each event; RESIZE is not requested but offered. */
const requestKeys: { readonly [type in OutEvent['type']]: string } = {
  update: 'request-update',
  resize: 'feature-resize',
  fill: 'request-fill',
  copy: 'request-copy',
  blit: 'request-blit',
  cursor: 'request-cursor',
  dirty: 'request-dirty',
  bell: 'request-bell',
  scanout: 'request-scanouts',
  colours: 'request-colours',
}

const offeredKeys = ['update', 'fill', 'copy', 'blit', 'cursor', 'bell', 'scanouts', 'colours'] as const

/** The frontend's store. */
export function featureStore(features: FrontendFeatures): [key: string, value: number][] {
  const { pointer = 'absolute', keyboard = true, touch = true, modes = true, marksPages = false } = features
  const store = new Map<string, boolean>(offeredKeys.map((key) => [`feature-${key}`, true]))
  store.set('feature-dirty', marksPages)
  store.set('request-mode', modes)
  store.set('request-abs-pointer', pointer === 'absolute' || pointer === 'raw')
  store.set('request-raw-pointer', pointer === 'raw')
  store.set('request-multi-touch', touch)
  store.set('request-disable-pointer', pointer === 'none')
  store.set('request-disable-keyboard', !keyboard)
  return [...store].filter(([, set]) => set).map(([key]) => [key, 1])
}

/** The events that a backend with this store takes. */
export function wantedEvents(backend: Store): OutEvent['type'][] {
  const types = Object.keys(requestKeys) as OutEvent['type'][]
  return types.filter((type) => storeHas(backend, requestKeys[type]))
}
