/**
 * What this holds, of ioctl_userfaultfd(2), with another process whose faults are handled here:
 *
 * - a fault tells its page, why it waits, and whether it stores; who waits goes on when the page is there
 * - UFFDIO_COPY and ZEROPAGE give missing pages contents, CONTINUE maps what shared memory has, POISON makes SIGBUS, MOVE
 *   moves pages
 * - MODE_DONTWAKE leaves who waits to UFFDIO_WAKE; MODE_WP gives the page write-protected
 * - a range that cannot be done whole is done as far as it goes
 * - errors are those of the manual page
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { binding } from '../../src/native/load.js'
import { type Location, PageMemory, pageSize, scanPages, Userfaultfd } from '../../src/userfaultfd.js'
import { Faulter } from '../support/faulter.js'
import { failsWith, nextFault, skipWithoutFeatures, skipWithoutKernelFaults } from '../support/userfaultfd.js'

const filled = (pages: number, byte: number) => new Uint8Array(pages * pageSize).fill(byte)
const word = (byte: number) => String(byte * 0x01010101)

for (const kind of ['private', 'shared'] as const) {
  test(`missing ${kind} memory: copy, zeropage`, {
    skip: skipWithoutFeatures('missing-shmem'),
  }, async (t) => {
    const faulter = await Faulter.start(t)
    const { uffd, pages, page } = await faulter.map(kind, 8)
    const allowed = uffd.register(pages, ['missing'])
    for (const operation of ['wake', 'copy', 'zeropage'] as const) assert.ok(allowed.includes(operation))
    assert.ok(!allowed.includes('writeProtect'))

    const loaded = faulter.tell('load 2')
    assert.deepEqual(await nextFault(uffd), {
      type: 'pagefault',
      address: page(2).address,
      page: page(2),
      reason: 'missing',
      write: false,
    })
    assert.equal(uffd.copy(page(2), filled(1, 7)), pageSize)
    assert.equal(await loaded, word(7))

    const stored = faulter.tell('store 3 42')
    assert.equal((await nextFault(uffd)).write, true)
    assert.equal(uffd.zeropage(page(3)), pageSize)
    assert.equal(await stored, 'ok')
    assert.equal(await faulter.tell('load 3'), '42')

    // Ahead of any fault, and until a page that is there.
    assert.equal(uffd.copy(page(0, 4), filled(4, 9)), 2 * pageSize)
    assert.equal(await faulter.tell('load 1'), word(9))
    assert.equal(uffd.zeropage(page(4, 4)), 4 * pageSize)
    assert.equal(await faulter.tell('load 7'), '0')
    assert.throws(() => uffd.copy(page(2, 2), filled(2, 9)), failsWith('EEXIST', /wake\(\)/))
    assert.throws(() => uffd.zeropage(page(4)), failsWith('EEXIST'))
    assert.deepEqual(uffd.readEvents(), [])
  })

  test(`write-protected ${kind} memory`, { skip: skipWithoutFeatures('wp-hugetlbfs-shmem') }, async (t) => {
    const faulter = await Faulter.start(t)
    const { uffd, pages, page } = await faulter.map(kind, 4, ['pagefault-flag-wp', 'wp-hugetlbfs-shmem'])
    await faulter.tell('store 1 1')
    assert.ok(uffd.register(pages, ['write-protect']).includes('writeProtect'))
    uffd.writeProtect(page(1))
    assert.equal(await faulter.tell('load 1'), '1', 'who reads does not wait')
    const stored = faulter.tell('store 1 2')
    const { reason, write } = await nextFault(uffd)
    assert.deepEqual({ reason, write }, { reason: 'write-protect', write: true })
    uffd.writeProtect(page(1), false)
    assert.equal(await stored, 'ok')
    assert.equal(await faulter.tell('load 1'), '2')
  })
}

test('a page comes write-protected, by copy', {
  skip: skipWithoutFeatures('pagefault-flag-wp'),
}, async (t) => {
  const faulter = await Faulter.start(t)
  const { uffd, pages, page } = await faulter.map('private', 2, ['pagefault-flag-wp'])
  uffd.register(pages, ['missing', 'write-protect'])
  const stored = faulter.tell('store 0 5')
  assert.equal((await nextFault(uffd)).reason, 'missing')
  uffd.copy(page(0), filled(1, 1), { writeProtect: true })
  assert.equal((await nextFault(uffd)).reason, 'write-protect')
  uffd.writeProtect(page(0), false)
  assert.equal(await stored, 'ok')
})

test('minor faults: continue', { skip: skipWithoutFeatures('minor-shmem') }, async (t) => {
  const faulter = await Faulter.start(t)
  const { uffd, pages, page, mirror } = await faulter.map('shared', 4, ['minor-shmem'])
  assert.ok(uffd.register(pages, ['minor']).includes('continue'))
  assert.throws(() => uffd.continue(page(0)), failsWith('EFAULT', /another mapping/))
  mirror!.bytes.fill(3)
  const loaded = faulter.tell('load 1')
  assert.equal((await nextFault(uffd)).reason, 'minor')
  // What a page server does: the last word on the contents, before anybody sees them.
  mirror!.bytes.fill(4, pageSize, 2 * pageSize)
  assert.equal(uffd.continue(page(1)), pageSize)
  assert.equal(await loaded, word(4))
  assert.throws(() => uffd.continue(page(1)), failsWith('EEXIST'))
  assert.equal(uffd.continue(page(2, 2)), 2 * pageSize)
  assert.equal(await faulter.tell('store 3 8'), 'ok')
})

test('continue maps write-protected: a store after a load is seen', {
  skip: skipWithoutFeatures('minor-shmem', 'wp-hugetlbfs-shmem', 'wp-unpopulated'),
}, async (t) => {
  const faulter = await Faulter.start(t)
  const { uffd, pages, page, mirror } = await faulter.map('shared', 1, [
    'minor-shmem',
    'pagefault-flag-wp',
    'wp-hugetlbfs-shmem',
    'wp-unpopulated',
  ])
  mirror!.bytes.fill(3)
  uffd.register(pages, ['minor', 'write-protect'])
  const loaded = faulter.tell('load 0')
  assert.equal((await nextFault(uffd)).reason, 'minor')
  uffd.continue(page(0), { writeProtect: true })
  assert.equal(await loaded, word(3))
  const stored = faulter.tell('store 0 1')
  assert.equal((await nextFault(uffd)).reason, 'write-protect')
  uffd.writeProtect(page(0), false)
  assert.equal(await stored, 'ok')
})

test('poison: who touches it gets SIGBUS', { skip: skipWithoutFeatures('poison') }, async (t) => {
  const faulter = await Faulter.start(t)
  const { uffd, pages, page } = await faulter.map('private', 2, ['poison'])
  uffd.register(pages, ['missing'])
  assert.equal(uffd.poison(page(1)), pageSize)
  assert.throws(() => uffd.poison(page(1)), failsWith('EEXIST'))
  void faulter.tell('load 1')
  assert.deepEqual(await faulter.exited, [null, 'SIGBUS'])
})

test('move: pages change their place, within this process', {
  skip: skipWithoutFeatures('move'),
}, async (t) => {
  // Large enough for a mapping of its own, and touched by nobody yet.
  const memory = new Uint8Array(new SharedArrayBuffer(1 << 26))
  const own = pagesOf(memory)
  const page = (number: number, count = 1) => ({
    address: own.address + BigInt(number * pageSize),
    lengthBytes: count * pageSize,
  })
  const at = (number: number) => Number(page(number).address - binding.addressOf(memory))
  memory.fill(44, at(4), at(5))
  const uffd = Userfaultfd.open({ features: ['move'] })
  t.after(() => uffd.close())
  assert.ok(uffd.register(page(0, 4), ['missing']).includes('move'))
  assert.equal(uffd.move(page(0), page(4)), pageSize)
  assert.equal(memory[at(0)], 44)
  assert.equal(memory[at(4)], 0, 'it is gone from there')
  assert.throws(() => uffd.move(page(0), page(4)), failsWith('EEXIST'))
  assert.throws(() => uffd.move(page(1), page(5)), failsWith('ENOENT'))
  assert.equal(uffd.move(page(1), page(5), { allowHoles: true }), pageSize)
  assert.throws(() => uffd.move(page(1, 2), page(5)), { code: 'UMFB_INVALID_ARGUMENT' })

  const faulter = await Faulter.start(t)
  const other = await faulter.map('private', 2, ['move'])
  other.uffd.register(other.page(0), ['missing'])
  assert.throws(() => other.uffd.move(other.page(0), other.page(1)), failsWith('EINVAL', /of this process/))
})

/** The whole pages that lie in a view. */
function pagesOf(view: Uint8Array): Location {
  const before = -binding.addressOf(view) & BigInt(pageSize - 1)
  const pages = Math.floor((view.byteLength - Number(before)) / pageSize)
  return { address: binding.addressOf(view) + before, lengthBytes: pages * pageSize }
}

