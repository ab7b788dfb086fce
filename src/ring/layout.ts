import type { PixelFormatName } from '../pixels/format.js'
import {
  array,
  bytes,
  type Fields,
  i32,
  nested,
  type Record,
  record,
  text,
  u8,
  u16,
  u32,
  u64,
} from '../util/record.js'

/**
 * Device memory, its rings and their events: the one source of the layout that docs/protocol.md tells in words.
 * native/ring/layout.h is generated from it by tools/gen-layout.ts.
 *
 * The framebuffer and keyboard pages, and events with codes below 64, are Xen's (xen/interface/io/fbif.h, kbdif.h).
 */

export const deviceVersion = 1
/** Of the protocol, whatever the machine's. */
export const devicePageBytes = 4096
export const deviceMagic = 'umfbdev'
export const maxScanouts = 4
export const storeBytes = 1536
/** Colours of a scanout. */
export const paletteColours = 256
/** Largest side of a cursor, in pixels. */
export const maxCursorSide = 256

/** XenbusState (xen/interface/io/xenbus.h). */
export const stateInitialising = 1
export const stateWaiting = 2
export const stateConnected = 4
export const stateClosing = 5
export const stateClosed = 6

/** Of a scanout's format: DRM_FORMAT_* (drm_fourcc.h). */
export const formatCodes = {
  xrgb8888: fourcc('XR24'),
  xbgr8888: fourcc('XB24'),
  rgbx8888: fourcc('RX24'),
  bgrx8888: fourcc('BX24'),
  rgb888: fourcc('RG24'),
  bgr888: fourcc('BG24'),
  rgb565: fourcc('RG16'),
  bgr565: fourcc('BG16'),
  xrgb1555: fourcc('XR15'),
  rgb332: fourcc('RGB8'),
  c8: fourcc('C8  '),
} as const satisfies { [name in PixelFormatName]: number }

/** fourcc_code() of drm_fourcc.h: the first letter in the lowest byte. */
function fourcc(letters: string): number {
  return [...letters].reduceRight((code, letter) => code * 256 + letter.charCodeAt(0), 0)
}

export const peer = record('peer', {
  state: u32,
  generation: u32,
  storeSerial: u32,
  allDirty: u32,
  dropped: u32,
  reserved: bytes(44),
})

export const scanout = record('scanout', {
  enabled: u32,
  width: u32,
  height: u32,
  strideBytes: u32,
  offsetBytes: u64,
  format: u32,
  blank: u32,
  x: i32,
  y: i32,
  reserved: bytes(24),
})

export const info = record('info', {
  magic: text(8),
  version: u32,
  pageBytes: u32,
  memoryBytes: u64,
  framebufferOffset: u32,
  keyboardOffset: u32,
  bitmapOffset: u32,
  bitmapBytes: u32,
  heapOffset: u32,
  heapBytes: u32,
  coloursOffset: u32,
  reserved: u32,
  pixelsOffset: u64,
  pixelsBytes: u64,
  padding: bytes(56),
  backend: nested(peer),
  frontend: nested(peer),
  scanouts: array(scanout, maxScanouts),
  unused: bytes(512),
  backendStore: text(storeBytes),
  frontendStore: text(storeBytes),
})

export const eventBytes = 40

/** Where a ring lies in its page. `slots` is no power of two. */
export interface RingPlace {
  readonly cons: number
  readonly prod: number
  readonly events: number
  readonly slots: number
}

/** struct xenfb_page and its rings. */
export const framebufferPage = {
  in: { cons: 0, prod: 4, events: 1024, slots: 25 },
  out: { cons: 8, prod: 12, events: 2048, slots: 51 },
} as const satisfies { [direction: string]: RingPlace }

/** The mode in struct xenfb_page, as it was when the frontend connected. */
export const framebufferMode = record('framebuffer_mode', {
  indices: bytes(16),
  width: i32,
  height: i32,
  lineLength: u32,
  memLength: u32,
  depth: u8,
  padding: bytes(3),
})

/** struct xenkbd_page and its rings. */
export const keyboardPage = {
  in: { cons: 0, prod: 4, events: 1024, slots: 51 },
  out: { cons: 8, prod: 12, events: 3072, slots: 25 },
} as const satisfies { [direction: string]: RingPlace }

/** Events of the framebuffer page's out ring: from the frontend. */
export const outTypes = {
  update: 2,
  resize: 3,
  fill: 64,
  copy: 65,
  blit: 66,
  cursor: 67,
  dirty: 68,
  bell: 69,
  scanout: 70,
  colours: 71,
} as const

/** Events of the framebuffer page's in ring: to the frontend. */
export const inTypes = { refreshPeriod: 1, dirty: 64, mode: 65 } as const

/** Events of the keyboard page's in ring: to the frontend. */
export const keyboardTypes = { motion: 1, key: 3, pos: 4, mtouch: 5 } as const

/** Of MTOUCH's eventType. */
export const touchTypes = { down: 0, up: 1, motion: 2, syn: 3, shape: 4, orientation: 5 } as const

