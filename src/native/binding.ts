/**
 * The addon's whole contract. Everything below is validated again in C++: a wrong argument throws a TypeError or a
 * RangeError, a failed system call an Error with `code` ('EPERM', …), `errno` and `syscall`. Handles have an idempotent
 * `close()`, are closed at environment exit in any order, and throw an Error with code 'ERR_CLOSED' when used after it.
 *
 * Sizes are bytes unless named otherwise; a page is `pageSize` bytes. Rects cross as int32 quadruples x1, y1, x2, y2.
 */

export interface Binding {
  readonly pageSize: number
  /**
   * `sizeBytes` is rounded up to whole pages; at most 4 GiB. Or, without it, one more mapping of a memfd, which stays the
   * caller's and must be sealed against shrinking.
   */
  readonly DeviceMemory: {
    new (sizeBytes: number): DeviceMemory
    new (sizeBytes: undefined, memfd: number): DeviceMemory
  }
  /**
   * @throws EBUSY where another tracker arms the same memory's mapping already, or, of mprotect, where a SIGSEGV handler
   * was installed after its own
   */
  readonly Tracker: new (
    memory: DeviceMemory,
    options: TrackerOptions,
  ) => Tracker
  /** `fromDescriptor` takes the descriptor over, unless it throws. */
  readonly Channel: { fromDescriptor(fd: number): Channel; connect(path: string): Channel }
  readonly ChannelListener: new (path: string, onChannel: (channel: Channel) => void) => ChannelListener

  /** Tries every mechanism by a round trip on scratch memory. Best first. Takes milliseconds: call it once. */
  probeTrackers(): TrackerProbe[]

  /**
   * Compares `live` with `shadow` inside the given rects and copies what differs, in one pass: each byte of `live` is
   * read once, and what was compared is what is stored. Writes tight rects of changed pixels to `out`.
   *
   * Changed pixels of one row that are fewer than `joinGap` pixels apart become one run, touching ones always; equal
   * runs of adjacent rows become one rect. The rects are disjoint, ordered by y1, then x1. When `out` is full, rects
   * near each other are merged into their boxes, which may overlap (over-reported, never lost).
   *
   * @param strideBytes of both pictures, from one row to the next
   * @param joinGap 0 to 32768 pixels
   * @param rects not empty, inside both pictures, disjoint, y1 never decreasing
   * @param out room for at least two rects; may be the same array as `rects`
   * @returns rects written
   */
  refine(
    live: Uint8Array,
    shadow: Uint8Array,
    strideBytes: number,
    bytesPerPixel: number,
    joinGap: number,
    rects: Int32Array,
    rectCount: number,
    out: Int32Array,
  ): number
  /** The same by the plain code, for tests to compare with. */
  refinePlain: Binding['refine']

  /** Pixels of a rect as a target's: width × height × the target's bytes, rows without padding. */
  readonly convert: PixelKernel
  readonly convertPlain: PixelKernel
  /**
   * The tiles of ZRLE (RFC 6143, 7.7.6) of a rect, not yet deflated. The translation leads to CPIXELs. `out` needs room
   * for the worst case: every pixel raw, and one byte a tile of 64 × 64.
   */
  readonly encodeZrle: PixelKernel
  readonly encodeZrlePlain: PixelKernel

  /** One colour over a rect. @param colour a pixel's value */
  fill(...args: [...rect: DrawnRect, colour: number]): void
  /** The same, exclusive-or. */
  fillXor: Binding['fill']
  /**
   * A rect of the same picture (which may overlap the target in any direction) or of another one with pixels of the same
   * size.
   */
  copy(
    ...args: [...rect: DrawnRect, source: Uint8Array, sourceStrideBytes: number, fromX: number, fromY: number]
  ): void
  /**
   * A bit a pixel in two colours; rows of bits begin at whole bytes, the leftmost in the highest bit.
   * @param background undefined: pixels whose bit is not set are not written
   */
  blitGlyph(
    ...args: [
      ...rect: DrawnRect,
      bits: Uint8Array,
      bitsStrideBytes: number,
      fromX: number,
      fromY: number,
      foreground: number,
      background: number | undefined,
    ]
  ): void
  fillPlain: Binding['fill']
  fillXorPlain: Binding['fillXor']
  copyPlain: Binding['copy']
  blitGlyphPlain: Binding['blitGlyph']

