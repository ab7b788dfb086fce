/** The public face: everything that the package "umfb" exports. */

export { TextConsole, type TextConsoleEvents, type TextConsoleOptions } from './console/text-console.js'
export type { TextScreen } from './console/text-screen.js'
export type { WaitOptions } from './console/text-waits.js'
export { ControlClient, type ControlClientOptions, listDevices } from './control/client.js'
export type {
  ControlledDevice,
  DeviceStatus,
  PixelsResult,
  TextParams,
  TypeParams,
} from './control/protocol.js'
export { openRuntimeDirectory, runtimeDirectory } from './control/runtime-directory.js'
export { ControlServer, type ControlServerOptions } from './control/server.js'
export { coalesce } from './damage/coalesce.js'
export type { PictureOp, PictureOpName } from './damage/picture-op.js'
export { Device, type DeviceOptions, type RunOptions, type ShowOptions, type VncOptions } from './device.js'
export type { Rings } from './device-screen.js'
export { DeviceServer, type DeviceServerEvents, type DeviceServerOptions } from './device-server.js'
export { adviceFor, type Diagnosis, diagnose, type SystemFacts } from './diagnosis.js'
export type { BlitOp, ColourImage, CopyOp, DrawOp, FillOp, GlyphImage } from './draw/op.js'
export { pixelValue } from './draw/pixel-value.js'
export * from './errors.js'
export * from './geometry/rect.js'
export { Region } from './geometry/region.js'
export { GuestServer, type GuestServerOptions, type WantedDevice } from './guests/guest-server.js'
export { ProcessGuest, type ProcessGuestOptions } from './guests/process.js'
export { frameBufferBytes } from './guests/screen.js'
export type { InputEvent } from './input/event.js'
export { GuestInput, type InputConsumer } from './input/guest-input.js'
export { InputSource, type Touch } from './input/input-source.js'
export type { InputState, TouchSlot } from './input/input-state.js'
export { type LayoutName, layoutNames } from './input/layout.js'
export type { TypeOptions } from './input/typist.js'
export { webCodeToCode } from './input/web-code.js'
export {
  type Component,
  greyPalette,
  isPixelFormatName,
  type Palette,
  type PixelFormat,
  type PixelFormatName,
  pixelFormatNames,
  pixelFormats,
} from './pixels/format.js'
export { expandComponent, type PixelLayout, toRgb } from './pixels/to-rgb.js'
export { isLoopback, resolveHost } from './rfb/listen-address.js'
export type { RfbSecurity } from './rfb/security/registry.js'
export {
  RfbServer,
  type RfbServerEvents,
  type RfbServerOptions,
  type Viewer,
} from './rfb/server.js'
export {
  Backend,
  type BackendEvents,
  type BackendOptions,
} from './ring/backend.js'
export type { CursorImage } from './ring/cursor.js'
export type { FrontendFeatures } from './ring/features.js'
export { type ConnectOptions, Frontend, type FrontendEvents, type FrontendOptions } from './ring/frontend.js'
export type { FrontendScanout, ScanoutModeOptions } from './ring/frontend-scanout.js'
export type { TouchEvent } from './ring/keyboard-events.js'
export { type Link, LocalLink } from './ring/link.js'
export {
  adoptDeviceMemory,
  createDeviceMemory,
  type LaidOutMemory,
  type MemoryLayout,
  type MemoryOptions,
} from './ring/memory.js'
export { allFeatures, type Feature } from './ring/negotiation.js'
export { encodePng, type Picture, type PngOptions, PngSink, type TakePng, writePng } from './sinks/png.js'
export type { BlankLevel } from './surface/appearance.js'
export type { CursorShape } from './surface/cursor.js'
export { createMode, type Mode, type ModeOptions, maxSide, modeBytes } from './surface/mode.js'
export type { ModeAnswer, ModeWish, ModeWishOptions } from './surface/mode-wishes.js'
export type { Attachment, Demand, Frame, RectCost, Sink } from './surface/sink.js'
export { Surface, type SurfaceStats } from './surface/surface.js'
export type { SurfaceEvents } from './surface/surface-events.js'
export type { WriterMapping } from './surface/surface-memory.js'
export type { SurfaceOptions } from './surface/surface-options.js'
export type { Teller, ToldOp } from './surface/told-drawing.js'
export { probeTrackers, type TrackerChoice, type TrackerName } from './surface/tracker-choice.js'
export { type Address, formatAddress, parseAddress } from './util/address.js'
export type { ProcessExit } from './util/guard-end.js'
export {
  type PasswordFile,
  randomPassword,
  readPasswordFile,
  significantPasswordBytes,
} from './util/password.js'