/** Of FILL. */
export const ropCopy = 0
export const ropXor = 1
/** Of BLIT: pixels of the scanout; a bit a pixel in two colours; the same, without a background. */
export const blitPixels = 0
export const blitGlyph = 1
export const blitTransparentGlyph = 2
/** Of CURSOR. */
export const cursorHidden = 0
export const cursorMoved = 1
export const cursorShape = 2

/** What every event begins with, and all that one of an unknown type has. */
const start = { type: u8, scanout: u8 }
const place = { x: i32, y: i32, width: i32, height: i32 }

function event<F extends Fields>(name: string, fields: F, usedBytes: number) {
  const rest = eventBytes - usedBytes
  return record(name, { ...fields, ...(rest > 0 && { rest: bytes(rest) }) } as F)
}

/** One record an event: its fields, filled up to the slot. */
export const events = {
  update: event('update_event', { ...start, padding: bytes(2), ...place }, 20),
  resize: event(
    'resize_event',
    { ...start, padding: bytes(2), width: i32, height: i32, strideBytes: i32, depth: i32, offsetBytes: i32 },
    24,
  ),
  fill: event('fill_event', { ...start, rop: u8, padding: u8, ...place, colour: u32 }, 24),
  copy: event('copy_event', { ...start, padding: bytes(2), ...place, fromX: i32, fromY: i32 }, 28),
  blit: event(
    'blit_event',
    {
      ...start,
      kind: u8,
      padding: u8,
      ...place,
      heapOffset: u32,
      strideBytes: u32,
      foreground: u32,
      background: u32,
    },
    36,
  ),
  cursor: event(
    'cursor_event',
    {
      ...start,
      kind: u8,
      padding: u8,
      x: i32,
      y: i32,
      hotX: u16,
      hotY: u16,
      width: u16,
      height: u16,
      heapOffset: u32,
    },
    24,
  ),
  dirty: event('dirty_event', { ...start, padding: bytes(2), serial: u32 }, 8),
  /** BELL, SCANOUT, COLOURS. */
  plain: event('plain_event', start, 2),
  refreshPeriod: event('refresh_period_event', { ...start, padding: bytes(2), ms: u32 }, 8),
  mode: event('mode_event', { ...start, padding: bytes(2), width: u32, height: u32 }, 12),
  motion: event('motion_event', { ...start, padding: bytes(2), relX: i32, relY: i32, relZ: i32 }, 16),
  key: event('key_event', { type: u8, pressed: u8, padding: bytes(2), keycode: u32 }, 8),
  pos: event('pos_event', { ...start, padding: bytes(2), absX: i32, absY: i32, relZ: i32 }, 16),
  /** Of DOWN and MOTION; SHAPE has major and minor (u32) there, ORIENT its angle (i16) at 8. */
  mtouch: event(
    'mtouch_event',
    { type: u8, eventType: u8, contactId: u8, reserved: bytes(5), x: i32, y: i32 },
    16,
  ),
} as const

/** What a packet to the socket begins with. */
export const socketMagic = 'umfb'

/** Of attach's kind. */
export const attachNew = 0
export const attachMine = 1
export const attachKnown = 2

/** The frontend's first packet. */
export const attach = record('attach', {
  magic: text(4),
  version: u16,
  kind: u16,
  width: u32,
  height: u32,
  format: u32,
  reserved: u32,
  pixelsBytes: u64,
  program: text(64),
})

/** The backend's answer. */
export const attached = record('attached', {
  magic: text(4),
  version: u16,
  /** 0, or an errno. */
  status: u16,
  reserved: bytes(8),
})

/** All records, in the order in which C needs them. */
export const records: readonly Record<Fields>[] = [
  peer,
  scanout,
  info,
  framebufferMode,
  ...Object.values(events),
  attach,
  attached,
]

/** C's names are UMFB_DEV_ and these, in capitals. */
export const constants = {
  version: deviceVersion,
  pageBytes: devicePageBytes,
  maxScanouts,
  storeBytes,
  paletteColours,
  maxCursorSide,
  stateInitialising,
  stateWaiting,
  stateConnected,
  stateClosing,
  stateClosed,
  eventBytes,
  ...prefixed('framebufferIn', framebufferPage.in),
  ...prefixed('framebufferOut', framebufferPage.out),
  ...prefixed('keyboardIn', keyboardPage.in),
  ...prefixed('keyboardOut', keyboardPage.out),
  ...prefixed('format', formatCodes),
  ...prefixed('out', outTypes),
  ...prefixed('in', inTypes),
  ...prefixed('keyboard', keyboardTypes),
  ...prefixed('touch', touchTypes),
  ropCopy,
  ropXor,
  blitPixels,
  blitGlyph,
  blitTransparentGlyph,
  cursorHidden,
  cursorMoved,
  cursorShape,
  attachNew,
  attachMine,
  attachKnown,
}

/** The same, as strings. */
export const strings = { magic: deviceMagic, socketMagic }

function prefixed(prefix: string, values: object): { [name: string]: number } {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      `${prefix}${name[0]!.toUpperCase()}${name.slice(1)}`,
      value,
    ]),
  )
}