  /**
   * One end of a ring in device memory (docs/protocol.md). It keeps its own index, which starts at what the memory says;
   * the other side's is read once a call. Holds the memory open.
   * @throws RangeError where the ring does not lie inside of the memory
   */
  readonly RingConsumer: new (
    memory: DeviceMemory,
    pageOffset: number,
    place: RingPlace,
  ) => RingConsumer
  readonly RingProducer: new (memory: DeviceMemory, pageOffset: number, place: RingPlace) => RingProducer
  /** One aligned 32-bit word of device memory: load with acquire, store with release, exchange with both. */
  loadWord(memory: DeviceMemory, offset: number): number
  storeWord(memory: DeviceMemory, offset: number, value: number): void
  exchangeWord(memory: DeviceMemory, offset: number, value: number): number
  /**
   * Takes the bits of a bitmap of `pageCount` pages, a word at a time by atomic exchange with 0.
   * @param runs filled with pairs (first page, page count), ascending, disjoint and not adjacent; bits that do not fit are
   * left for the next call
   * @returns runs written
   */
  takeBitmap(memory: DeviceMemory, offset: number, pageCount: number, runs: Uint32Array): number
  /** Sets bits in a bitmap of `pageCount` pages, a word at a time by atomic or. */
  markBitmap(memory: DeviceMemory, offset: number, pageCount: number, firstPage: number, count: number): void

  closeDescriptor(fd: number): void

  /**
   * A socketpair(2) of unix streams: ours, which never waits and bounds what waits for the other end's reader to 128 KiB,
   * and one to be passed on. Both are the caller's to close.
   */
  createStreamPair(): [ours: number, theirs: number]
  /** clock_gettime(2) in microseconds. @param clock CLOCK_REALTIME (0), CLOCK_MONOTONIC (1), CLOCK_BOOTTIME (7) */
  clockTime(clock: number): bigint

  readonly Userfaultfd: {
    /**
     * By the system call, or /dev/userfaultfd where that is forbidden. Non-blocking, closed on exec.
     * @param flags UFFD_USER_MODE_ONLY (1) or 0
     * @param features bits UFFD_FEATURE_*, enabled by the handshake
     */
    open(flags: number, features: bigint): Userfaultfd
    /**
     * Takes the descriptor over, unless it throws; whoever shares it has it non-blocking then, too.
     * @param features to enable where nobody has done so yet; else what was enabled counts
     */
    fromDescriptor(fd: number, features?: bigint): Userfaultfd
  }
  /** The features that the kernel offers to a userfaultfd with these flags: bits UFFD_FEATURE_*. */
  userfaultfdFeatures(flags: number): bigint
  readonly Pagemap: {
    /** @param pid default: this process */
    open(pid?: number): Pagemap
    /** Takes the descriptor over, unless it throws. */
    fromDescriptor(fd: number): Pagemap
  }
  /** Where a view's first byte lies in this process's address space. */
  addressOf(view: Uint8Array): bigint
}

/**
 * userfaultfd(2) and ioctl_userfaultfd(2), a method a call. Modes are the bits of each ioctl's own. Those that return a
 * number give pages to a range, and return how many bytes of it were done: fewer than all where a later page could not
 * be, which a call for the rest then throws.
 */
