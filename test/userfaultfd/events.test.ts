/**
 * What this holds, of userfaultfd(2), with another process:
 *
 * - fork, mremap, madvise and munmap are told; a forked child's faults come by a userfaultfd of its own
 * - features: thread-id, exact-address, sigbus
 * - events are read one by one or many at once, and none is lost between readers
 * - an iteration ends with close(), or throws what its signal says; what waits keeps the process alive unless unref()ed
 * - close() lets those go on that wait
 * - whoever shares the descriptor can neither stop nor crash this process with it
 */
import assert from 'node:assert/strict'
import { openSync } from 'node:fs'
import { test } from 'node:test'
import { pageSize, SystemError, Userfaultfd } from '../../src/userfaultfd.js'
import { capture } from '../support/child.js'
import { Faulter } from '../support/faulter.js'
import { skipUnlessRoot } from '../support/programs.js'
import { failsWith, nextFault, nextOf, passed, skipWithoutFeatures } from '../support/userfaultfd.js'

const ones = new Uint8Array(pageSize).fill(1)

test('fork: the child has a userfaultfd of its own', {
  skip: skipWithoutFeatures('event-fork') || skipUnlessRoot('event-fork wants CAP_SYS_PTRACE'),
}, async (t) => {
  const faulter = await Faulter.start(t)
  const { uffd, pages, page } = await faulter.map('private', 4, ['event-fork'])
  uffd.register(pages, ['missing'])
  const status = faulter.tell('child 2 42')
  const { child } = await nextOf(uffd, 'fork')
  t.after(() => child.close())
  assert.deepEqual(child.features, ['event-fork'])
  assert.equal((await nextFault(child)).address, page(2).address)
  child.zeropage(page(2))
  assert.equal(await status, '0')
  const loaded = faulter.tell('load 2')
  await nextFault(uffd)
  uffd.zeropage(page(2))
  assert.equal(await loaded, '0', 'the parent has its own')
})

test('mremap, madvise, munmap', {
  skip: skipWithoutFeatures('event-remap', 'event-remove', 'event-unmap'),
}, async (t) => {
  const faulter = await Faulter.start(t)
  const features = ['event-remap', 'event-remove', 'event-unmap'] as const
  const { uffd, pages, page } = await faulter.map('private', 8, features)
  uffd.register(pages, ['missing'])
  uffd.zeropage(pages)

  const discarded = faulter.tell('discard 1 2')
  const { address, lengthBytes } = await nextOf(uffd, 'remove')
  assert.deepEqual({ address, lengthBytes }, page(1, 2))
  assert.equal(await discarded, 'ok')
  const loaded = faulter.tell('load 1')
  await nextFault(uffd)
  uffd.copy(page(1), ones)
  assert.equal(await loaded, String(0x01010101))

  const moved = faulter.tell('remap')
  const { from, to, lengthBytes: movedBytes } = await nextOf(uffd, 'remap')
  assert.deepEqual({ from, movedBytes }, { from: pages.address, movedBytes: pages.lengthBytes })
  // mremap(2) unmaps where the memory was, and the kernel tells so.
  assert.equal((await nextOf(uffd, 'unmap')).address, from)
  assert.equal(BigInt(await moved), to)

  const unmapped = faulter.tell('unmap 4 4')
  const gone = await nextOf(uffd, 'unmap')
  assert.deepEqual(gone, { type: 'unmap', address: to + BigInt(4 * pageSize), lengthBytes: 4 * pageSize })
  assert.equal(await unmapped, 'ok')
})

test('while an event waits to be read, nothing can be filled: EAGAIN', {
  skip: skipWithoutFeatures('event-remove', 'pagefault-flag-wp'),
}, async (t) => {
  const faulter = await Faulter.start(t)
  const { uffd, pages, page } = await faulter.map('private', 4, ['event-remove', 'pagefault-flag-wp'])
  uffd.register(pages, ['missing', 'write-protect'])
  const discarded = faulter.tell('discard 0 2')
  const pending = async () => {
    for (;;) {
      try {
        uffd.zeropage(page(3))
        uffd.writeProtect(page(3), false)
        await new Promise(setImmediate)
      } catch (error) {
        if (error instanceof SystemError && error.systemCode === 'EEXIST') continue
        return error
      }
    }
  }
  assert.ok(failsWith('EAGAIN', /read events/)(await discardedFirst(pending, discarded)))
  await nextOf(uffd, 'remove')
  assert.equal(await discarded, 'ok')
  assert.equal(uffd.zeropage(page(0)), pageSize)
})

