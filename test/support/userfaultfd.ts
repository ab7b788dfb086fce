import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import {
  DescriptorSocket,
  type PageFault,
  SystemError,
  Userfaultfd,
  type UserfaultfdEvent,
  type UserfaultfdFeature,
} from '../../src/userfaultfd.js'
import { temporaryFolder } from './temporary.js'

/** For a test's `skip` option: false where this kernel offers them all, else the reason. */
export function skipWithoutFeatures(...features: UserfaultfdFeature[]): string | false {
  try {
    const supported = Userfaultfd.supportedFeatures()
    const lacking = features.filter((name) => !supported.includes(name))
    return lacking.length > 0 && `this kernel's userfaultfd lacks ${lacking.join(', ')}`
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
    return `userfaultfd does not work here: ${error.message}`
  }
}

/** Why a userfaultfd that handles the kernel's faults, too, cannot be tested; false where it can. */
export function skipWithoutKernelFaults(): string | false {
  try {
    Userfaultfd.supportedFeatures({ userModeOnly: false })
    return false
  } catch (error) {
    return (error as Error).message
  }
}

export async function nextEvent(uffd: Userfaultfd): Promise<UserfaultfdEvent> {
  const { value } = await uffd.events().next()
  assert.ok(value, 'the userfaultfd was closed')
  return value
}

export async function nextOf<Type extends UserfaultfdEvent['type']>(
  uffd: Userfaultfd,
  type: Type,
): Promise<Extract<UserfaultfdEvent, { type: Type }>> {
  const event = await nextEvent(uffd)
  assert.equal(event.type, type)
  return event as Extract<UserfaultfdEvent, { type: Type }>
}

export const nextFault = (uffd: Userfaultfd): Promise<PageFault> => nextOf(uffd, 'pagefault')

/** What assert.throws() takes: a failed system call. */
export const failsWith =
  (systemCode: string, message = /./) =>
  (error: unknown) => {
    assert.ok(error instanceof SystemError, `expected a SystemError, received ${error}`)
    assert.equal(error.systemCode, systemCode, error.message)
    assert.match(error.message, message)
    return true
  }

/** Sends descriptors to this very process. @returns what arrives: duplicates, the caller's to close */
export async function passed(t: TestContext, fds: number[]): Promise<number[]> {
  const path = join(temporaryFolder(t), 'socket')
  return await new Promise((resolve) => {
    const listener = DescriptorSocket.listen(path, (socket) =>
      socket.receive((_, fds) => {
        listener.close()
        socket.close()
        resolve(fds)
      }),
    )
    const sender = DescriptorSocket.connect(path)
    sender.send('descriptors', fds)
    sender.close()
  })
}
