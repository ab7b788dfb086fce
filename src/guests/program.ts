import { constants } from 'node:fs'
import { access, open, stat } from 'node:fs/promises'
import { basename, delimiter, join, resolve } from 'node:path'
import { GuestProgramError } from '../errors.js'
import { systemReason } from '../util/system-reason.js'

/**
 * Tells before the start why a program could not be given a /dev/fb0: the preload shim works in dynamically linked
 * programs of this machine's architecture, and ld.so(8) ignores it where the program gains privileges.
 */

/** Scripts that name scripts as their interpreter: as deep as the kernel goes (fs/exec.c, BINPRM_MAX_RECURSION). */
const maxInterpreters = 4

/** Of a file's start: the program headers lie in it, and a script's first line. */
const headBytes = 4096

/** elf(5) */
const elf = { class64: 2, programHeaders: 32, headerSize: 54, headerCount: 56, machine: 18, interpreter: 3 }

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}

/** As a shell finds it. @throws GuestProgramError */
async function findProgram(name: string, searchPath: string): Promise<string> {
  if (name.includes('/')) return resolve(name)
  for (const folder of searchPath.split(delimiter)) {
    const path = resolve(join(folder || '.', name))
    const isFile = await stat(path).then(
      (status) => status.isFile(),
      () => false,
    )
    if (isFile && (await isExecutable(path))) return path
  }
  throw new GuestProgramError(
    `no program ${name}: expected one in PATH. Check its name, or give its whole path.`,
  )
}

async function readHead(path: string): Promise<Buffer> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(headBytes), position: 0 })
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

/** The dynamic linker that an ELF file names, or undefined: it is statically linked. */
function elfInterpreter(head: Buffer): string | undefined {
  const offset = Number(head.readBigUInt64LE(elf.programHeaders))
  const size = head.readUInt16LE(elf.headerSize)
  const count = head.readUInt16LE(elf.headerCount)
  for (let index = 0; index < count; index++) {
    const at = offset + index * size
    if (at + 40 > head.length) return undefined
    if (head.readUInt32LE(at) !== elf.interpreter) continue
    const from = Number(head.readBigUInt64LE(at + 8))
    const length = Number(head.readBigUInt64LE(at + 32))
    return head.toString('latin1', from, from + length).replace(/\0.*$/s, '')
  }
  return undefined
}

function checkElf(path: string, head: Buffer, ours: Buffer): void {
  const hasOurs = (offset: number, length: number) =>
    head.compare(ours, offset, offset + length, offset, offset + length) === 0
  // Class and byte order, then the machine.
  if (head.length < 64 || !hasOurs(4, 2) || head[4] !== elf.class64 || !hasOurs(elf.machine, 2)) {
    throw new GuestProgramError(
      `${path} was built for another architecture than this build of umfb: use a build for this machine.`,
    )
  }
  const interpreter = elfInterpreter(head)
  if (interpreter === undefined) {
    throw new GuestProgramError(
      `${path} is statically linked: it loads no libraries, so it cannot be given a /dev/fb0. ` +
        'Use a dynamically linked build, or build it with libumfb.',
    )
  }
  if (basename(interpreter).startsWith('ld-musl')) {
    throw new GuestProgramError(
      `${path} is linked with musl, and this build of umfb with another C library: use a glibc build of it.`,
    )
  }
}

/** What "#!" names; of env(1), what env will start. */
function scriptInterpreter(head: Buffer): { path: string; byName?: string } {
  const [line = ''] = head.toString('utf8', 2).split('\n', 1)
  const [path = '', ...rest] = line.trim().split(/\s+/)
  const byName =
    basename(path) === 'env' ? rest.find((word) => !word.startsWith('-') && !word.includes('=')) : undefined
  return { path, byName }
}

function isElf(head: Buffer): boolean {
  return head.subarray(0, 4).equals(Buffer.from('\x7fELF', 'latin1'))
}

async function checkFile(path: string, searchPath: string, ours: Buffer, depth: number): Promise<void> {
  const status = await stat(path).catch((cause) => {
    throw new GuestProgramError(`no program ${path}: ${systemReason(cause)}`, { cause })
  })
  if (!status.isFile() || !(await isExecutable(path))) {
    throw new GuestProgramError(`${path} is not executable: expected a file that this user may run.`)
  }
  const gainsUser = (status.mode & 0o4000) !== 0 && status.uid !== process.geteuid!()
  const gainsGroup = (status.mode & 0o2000) !== 0 && status.gid !== process.getegid!()
  if (gainsUser || gainsGroup) {
    throw new GuestProgramError(
      `${path} runs with another user's rights (setuid or setgid), and the system lets no library into it. ` +
        'Run it as that user, or use a copy of it without that mode.',
    )
  }
  const head = await readHead(path).catch(() => undefined)
  if (!head) return // It may be run, but not read: the system will tell.
  if (isElf(head)) {
    checkElf(path, head, ours)
  } else if (depth < maxInterpreters && head.toString('latin1', 0, 2) === '#!') {
    const { path: interpreter, byName } = scriptInterpreter(head)
    await checkFile(resolve(interpreter), searchPath, ours, depth + 1)
    if (byName) await checkFile(await findProgram(byName, searchPath), searchPath, ours, depth + 1)
  }
}

/**
 * @param shim umfb-preload.so: what it was built for is what a program must have been built for
 * @returns the program's absolute path
 * @throws GuestProgramError when it cannot be started, or not with a /dev/fb0
 */
export async function checkProgram(name: string, searchPath: string, shim: string): Promise<string> {
  const path = await findProgram(name, searchPath)
  const ours = await readHead(shim).catch((cause) => {
    throw new GuestProgramError(`${shim} cannot be read. Build it with "npm run build:native".`, { cause })
  })
  await checkFile(path, searchPath, ours, 0)
  return path
}
