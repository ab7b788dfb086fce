/** A KVM guest of a few instructions (native/linux/kvm_guest.h), in this process: for the benchmark and the tests. */
import { createRequire } from 'node:module'
import { builtPath } from './built.js'

export interface KvmGuest {
  /** The virtual machine's descriptor: to be passed on, not closed. */
  readonly vmFd: number
  /**
   * Has the guest store `value` (4 bytes) at each byte offset of the memory, in this order; at most 65536.
   * @returns '' when all is done, or the error that KVM_RUN ended with: 'EFAULT'
   */
  store(offsets: Uint32Array, value: number): string
  /** The same in a thread of its own. One at a time, and nothing else meanwhile. */
  storeMeanwhile(offsets: Uint32Array, value: number): Promise<string>
  /** Removes the memory's slot from the machine. From then on stores give 'EFAULT'. */
  removeMemory(): void
  /** Draws what a control page asks for, if that is pokes. */
  draw(control: Uint8Array): void
  /** Idempotent. */
  close(): void
}

interface KvmGuestAddon {
  KvmGuest: {
    /** The memory's slot. */
    readonly slot: number
    /**
     * @param memory whole pages, which outlive the guest
     * @param logged the kernel keeps the slot's dirty log
     * @param manualProtect KVM_CAP_MANUAL_DIRTY_LOG_PROTECT2, all pages dirty at first
     * @throws Error where KVM refuses
     */
    new (memory: ArrayBuffer, logged: boolean, manualProtect: boolean): KvmGuest
  }
}

export const { KvmGuest }: KvmGuestAddon = createRequire(import.meta.url)(builtPath('umfb-kvm-guest.node'))