/** The error, for the other side cannot go on before its event is read. */
async function discardedFirst(pending: () => Promise<unknown>, discarded: Promise<string>): Promise<unknown> {
  return Promise.race([
    pending(),
    discarded.then(() => Promise.reject(new Error('it went on before its event was read'))),
  ])
}

test('the thread, and the exact address', {
  skip: skipWithoutFeatures('thread-id', 'exact-address'),
}, async (t) => {
  const faulter = await Faulter.start(t)
  const { uffd, pages, page } = await faulter.map('private', 2, ['thread-id', 'exact-address'])
  const thread = Number(await faulter.tell('thread'))
  uffd.register(pages, ['missing'])
  const loaded = faulter.tell('load 1')
  const fault = await nextFault(uffd)
  assert.deepEqual([fault.threadId, fault.page], [thread, page(1)])
  assert.equal(fault.address, page(1).address)
  uffd.zeropage(fault.page)
  assert.equal(await loaded, '0')
})

test('sigbus instead of events', { skip: skipWithoutFeatures('sigbus') }, async (t) => {
  const faulter = await Faulter.start(t)
  const { uffd, pages } = await faulter.map('private', 1, ['sigbus'])
  uffd.register(pages, ['missing'])
  void faulter.tell('load 0')
  assert.deepEqual(await faulter.exited, [null, 'SIGBUS'])
})

test('several processes at once, read together; an iteration that stops takes nothing along', {
  skip: skipWithoutFeatures(),
}, async (t) => {
  const faulters = await Promise.all([1, 2, 3].map(() => Faulter.start(t)))
  const memories = await Promise.all(faulters.map((each) => each.map('private', 4)))
  const answers: Promise<string>[] = []
  for (const [i, { uffd, pages }] of memories.entries()) {
    uffd.register(pages, ['missing'])
    answers.push(faulters[i]!.tell('load 3'))
  }
  await Promise.all(
    memories.map(async ({ uffd }) => {
      for await (const event of uffd.events()) {
        assert.equal(event.type, 'pagefault')
        if (event.type === 'pagefault') uffd.copy(event.page, ones)
        break
      }
      assert.deepEqual(uffd.readEvents(), [])
    }),
  )
  assert.deepEqual(await Promise.all(answers), Array(3).fill(String(0x01010101)))
})

test('an iteration ends with close(), and throws what its signal says', {
  skip: skipWithoutFeatures(),
}, async () => {
  const uffd = Userfaultfd.open({ features: [] })
  const controller = new AbortController()
  const aborted = uffd.events({ signal: controller.signal }).next()
  const ended = [uffd.events().next(), uffd.events().next()]
  const reason = new Error('enough')
  controller.abort(reason)
  await assert.rejects(aborted, reason)
  await assert.rejects(uffd.events({ signal: AbortSignal.abort(reason) }).next(), reason)
  uffd.close()
  uffd.close()
  for (const each of ended) assert.equal((await each).done, true)
  assert.equal((await uffd.events().next()).done, true)
  assert.throws(() => uffd.readEvents(), { code: 'UMFB_CLOSED' })
  assert.throws(() => uffd.unref(), { code: 'UMFB_CLOSED' })
})

test('close() lets those go on that wait', { skip: skipWithoutFeatures('pagefault-flag-wp') }, async (t) => {
  const faulter = await Faulter.start(t)
  for (const modes of [['missing'], ['write-protect']] as const) {
    const { uffd, pages } = await faulter.map('private', 1, ['pagefault-flag-wp'])
    if (modes[0] === 'write-protect') await faulter.tell('store 0 1')
    uffd.register(pages, modes)
    if (modes[0] === 'write-protect') uffd.writeProtect(pages)
    await faulter.tell('close-userfaultfd')
    const stored = faulter.tell('store 0 5')
    await nextFault(uffd)
    uffd.close()
    assert.equal(await stored, 'ok')
    assert.equal(await faulter.tell('load 0'), '5')
  }
})

