import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

/** A folder of the test's own, removed after it. Its path is short: unix sockets have to fit in 107 bytes. */
export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'umfb-test-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