test('pages without a wake-up: who waits goes on at wake()', { skip: skipWithoutFeatures() }, async (t) => {
  const faulter = await Faulter.start(t)
  const { uffd, pages, page } = await faulter.map('private', 4)
  uffd.register(pages, ['missing'])
  const loaded = faulter.tell('load 1')
  await nextFault(uffd)
  uffd.copy(page(0), filled(1, 1), { wake: false })
  uffd.copy(page(1), filled(1, 2), { wake: false })
  assert.equal(await Promise.race([loaded, turnsOfTheLoop()]), 'waits')
  uffd.wake(pages)
  assert.equal(await loaded, word(2))

  const again = faulter.tell('load 2')
  await nextFault(uffd)
  uffd.wake(page(2))
  assert.equal((await nextFault(uffd)).address, page(2).address, 'nothing was there: it waits once more')
  uffd.zeropage(page(2))
  assert.equal(await again, '0')
})

/** Enough for an answer that is under way to arrive. */
async function turnsOfTheLoop(): Promise<'waits'> {
  for (let i = 0; i < 100; i++) await new Promise(setImmediate)
  return 'waits'
}

test('read(2) into missing memory: EFAULT, or a fault where the kernel’s are handled', {
  skip: skipWithoutKernelFaults(),
}, async (t) => {
  const faulter = await Faulter.start(t)
  const userMode = await faulter.map('private', 1)
  userMode.uffd.register(userMode.pages, ['missing'])
  assert.equal(await faulter.tell('read 0'), 'EFAULT')
  const all = await faulter.map('private', 1, [], false)
  all.uffd.register(all.pages, ['missing'])
  const answer = faulter.tell('read 0')
  assert.equal((await nextFault(all.uffd)).write, true)
  all.uffd.zeropage(all.pages)
  assert.equal(await answer, 'ok')
})

