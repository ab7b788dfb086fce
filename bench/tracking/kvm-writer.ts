import type { Surface } from '../../src/index.js'
import { binding } from '../../src/native/load.js'
import type { Control } from './control.js'
import { KvmGuest } from './kvm-guest.js'
import { kvmLog } from './trackers.js'
import type { Writer } from './writer.js'

/** A KVM guest whose memory the surface is. The kernel keeps a dirty log only where that is the tracker. */
export function startKvmWriter(control: Control, surface: Surface): Writer {
  const isLogged = surface.trackerChoice.mechanism === kvmLog
  const guest = new KvmGuest(surface.pixels.buffer as ArrayBuffer, isLogged, false)
  if (isLogged) surface.attachKvmSlot(guest.vmFd, KvmGuest.slot, 0, surface.capacityBytes / binding.pageSize)
  return {
    draw: () => guest.draw(control.bytes),
    close: async () => guest.close(),
  }
}