const open = 'const uffd = Userfaultfd.open({ features: [] });'
const inWorker = (body: string) =>
  `new Worker(new URL('data:text/javascript,' + encodeURIComponent(source + ${JSON.stringify(body)})))`
for (const [name, body, output] of [
  [
    'waiting keeps the process alive',
    `${open} setTimeout(() => uffd.close(), 50).unref(); for await (const _ of uffd.events()); console.log('closed')`,
    'closed',
  ],
  ['unless unref()ed before', `${open} uffd.unref(); void uffd.events().next()`, ''],
  ['unless unref()ed after', `${open} void uffd.events().next(); setImmediate(() => uffd.unref())`, ''],
  ['exit while waiting', `${open} void uffd.events().next(); setImmediate(() => process.exit(0))`, ''],
  [
    'exit of a worker while it waits',
    inWorker(`${open} void uffd.events().next(); setImmediate(() => process.exit(0))`),
    '',
  ],
  [
    'end of a worker with what waits unref()ed',
    inWorker(`${open} void uffd.events().next(); uffd.unref()`),
    '',
  ],
  [
    'collected as garbage: unless somebody waits',
    `const open = () => Userfaultfd.open({ features: [] })
    const held = () => { const uffd = open(); uffd.unref(); void uffd.events().next() }
    const opened = () => readdirSync('/proc/self/fd').map((fd) => { try { return readlinkSync('/proc/self/fd/' + fd) } catch {} }).filter((link) => link?.includes('userfaultfd')).length
    for (let i = 0; i < 20; i++) { open(); Pagemap.open() }
    held()
    for (let i = 0; i < 10; i++) { gc(); await new Promise(setImmediate) }
    console.log(opened())`,
    '1',
  ],
] as const) {
  test(`a userfaultfd ends well: ${name}`, { skip: skipWithoutFeatures() }, async () => {
    const module = new URL('../../src/userfaultfd.js', import.meta.url).href
    const source = `
      import { readdirSync, readlinkSync } from 'node:fs'
      import { Worker } from 'node:worker_threads'
      import { Pagemap, Userfaultfd } from '${module}'
      `
    const script = `${source} const source = ${JSON.stringify(source)}\n${body}`
    const said = await capture(process.execPath, ['--expose-gc', '--input-type=module', '-e', script])
    assert.equal(said.toString().trim(), output)
  })
}

test('what is no userfaultfd is refused, and stays the caller’s', { skip: skipWithoutFeatures() }, () => {
  const file = openSync('/proc/self/pagemap', 'r')
  for (const fd of [file, 1 << 20, -1, 1.5]) {
    assert.throws(() => Userfaultfd.fromDescriptor(fd), { code: 'UMFB_INVALID_ARGUMENT' })
  }
  assert.ok(Userfaultfd.open({ features: [] }).fd > file)
})

test('a handed descriptor: features are enabled where none are yet, and else read', {
  skip: skipWithoutFeatures('thread-id'),
}, async (t) => {
  const faulter = await Faulter.start(t)
  await assert.rejects(faulter.map('private', 1, 'no handshake'), {
    code: 'UMFB_INVALID_ARGUMENT',
    message: /expected features to enable/,
  })
  const { uffd } = await faulter.map('private', 1, ['thread-id'])
  const again = Userfaultfd.fromDescriptor((await passed(t, [uffd.fd]))[0]!, ['sigbus'])
  assert.deepEqual([uffd.features, again.features], [['thread-id'], ['thread-id']])
  again.close()
})

test('whoever makes it blocking stops nobody here', { skip: skipWithoutFeatures() }, async (t) => {
  const faulter = await Faulter.start(t)
  const { uffd, pages } = await faulter.map('private', 1)
  uffd.register(pages, ['missing'])
  const fault = nextFault(uffd)
  await faulter.tell('block')
  const loaded = faulter.tell('load 0')
  uffd.zeropage((await fault).page)
  assert.equal(await loaded, '0')
  await assert.rejects(uffd.events().next(), failsWith('EBADF', /made blocking/))
  assert.throws(() => uffd.readEvents(), failsWith('EBADF'))
})
