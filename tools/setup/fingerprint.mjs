import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Every file below `folder` whose name `accept` takes, as paths from `root`, in a fixed order. A missing folder has none. */
export function filesBelow(root, folder, accept = () => true) {
  let entries
  try {
    entries = readdirSync(join(root, folder), { withFileTypes: true })
  } catch (error) {
    if (error.code === 'ENOENT') return []
    throw error
  }
  const files = []
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) files.push(...filesBelow(root, path, accept))
    else if (accept(entry.name)) files.push(path)
  }
  return files
}

/**
 * One value for the names and contents of files, and for `extra`. Contents, not times: a checkout that touches files
 * builds nothing again, and a file restored with an old date does.
 */
export function fingerprint(root, files, extra = []) {
  const hash = createHash('sha256')
  for (const item of extra) hash.update(`${item}\0`)
  for (const file of files) {
    const contents = readFileSync(join(root, file))
    hash.update(`${file}\0${contents.length}\0`).update(contents)
  }
  return hash.digest('hex')
}

/** What `stamp` says its folder was built from; '' if it does not say. */
export function readStamp(stamp) {
  try {
    return readFileSync(stamp, 'utf8')
  } catch {
    return ''
  }
}

/** Kept beside what was built, so that removing the output removes the claim that it is there. */
export function writeStamp(stamp, value) {
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, value)
}