export interface Userfaultfd {
  fd(): number
  /** Bits UFFD_FEATURE_* that were enabled. */
  features(): bigint
  /** @returns bits of the ioctls that the range allows, by their numbers _UFFDIO_* */
  register(address: bigint, length: number, modes: bigint): bigint
  unregister(address: bigint, length: number): void
  writeProtect(address: bigint, length: number, protect: boolean, wake: boolean): void
  wake(address: bigint, length: number): void
  copy(address: bigint, source: Uint8Array, mode: bigint): number
  zeropage(address: bigint, length: number, mode: bigint): number
  continue(address: bigint, length: number, mode: bigint): number
  poison(address: bigint, length: number, mode: bigint): number
  move(address: bigint, length: number, mode: bigint, from: bigint): number
  /**
   * Reads events without waiting, as many as there are and fit. Who reads of a fork owns the descriptor in it.
   * @param messages filled with struct uffd_msg: 4 words each
   * @returns how many
   */
  read(messages: BigUint64Array): number
  /** Calls `onReadable` once, from the event loop, when there is an event or an error to read. One at a time. */
  wait(onReadable: () => void): void
  /** `onReadable` is not called any more. */
  stopWaiting(): void
  /** Who waits does not keep the event loop alive any more. */
  unref(): void
  close(): void
}

/** /proc/PID/pagemap. */
export interface Pagemap {
  fd(): number
  /**
   * One ioctl PAGEMAP_SCAN.
   * @param request flags, start, end, max_pages, category_inverted, category_mask, category_anyof_mask, return_mask, as
   * in struct pm_scan_arg (linux/fs.h). Its start becomes where the scan ended: when `regions` is full, before the end.
   * @param regions filled with start, end, categories: 3 words a region
   * @returns regions written
   */
  scan(request: BigUint64Array, regions: BigUint64Array): number
  close(): void
}

/**
 * A stateless loop over the pixels of one rect; each has a plain twin for tests to compare it with.
 *
 * @param source from the picture's first pixel on; the rect must lie inside
 * @param strideBytes from 0 (the same row again and again) to 131072
 * @param translation see src/pixels/translation.ts
 * @returns bytes written to `out`
 */
export type PixelKernel = (
  source: Uint8Array,
  strideBytes: number,
  x: number,
  y: number,
  width: number,
  height: number,
  translation: Uint32Array,
  out: Uint8Array,
) => number

/** What an op draws to: a rect that must lie inside of a picture, whose first pixel `pixels` begins with. */
export type DrawnRect = [
  pixels: Uint8Array,
  strideBytes: number,
  bytesPerPixel: number,
  x: number,
  y: number,
  width: number,
  height: number,
]

/** A sealed memfd (no shrinking, no growing), mapped here for stores and for reads. */
export interface DeviceMemory {
  readonly sizeBytes: number
  /** The memfd, open as long as the object is. To be passed on, not closed. */
  readonly fd: number
  /** Where this process stores: the mapping that trackers arm. Detached by close(). */
  readonly buffer: ArrayBuffer
  /**
   * The same bytes, to read what changed: a mapping that no tracker arms, so that our own reads cost no fault. Mapped
   * without write access: a store there ends the process. Detached by close().
   */
  readonly view: ArrayBuffer
  /**
   * The same bytes, for stores that no tracker is to see. Mapped at the first use. Detached by close().
   * @throws ENOMEM
   */
  readonly untracked: ArrayBuffer
  close(): void
}

/** Where a ring lies in its page, as in src/ring/layout.ts. */
export interface RingPlace {
  readonly cons: number
  readonly prod: number
  readonly events: number
  readonly slots: number
}

export interface RingConsumer {
  /**
   * Copies the events that are there, as many as fit into `events`, and leaves them in the ring.
   * @returns how many; -1: the producer claims more than the ring holds. All of it was skipped then, and there may be
   * more: take() again
   */
  take(events: Uint8Array): number
  /**
   * The first `count` taken events, and what they point to, are done with.
   * @returns true where more is there: who would sleep has to take() again
   */
  release(count: number): boolean
  /** Starts over behind the newest event. @returns as release() */
  skip(): boolean
}

