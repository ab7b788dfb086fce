/**
 * What this holds: what a process hands over can be used as one's own, and what is something else is refused.
 *
 * - PAGEMAP_SCAN of another process, by its descriptor or its number; writes are tracked from outside, nobody waits
 * - memfds: one more mapping of the same memory; none that could be truncated
 * - DescriptorSocket carries descriptors, both ways, and tells of its peer
 */
import assert from 'node:assert/strict'
import { closeSync, openSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  DescriptorSocket,
  PageMemory,
  Pagemap,
  pageSize,
  scanPages,
  writeTracking,
} from '../../src/userfaultfd.js'
import { Faulter } from '../support/faulter.js'
import { temporaryFolder } from '../support/temporary.js'
import { skipReason } from '../support/tracked-memory.js'
import { failsWith, passed } from '../support/userfaultfd.js'

const skip = skipReason('wp-async')
const written = (first: number, count = 1) => ({
  offsetBytes: first * pageSize,
  lengthBytes: count * pageSize,
  categories: ['written'],
})

for (const kind of ['private', 'shared'] as const) {
  test(`writes to another process's ${kind} memory, without a wait`, { skip }, async (t) => {
    const faulter = await Faulter.start(t)
    const { uffd, pages, pagemap } = await faulter.map(kind, 16, writeTracking)
    uffd.register(pages)
    assert.deepEqual(scanPages(pages, { pagemap, rearm: true }), [written(0, 16)])
    await faulter.tell('store 3 1')
    await faulter.tell('load 5')
    assert.equal(await faulter.tell('read 7'), 'ok')
    assert.deepEqual(scanPages(pages, { pagemap, rearm: true }), [written(3), written(7)])

    const byNumber = Pagemap.open(faulter.pid)
    await faulter.tell('store 4 1')
    assert.deepEqual(scanPages(pages, { pagemap: byNumber, rearm: true }), [written(4)])
    assert.deepEqual(scanPages(pages, { pagemap, rearm: true }), [])
    byNumber.close()
    byNumber.close()
    assert.throws(() => scanPages(pages, { pagemap: byNumber }), { code: 'UMFB_CLOSED' })

    await faulter.tell('store 8 1')
    await faulter.tell('unmap 8 8')
    assert.deepEqual(scanPages(pages, { pagemap, rearm: true }), [], 'what is gone is not told')

    process.kill(faulter.pid, 'SIGKILL')
    await faulter.exited
    assert.throws(() => scanPages(pages, { pagemap, rearm: true }), failsWith('ESRCH', /exited/))
    assert.throws(() => Pagemap.open(faulter.pid), failsWith('ENOENT'))
  })
}

test('what is no pagemap is refused, and stays the caller’s', () => {
  const status = openSync('/proc/self/status', 'r')
  for (const fd of [status, 1 << 20, -1]) {
    assert.throws(() => Pagemap.fromDescriptor(fd), { code: 'UMFB_INVALID_ARGUMENT' })
  }
  closeSync(status)
  for (const pid of [0, -1, 1.5, 2 ** 40]) {
    assert.throws(() => Pagemap.open(pid), { code: 'UMFB_INVALID_ARGUMENT' })
  }
})

test('one more mapping of the same memory', () => {
  const memory = new PageMemory(3 * pageSize)
  const other = new PageMemory({ memfd: memory.fd })
  assert.equal(other.bytes.length, 3 * pageSize)
  memory.bytes[5000] = 42
  memory.close()
  assert.equal(other.bytes[5000], 42)
  other.close()
  assert.throws(() => other.fd, { code: 'UMFB_CLOSED' })
})

test('memory that could be truncated under us is refused', (t) => {
  const path = join(temporaryFolder(t), 'file')
  writeFileSync(path, Buffer.alloc(pageSize))
  const file = openSync(path, 'r+')
  for (const fd of [file, 0, 1 << 20]) {
    assert.throws(() => new PageMemory({ memfd: fd }), {
      code: 'UMFB_INVALID_ARGUMENT',
      message: /sealed against shrinking/,
    })
  }
  closeSync(file)
})

test('a socket carries descriptors', async (t) => {
  const memory = new PageMemory(pageSize)
  memory.bytes[0] = 7
  const [first, second] = await passed(t, [memory.fd, memory.fd])
  assert.notEqual(first, second)
  const other = new PageMemory({ memfd: first! })
  assert.equal(other.bytes[0], 7)
  closeSync(first!)
  closeSync(second!)
  other.close()
  memory.close()
})

test('a socket tells of its peer, and of its end; wrong use is told', async (t) => {
  const path = join(temporaryFolder(t), 'socket')
  assert.throws(() => DescriptorSocket.connect(path), failsWith('ENOENT'))
  let accept!: (socket: DescriptorSocket) => void
  const accepted = new Promise<DescriptorSocket>((resolve) => {
    accept = resolve
  })
  const listener = DescriptorSocket.listen(path, accept)
  assert.throws(() => DescriptorSocket.listen(path, accept), failsWith('EADDRINUSE'))
  const here = DescriptorSocket.connect(path)
  const there = await accepted
  assert.deepEqual(there.peer, { pid: process.pid, uid: process.getuid!(), gid: process.getgid!() })
  const ended = new Promise<void>((resolve) => there.receive(() => {}, resolve))
  assert.throws(() => there.receive(() => {}), { code: 'UMFB_INVALID_ARGUMENT' })
  assert.throws(() => here.send(''), { code: 'UMFB_INVALID_ARGUMENT' })
  assert.throws(() => here.send('text', [1 << 20]), failsWith('EBADF'))
  here.close()
  await ended
  listener.close()
  assert.throws(() => here.send('text'), { code: 'UMFB_CLOSED' })
})
