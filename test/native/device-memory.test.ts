import assert from 'node:assert/strict'
import { closeSync, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs'
import { describe, it } from 'node:test'
import { binding } from '../../src/native/load.js'

const { DeviceMemory, pageSize } = binding

describe('DeviceMemory', () => {
  it('is one zeroed mapping of whole pages', () => {
    const memory = new DeviceMemory(pageSize + 1)
    assert.equal(memory.sizeBytes, 2 * pageSize)
    assert.equal(memory.buffer.byteLength, 2 * pageSize)
    assert.equal(memory.buffer, memory.buffer)
    assert.ok(new Uint8Array(memory.buffer).every((byte) => byte === 0))
    memory.close()
  })

  it('is the memfd', () => {
    const memory = new DeviceMemory(pageSize)
    new Uint8Array(memory.buffer)[100] = 42
    const byte = new Uint8Array(1)
    assert.equal(readSync(memory.fd, byte, 0, 1, 100), 1)
    assert.equal(byte[0], 42)
    memory.close()
  })

  it('has a mapping whose stores no tracker sees', () => {
    const memory = new DeviceMemory(pageSize)
    const { mechanism } = binding.probeTrackers().find(({ automatic, works }) => automatic && works)!
    const shadow = new Uint8Array(pageSize)
    const tracker = new binding.Tracker(memory, { mechanism, shadow })
    const runs = new Uint32Array(2)
    tracker.harvest(runs)
    new Uint8Array(memory.untracked)[5] = shadow[5] = 42
    assert.equal(new Uint8Array(memory.buffer)[5], 42)
    assert.equal(memory.untracked, memory.untracked)
    assert.equal(tracker.harvest(runs), 0)
    tracker.close()
    memory.close()
  })

  it('is sealed against shrinking and growing, for whoever opens it', () => {
    const memory = new DeviceMemory(2 * pageSize)
    const again = openSync(`/proc/self/fd/${memory.fd}`, 'r+')
    for (const fd of [memory.fd, again]) {
      assert.throws(() => ftruncateSync(fd, pageSize), { code: 'EPERM' })
      assert.throws(() => ftruncateSync(fd, 3 * pageSize), { code: 'EPERM' })
    }
    closeSync(again)
    memory.close()
  })

  it('detaches the buffer and closes the memfd with close()', () => {
    const memory = new DeviceMemory(pageSize)
    const { buffer, untracked, fd } = memory
    const view = new Uint8Array(buffer)
    memory.close()
    memory.close()
    assert.equal(buffer.byteLength, 0)
    assert.equal(untracked.byteLength, 0)
    assert.equal(view.length, 0)
    assert.throws(() => memory.buffer, { code: 'ERR_CLOSED' })
    assert.throws(() => memory.untracked, { code: 'ERR_CLOSED' })
    assert.throws(() => memory.fd, { code: 'ERR_CLOSED' })
    assert.equal(memory.sizeBytes, pageSize)
    // The ArrayBuffer lets go of the mapping in a later turn.
    setImmediate(() => setImmediate(() => assert.throws(() => fstatSync(fd), { code: 'EBADF' })))
  })

  it('refuses sizes that are none', () => {
    for (const size of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 40]) {
      assert.throws(() => new DeviceMemory(size), RangeError, `${size}`)
    }
    for (const size of [undefined, '4096', 4096n, {}]) {
      assert.throws(() => new DeviceMemory(size as number), TypeError)
    }
  })

  it('is not mistaken for another handle', () => {
    const memory = new DeviceMemory(pageSize)
    const { close } = DeviceMemory.prototype
    const fd = Object.getOwnPropertyDescriptor(DeviceMemory.prototype, 'fd')?.get as () => number
    assert.throws(() => close.call({} as never), TypeError)
    assert.throws(() => Reflect.get(DeviceMemory.prototype, 'fd'), TypeError)
    const shadow = new Uint8Array(pageSize)
    const tracker = new binding.Tracker(memory, { mechanism: 'compare', shadow })
    assert.throws(() => close.call(tracker as never), TypeError)
    assert.throws(() => fd.call(tracker), TypeError)
    Object.setPrototypeOf(tracker, DeviceMemory.prototype)
    assert.throws(() => new binding.Tracker(tracker as never, { mechanism: 'compare', shadow }), TypeError)
    memory.close()
  })
})

describe('closeDescriptor', () => {
  it('closes a descriptor, and tells when there is none', () => {
    const fd = openSync('/dev/null', 'r')
    binding.closeDescriptor(fd)
    assert.throws(() => fstatSync(fd), { code: 'EBADF' })
    assert.throws(() => binding.closeDescriptor(-1), RangeError)
    assert.throws(() => binding.closeDescriptor(1 << 30), { code: 'EBADF', syscall: 'close' })
  })
})