test('an exited process: ESRCH; pages that are not its own: EINVAL, ENOENT', {
  skip: skipWithoutFeatures('pagefault-flag-wp'),
}, async (t) => {
  const faulter = await Faulter.start(t)
  const { uffd, pages, page } = await faulter.map('private', 2, ['pagefault-flag-wp'])
  const nowhere = { address: BigInt(pageSize), lengthBytes: pageSize }
  assert.throws(() => uffd.register(nowhere, ['missing']), failsWith('EINVAL', /not all mapped/))
  assert.throws(() => uffd.register(pages, ['minor']), failsWith('EINVAL'))
  assert.throws(() => uffd.register(pages, []), failsWith('EINVAL'))
  assert.throws(() => uffd.register(pages, ['major' as never]), { code: 'UMFB_INVALID_ARGUMENT' })
  for (const wrong of [undefined, null, 4096, { address: 4096, lengthBytes: 4096 }, { address: 4096n }]) {
    assert.throws(() => uffd.register(wrong as never), { code: 'UMFB_INVALID_ARGUMENT', message: /^pages: / })
  }
  assert.throws(() => uffd.copy(page(0), filled(1, 1)), failsWith('ENOENT'))
  assert.throws(() => uffd.writeProtect(page(0)), failsWith('ENOENT'))
  assert.throws(() => uffd.copy(page(0), filled(2, 1)), { code: 'UMFB_INVALID_ARGUMENT' })
  uffd.register(page(0), ['missing'])
  assert.throws(() => uffd.writeProtect(page(0)), failsWith('ENOENT'), 'registered for something else')
  assert.throws(() => uffd.zeropage({ ...page(0), lengthBytes: 1 }), { code: 'UMFB_INVALID_ARGUMENT' })

  process.kill(faulter.pid, 'SIGKILL')
  await faulter.exited
  assert.throws(() => uffd.copy(page(0), filled(1, 1)), failsWith('ESRCH', /exited/))
  assert.throws(() => uffd.zeropage(page(0)), failsWith('ESRCH'))
  assert.deepEqual(uffd.readEvents(), [])
})

test('arguments of plain JavaScript that are something else are told as what they are', () => {
  const wrong = { code: 'UMFB_INVALID_ARGUMENT', message: /received (undefined|null|a string|Object)$/ }
  for (const source of [undefined, null, '4096', {}]) {
    assert.throws(() => new PageMemory(source as never), wrong)
  }
  assert.throws(() => Userfaultfd.open({ features: 'wp-async' as never }), wrong)
  assert.throws(() => scanPages(new PageMemory(pageSize).bytes, { all: {} as never }), wrong)
})