export interface RingProducer {
  /** The number of the next event, modulo 2^32. */
  index(): number
  /**
   * @param events `count` events of 40 bytes
   * @returns how many found room; a consumer's index that cannot be is a full ring
   */
  post(events: Uint8Array, count: number): number
  /** True once after post() where the ring was empty before: the doorbell has to be rung. */
  takeBell(): boolean
}

export type TrackerMechanism =
  | 'wp-async'
  | 'wp-sync'
  | 'zap'
  | 'zap-reads'
  | 'mprotect'
  | 'compare'
  | 'kvm-log'

export interface TrackerOptions {
  mechanism: TrackerMechanism
  /**
   * Pages that are dirty in harvest after harvest are left open: un-armed, and compared with the shadow, because that
   * costs less than their faults. And with wp-async, a mapping that is still is handed over to a synchronous userfaultfd,
   * where this system allows one that handles the kernel's own stores: watch() comes true then. `true`: by the costs that
   * are measured here, once a process; or by those that are given, for runs that can be repeated. Default: false, every
   * page is tracked by the mechanism.
   */
  adaptive?: boolean | TrackingCosts
  /** What comparing is done against: the picture from its first byte on; as large as the memory. Read only. */
  shadow: Uint8Array
  /** Called by the event loop after watch(), once, when something was stored. Does not keep the event loop alive. */
  onStore?: () => void
}

/** Of processor time, the writer's included. */
export interface TrackingCosts {
  /** An armed page that is stored to: the fault, and its share of the harvest. */
  dirtyPageNs: number
  /** One more run of armed pages in a harvest. */
  runNs: number
  /** A page that is compared with the shadow and equals it. */
  comparedPageNs: number
}

export interface TrackerProbe {
  mechanism: TrackerMechanism
  /** Whether the choice `auto` may take it: the best that works and has no limits. */
  automatic: boolean
  works: boolean
  /** Empty where it works; else which call failed with what, or which check of the round trip. */
  reason: string
  /** What it cannot do here although it works: "read(2) into the memory fails with EFAULT". */
  limits: readonly string[]
}

export interface TrackerStatus {
  /** Mappings that are tracked by faults, the own one included; and those that are compared. */
  tracked: number
  compared: number
  /** Of those tracked, how many need no polling just now: none of them was stored to, and the next store is an event. */
  still: number
  /** Pages that an adaptive tracker leaves open. */
  openPages: number
  /** Why watch() can never be true with these mappings; '' where it can. */
  whyPolled: string
  /** The last failure of the kernel; '' where there was none. */
  lastError: string
}

/**
 * Finds the dirty pages of device memory. Its own mapping is armed by the constructor (with 'kvm-log', nobody looks at it:
 * only slots and markDirty() count); mappings in other processes are added by attach(). All pages are dirty at first. On any error of the kernel all pages of the mapping are dirty, and the
 * mapping is compared from then on, or dropped where its process has exited (ESRCH).
 *
 * Where pages are compared, one whose shown bytes differ from the shadow is dirty at every harvest until they are copied
 * there.
 *
 * At most 64 mappings are tracked by faults, those beyond are compared; at most 1024 in all (ENOSPC).
 */
