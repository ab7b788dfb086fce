import { paletteBytes } from '../pixels/format.js'
import {
  array,
  bytes,
  type Fields,
  i32,
  nested,
  type Record,
  record,
  text,
  u16,
  u32,
  u64,
} from '../util/record.js'

/**
 * What a guest process and the host say to each other: one message is one packet of a SOCK_SEQPACKET unix socket, a
 * header and a body of the size that its operation has. This is the one source of the layout: native/client/wire.h is
 * generated from it by tools/gen-layout.ts. docs/guests.md tells the protocol in words.
 *
 * The guest asks, the host answers each request with the same operation and serial, and `status` 0 and the reply's
 * body, or `status` a negative errno and no body. A request with serial 0 wants no answer. Messages of the host's own
 * accord have serial 0. An operation that the host does not know is answered with -ENOSYS.
 */

export const protocolVersion = 1

export const header = record('header', { op: u32, serial: u32, status: i32, reserved: u32 })

/** The picture's geometry, in the terms of struct fb_var_screeninfo (linux/fb.h). */
export const screen = record('screen', {
  width: u32,
  height: u32,
  virtualWidth: u32,
  virtualHeight: u32,
  xOffset: u32,
  yOffset: u32,
  bitsPerPixel: u32,
  strideBytes: u32,
  redShift: u32,
  redBits: u32,
  greenShift: u32,
  greenBits: u32,
  blueShift: u32,
  blueBits: u32,
  /** 1: a pixel is an index into the palette. */
  indexed: u32,
  /** From the host: bytes of device memory that a frame buffer with this screen has. They grow, and do not shrink. */
  memoryBytes: u32,
})

/** struct input_event without its time (linux/input.h). */
export const inputEvent = record('input_event', { type: u16, code: u16, value: i32 })

/** Input events that one message carries at most. */
export const maxInputEvents = 64

/** Runs of pages that one zap can name. */
export const maxZapRuns = 128

/** Event devices of a guest, as its /dev/input/event0 to event3. */
export const inputKeyboard = 0
export const inputPointer = 1
export const inputTouch = 2
/** What moves by steps: drivers take a device that has both for a mouse, and its places for nothing. */
export const inputMouse = 3
export const inputDevices = 4

/** Places that a touch screen tells apart. */
export const touchSlots = 10

/** What `controlInput` does. */
export const inputClock = 1
export const inputGrab = 2
export const inputUngrab = 3
export const inputRevoke = 4
export const inputRepeat = 5

/** Mappings that one connection may have at a time. */
export const maxMappings = 256

/** Bits of hello's `wanted`. */
export const wantInput = 1
export const wantScreen = 2
/** The sizes that viewers wish for: the process speaks for the guest, and answers by setScreen, or not. */
export const wantMode = 4

/** Bits of `setScreen`'s flags. FB_ACTIVATE_TEST: only say what would be set. */
export const screenTest = 1

/**
 * Bits of `map`'s flags: which descriptors come with it, in this order. None: the mapping is compared.
 *
 * mapAsync: a userfaultfd with the features of wp-async, and /proc/self/pagemap.
 */
export const mapAsync = 1
/** A userfaultfd for this mapping alone, whose faults come as events; the process keeps no copy of it. */
export const mapSync = 2
/** A socket to the thread of this process that unmaps pages on demand. */
export const mapZap = 4
/**
 * With mapSync: only stores of the program itself are events. The kernel's own, as by read(2), fail with EFAULT while the
 * mapping is armed: the process may not have a userfaultfd that handles them (vm.unprivileged_userfaultfd).
 */
export const mapSyncUserOnly = 8

/** Bits of welcome's `tracking`: what the host has a use for. */
export const trackAsync = 1
export const trackSync = 2
export const trackZap = 4

export const hello = record('hello', {
  version: u32,
  /** What to send of the host's own accord: wantInput, wantScreen, wantMode. */
  wanted: u32,
  /** Of a device that the process's ancestor had, or 0. */
  token: u64,
  /** The mode asked for where the frontend gets a device of its own; 0: the host's choice. */
  width: u32,
  height: u32,
  bitsPerPixel: u32,
  reserved: u32,
  /** For people to read. */
  program: text(64),
})

/** The answer to hello; device memory's descriptor comes with it. */
export const welcome = record('welcome', {
  version: u32,
  /** trackAsync, trackSync, trackZap. */
  tracking: u32,
  token: u64,
  capacityBytes: u64,
  screen: nested(screen),
})

export const setScreen = record('set_screen', { flags: u32, reserved: u32, screen: nested(screen) })

export const pan = record('pan', { xOffset: u32, yOffset: u32 })

export const palette = record('palette', {
  /** First colour and number of colours that are meant. */
  first: u32,
  count: u32,
  /** Red, green, blue of all 256 colours, by index. */
  colours: bytes(paletteBytes),
})

