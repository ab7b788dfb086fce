import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ClosedError, InvalidArgumentError, SystemError } from '../../src/errors.js'
import { locate, PageMemory, pageSize, probeTrackers, scanPages, Userfaultfd } from '../../src/userfaultfd.js'
import { skipReason } from '../support/tracked-memory.js'

const written = ['written']

function tracked(sizePages: number): { memory: PageMemory; uffd: Userfaultfd } {
  const memory = new PageMemory(sizePages * pageSize)
  const uffd = Userfaultfd.open()
  uffd.register(memory.bytes)
  scanPages(memory.bytes, { rearm: true })
  return { memory, uffd }
}

function close({ memory, uffd }: { memory: PageMemory; uffd: Userfaultfd }): void {
  uffd.close()
  memory.close()
}

const page = (first: number, count = 1) => ({
  offsetBytes: first * pageSize,
  lengthBytes: count * pageSize,
  categories: written,
})

describe('userfaultfd', { skip: skipReason('wp-async') }, () => {
  it('tells which pages were written to', () => {
    const both = tracked(256)
    const { bytes } = both.memory
    assert.deepEqual(scanPages(bytes, { rearm: true }), [])
    bytes[5000] = 1
    bytes[100 * pageSize] = 1
    bytes[101 * pageSize] = 1
    assert.deepEqual(scanPages(bytes), [page(1), page(100, 2)], 'without rearm nothing is taken')
    assert.deepEqual(scanPages(bytes, { rearm: true }), [page(1), page(100, 2)])
    assert.deepEqual(scanPages(bytes, { rearm: true }), [])
    close(both)
  })

  it('returns more regions than one system call does', () => {
    const both = tracked(2048)
    const { bytes } = both.memory
    for (let i = 0; i < 2048; i += 2) bytes[i * pageSize] = 1
    assert.equal(scanPages(bytes, { rearm: true, maxPages: 1000 }).length, 1000)
    assert.equal(scanPages(bytes, { rearm: true }).length, 24)
    close(both)
  })

  it('scans a part, by view or by address', () => {
    const both = tracked(16)
    const { bytes } = both.memory
    bytes.fill(1)
    const part = bytes.subarray(4 * pageSize, 6 * pageSize)
    assert.deepEqual(scanPages(part, { rearm: true }), [page(0, 2)])
    assert.deepEqual(scanPages(bytes), [page(0, 4), page(6, 10)])
    close(both)
  })

  it('asks for categories', () => {
    const both = tracked(4)
    const { bytes } = both.memory
    bytes[pageSize] = 1
    const [region, ...others] = scanPages(bytes, { all: ['written', 'present'], report: ['written', 'file'] })
    assert.deepEqual(others, [])
    assert.deepEqual(region, { ...page(1), categories: ['written', 'file'] })
    assert.deepEqual(scanPages(bytes, { any: ['present'], report: [] }).length, 1)
    close(both)
  })

  it('protects and opens pages without a scan', () => {
    const both = tracked(4)
    const { bytes } = both.memory
    both.uffd.writeProtect(bytes.subarray(pageSize, 2 * pageSize), false)
    assert.deepEqual(scanPages(bytes), [page(1)], 'an open page counts as written')
    both.uffd.writeProtect(bytes)
    assert.deepEqual(scanPages(bytes), [])
    both.uffd.unregister(bytes)
    bytes[0] = 1
    assert.throws(() => scanPages(bytes, { rearm: true }), {
      code: 'UMFB_SYSTEM',
      message: /EPERM.*register/,
    })
    close(both)
  })

  it('names what the kernel offers', () => {
    const supported = Userfaultfd.supportedFeatures()
    assert.ok(supported.includes('wp-async'))
    assert.ok(supported.includes('missing-shmem'))
    const uffd = Userfaultfd.open({ features: ['pagefault-flag-wp'], userModeOnly: true })
    assert.deepEqual(uffd.features, ['pagefault-flag-wp'])
    assert.ok(uffd.fd > 2)
    uffd.close()
  })

  it('refuses a view where this thread would wait for itself', () => {
    const memory = new PageMemory(1)
    const uffd = Userfaultfd.open({ features: ['pagefault-flag-wp', 'wp-hugetlbfs-shmem'] })
    for (const modes of [['write-protect'], ['missing'], ['minor', 'write-protect']] as const) {
      assert.throws(() => uffd.register(memory.bytes, modes), {
        code: 'UMFB_INVALID_ARGUMENT',
        message: /wait for itself/,
      })
    }
    uffd.register(locate(memory.bytes))
    uffd.writeProtect(memory.bytes, false)
    close({ memory, uffd })
    assert.throws(() => Userfaultfd.open({ features: ['wp-sync' as never] }), InvalidArgumentError)
  })

  it('says what is wrong', () => {
    const both = tracked(2)
    const { memory, uffd } = both
    const other = Userfaultfd.open()
    assert.throws(
      () => other.register(memory.bytes),
      (error: SystemError) => {
        assert.ok(error instanceof SystemError)
        assert.match(error.message, /Another userfaultfd/)
        assert.equal((error.cause as NodeJS.ErrnoException).code, 'EBUSY')
        return true
      },
    )
    for (const pages of [
      memory.bytes.subarray(1),
      memory.bytes.subarray(0, 0),
      { address: 1n, lengthBytes: pageSize },
      { address: 0n, lengthBytes: 1.5 },
    ]) {
      assert.throws(() => uffd.register(pages), InvalidArgumentError)
      assert.throws(() => scanPages(pages), InvalidArgumentError)
    }
    assert.throws(() => uffd.register({ address: 0n, lengthBytes: pageSize }), SystemError)
    assert.throws(
      () => uffd.register({ address: 2n ** 64n - BigInt(pageSize), lengthBytes: pageSize }),
      SystemError,
    )
    assert.throws(() => scanPages(memory.bytes, { all: ['dirty' as never] }), InvalidArgumentError)
    assert.throws(() => scanPages(memory.bytes, { maxPages: -1 }), InvalidArgumentError)
    assert.throws(() => new PageMemory(0), InvalidArgumentError)
    other.close()
    close(both)
  })

  it('closes, and throws when used after', () => {
    const both = tracked(2)
    const { memory, uffd } = both
    const { bytes } = memory
    close(both)
    close(both)
    assert.throws(() => uffd.fd, ClosedError)
    assert.throws(() => uffd.register(bytes), ClosedError)
    assert.throws(() => uffd.unregister(bytes), ClosedError)
    assert.throws(() => uffd.writeProtect(bytes), ClosedError)
    assert.throws(() => memory.bytes, ClosedError)
    assert.throws(() => scanPages(bytes), InvalidArgumentError)
  })
})

it('probes without privileges', () => {
  const probes = probeTrackers()
  assert.ok(probes.some((probe) => probe.works))
})