export interface Tracker {
  readonly mechanism: TrackerMechanism
  /**
   * Takes the dirty pages of all mappings and re-arms them, before it returns: pixels read afterwards are the newest.
   * Fills `runs` with pairs (first page, page count), ascending, disjoint and not adjacent. Runs that do not fit stay
   * dirty, and are the next call's.
   * @returns runs written
   */
  harvest(runs: Uint32Array): number
  /**
   * Nothing has moved for a while: asks for onStore at the next store, once. An adaptive tracker gets its mappings ready
   * for that in the first calls; while it does, all their pages are dirty once.
   * @returns false where that cannot be, and harvest() has to be called from time to time: something is dirty already,
   * or a mapping is tracked by scanning or comparing (status().whyPolled)
   */
  watch(): boolean
  /**
   * What is shown: `rows` rows of `rowBytes`, `strideBytes` apart, from `offsetBytes` on. All of the memory at first.
   * Other bytes are not compared, and an adaptive tracker takes no notice of pages that show nothing: their stores cost
   * nothing. What is shown is dirty once.
   */
  setPicture(offsetBytes: number, strideBytes: number, rowBytes: number, rows: number): void
  markDirty(firstPage: number, pageCount: number): void
  /**
   * Tracks a mapping of another process: registers and arms it. Takes over neither descriptor; the tracker duplicates
   * what it needs. All pages of a fresh mapping are dirty once. Where the kernel refuses, the mapping is compared, and
   * status() tells why; with the mechanism 'compare' it is compared anyway. Descriptors that are something else, a page
   * range outside of the device or an address that cannot be one throw.
   *
   * Detach a mapping before another one at the same addresses of the same process is attached.
   * @param uffd that process's userfaultfd, opened with the features of wp-async; like every descriptor here undefined
   * where there is none: the mechanism takes what it needs, or compares
   * @param pagemap that process's /proc/self/pagemap, on the procfs that is mounted at /proc here
   * @param syncUffd another userfaultfd of that process, for this mapping alone, whose faults come as events. Nobody else
   * may hold it: with the last descriptor, whoever waits in a fault goes on
   * @param zapAgent a socket to the agent in that process that unmaps pages on demand
   * @param address of the mapping's first page, in that process
   * @param syncUserModeOnly syncUffd lets the kernel's own stores to an armed page, as by read(2), fail with EFAULT
   * @returns an id for detach(), never used again
   */
  attach(
    uffd: number | undefined,
    pagemap: number | undefined,
    syncUffd: number | undefined,
    zapAgent: number | undefined,
    address: bigint,
    firstPage: number,
    pageCount: number,
    syncUserModeOnly?: boolean,
  ): number
  /** A mapping that nobody can arm: its pages are compared with the shadow at every harvest. */
  attachUntracked(firstPage: number, pageCount: number): number
  /**
   * Tracks the stores of a KVM guest's processors to these pages, beside any mechanism: by the dirty log of the memory
   * slot that they are, which has to have KVM_MEM_LOG_DIRTY_PAGES. All pages of a fresh slot are dirty once. Where the
   * kernel refuses, as for a machine of another process (EIO) or a slot of another size (EINVAL, EFAULT), the pages are
   * compared, and status() tells why.
   *
   * From then on the log is the tracker's: what another reader takes from it is lost here. Detach a slot before it is
   * changed.
   * @param vmFd a virtual machine that this process created; duplicated, not taken over
   * @param slot as in KVM_GET_DIRTY_LOG: the address space in bits 16 to 31
   * @param firstPage of device memory, where the slot's first page is
   * @param pageCount all of the slot
   * @returns an id for detach(), never used again
   */
  attachKvmSlot(vmFd: number, slot: number, firstPage: number, pageCount: number): number
  /**
   * The mapping goes away. All its pages are dirty once more: when this is called it may be unmapped already, and its
   * last dirt gone with it. Unknown ids are ignored.
   */
  detach(id: number): void
  status(): TrackerStatus
  close(): void
}

/**
 * One end of a SOCK_SEQPACKET unix socket that carries messages of at most 64 KiB with up to 4 descriptors each.
 * Its poll handle is referenced by the event loop unless `unref()` was called.
 */
export interface Channel {
  readonly peer: { pid: number; uid: number; gid: number }
  /**
   * `onMessage` owns the descriptors that it is handed. `onEnd` is called once, when the peer is gone or close() was
   * called. Neither is called before the next turn of the event loop. Messages are never empty.
   */
  start(onMessage: (message: Uint8Array, fds: number[]) => void, onEnd: () => void): void
  /** @returns false when the peer's queue is full or it is gone: the message was not sent. */
  send(message: Uint8Array, fds?: number[]): boolean
  unref(): void
  close(): void
}

/** Listens on a unix socket path with mode 0600. close() unlinks the path. */
export interface ChannelListener {
  unref(): void
  close(): void
}