export const modeWanted = record('mode_wanted', { width: u32, height: u32 })

/** FB_BLANK_UNBLANK (0) to FB_BLANK_POWERDOWN (4). */
export const blank = record('blank', { level: u32, reserved: u32 })

export const map = record('map', {
  flags: u32,
  firstPage: u32,
  pageCount: u32,
  reserved: u32,
  address: u64,
})

export const mapping = record('mapping', { id: u32, reserved: u32 })

export const pages = record('pages', { firstPage: u32, pageCount: u32 })

export const input = record('input', {
  count: u32,
  reserved: u32,
  events: array(inputEvent, maxInputEvents),
})

/**
 * From the host to a mapping's zap agent, by the socket that came with mapZap: unmap these pages, counted from the first one
 * of the mapping.
 */
export const zap = record('zap', { serial: u32, count: u32, runs: array(pages, maxZapRuns) })
/** The agent's answer: what the zap of that serial named is unmapped. */
export const zapped = record('zapped', { serial: u32, reserved: u32 })
/** The answer to openInput; a stream of struct input_event (linux/input.h) comes with it, to be read, and LEDs written. */
export const inputStream = record('input_stream', { id: u32, reserved: u32 })

export const openInput = record('open_input', { device: u32, reserved: u32 })

export const touchSlot = record('touch_slot', { trackingId: i32, x: i32, y: i32 })

/** What the events so far come to. */
export const inputState = record('input_state', {
  /** A bit a code of EV_KEY, as EVIOCGKEY has it. */
  keys: bytes(96),
  /** A bit a code of EV_LED. */
  leds: u32,
  repeatDelayMs: u32,
  repeatPeriodMs: u32,
  /** Of the picture: absolute places lie in it. */
  width: u32,
  height: u32,
  x: i32,
  y: i32,
  /** ABS_X and ABS_Y of the touch screen. */
  touchX: i32,
  touchY: i32,
  slot: u32,
  slots: array(touchSlot, touchSlots),
})

export const controlInput = record('control_input', {
  /** Of the stream. */
  id: u32,
  /** inputClock to inputRepeat. */
  control: u32,
  /** A clock's number; the delay of inputRepeat in ms, and in `second` its period. */
  first: u32,
  second: u32,
})

const empty = record('empty', {})

export interface Operation {
  readonly code: number
  readonly body: Record<Fields>
  readonly reply: Record<Fields>
}

function operation<B extends Fields, R extends Fields>(code: number, body: Record<B>, reply: Record<R>) {
  return { code, body, reply }
}

/** One line an operation. Codes are never used again for something else. */
export const operations = {
  hello: operation(1, hello, welcome),
  getScreen: operation(2, empty, screen),
  setScreen: operation(3, setScreen, screen),
  pan: operation(4, pan, empty),
  getPalette: operation(5, empty, palette),
  setPalette: operation(6, palette, empty),
  blank: operation(7, blank, empty),
  /** Answered when the mapping is armed, so that no store comes before. */
  map: operation(8, map, mapping),
  /** Answered when the mapping's last dirt is taken. */
  unmap: operation(9, mapping, empty),
  /** The doorbell: something changed, have a look soon. */
  kick: operation(10, empty, empty),
  /** These pages changed in a way that no mapping saw. */
  dirty: operation(11, pages, empty),
  /** One more connection to the same device, for a child to be: the descriptor is the host's end of a socket pair. */
  adopt: operation(12, empty, empty),
  /** Opens an event device. */
  openInput: operation(13, openInput, inputStream),
  getInputState: operation(14, empty, inputState),
  /** As the ioctls EVIOCSCLOCKID, EVIOCGRAB, EVIOCREVOKE and EVIOCSREP; grabbing what another has is -EBUSY. */
  controlInput: operation(15, controlInput, empty),
} as const

/** Messages of the host's own accord. */
export const notifications = {
  input: { code: 128, body: input },
  screen: { code: 129, body: screen },
  modeWanted: { code: 130, body: modeWanted },
} as const

/** All records, in the order in which C needs them. */
export const records = [
  header,
  screen,
  inputEvent,
  hello,
  welcome,
  setScreen,
  pan,
  palette,
  modeWanted,
  blank,
  map,
  mapping,
  pages,
  input,
  zap,
  zapped,
  inputStream,
  openInput,
  touchSlot,
  inputState,
  controlInput,
]

export const constants = {
  protocolVersion,
  maxInputEvents,
  maxZapRuns,
  inputKeyboard,
  inputPointer,
  inputTouch,
  inputMouse,
  inputDevices,
  touchSlots,
  inputClock,
  inputGrab,
  inputUngrab,
  inputRevoke,
  inputRepeat,
  maxMappings,
  wantInput,
  wantScreen,
  wantMode,
  screenTest,
  mapAsync,
  mapSync,
  mapZap,
  mapSyncUserOnly,
  trackAsync,
  trackSync,
  trackZap,
}
