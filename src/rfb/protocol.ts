/** The numbers of the RFB protocol (RFC 6143; the registry is IANA's "Remote Framebuffer"). */

export type ProtocolVersion = '3.3' | '3.7' | '3.8'

/** RFC 6143, 7.1.2. */
export const securityTypes = { none: 1, vncAuth: 2 } as const

/** RFC 6143, 7.1.3. */
export const securityResults = { ok: 0, failed: 1 } as const

/** RFC 6143, 7.5. */
export const clientMessages = {
  setPixelFormat: 0,
  setEncodings: 2,
  framebufferUpdateRequest: 3,
  keyEvent: 4,
  pointerEvent: 5,
  clientCutText: 6,
  /** The community's specification, as is ExtendedDesktopSize, which it goes with. */
  setDesktopSize: 251,
  /** The RFB protocol's community specification, "QEMU Client Message": a second byte says which. */
  qemu: 255,
} as const

export const qemuMessages = { extendedKeyEvent: 0 } as const

/** RFC 6143, 7.6. */
export const serverMessages = { framebufferUpdate: 0, setColourMapEntries: 1, bell: 2 } as const

/** RFC 6143, 7.7 and 7.8; beyond, the community's list. */
export const encodings = {
  raw: 0,
  copyRect: 1,
  zrle: 16,
  desktopSize: -223,
  /** TightVNC's: where the server has the pointer. */
  pointerPos: -232,
  cursor: -239,
  qemuExtendedKeyEvent: -258,
  extendedDesktopSize: -308,
  cursorWithAlpha: -314,
} as const

/** Of ExtendedDesktopSize: why the viewer is told, and what came of its wish. */
export const resizeReasons = { server: 0, viewer: 1, otherViewer: 2 } as const
export const resizeStatuses = { ok: 0, prohibited: 1, outOfResources: 2, invalidLayout: 3 } as const
