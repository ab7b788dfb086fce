import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { filesBelow, fingerprint, readStamp, writeStamp } from './fingerprint.mjs'
import { findProgram, firstLine, run, SetupError } from './run.mjs'

/** What programs are started with, and the addon itself. */
const outputs = [
  'umfb.node',
  'umfb-preload.so',
  'umfb-guard',
  'umfb-demo',
  'umfb-bench.node',
  'umfb-bench-writer',
  'umfb-kvm-guest.node',
].map((name) => `build/Release/${name}`)
const stamp = 'build/.built-from'

/** The addon is built against Node-API, so one build fits every Node of this processor. */
export function addonFingerprint(root) {
  const folders = ['native', 'bench/native', 'bench/peers', 'test/support/native']
  const files = ['binding.gyp', ...folders.flatMap((folder) => filesBelow(root, folder))]
  // binding.gyp builds one more peer where it finds this header.
  const hasLibvncserver = existsSync('/usr/include/rfb/rfb.h')
  return fingerprint(root, files, [process.platform, process.arch, `${hasLibvncserver}`])
}

export function addonIsStale(root, value = addonFingerprint(root)) {
  const built = outputs.every((output) => existsSync(join(root, output)))
  return !built || readStamp(join(root, stamp)) !== value
}

const debianHint = 'Debian: apt-get install g++ make python3'

function checkTools() {
  const compiler = process.env.CXX?.split(' ')[0] || 'g++'
  for (const [what, ...names] of [
    ['C++ compiler', compiler, 'c++'],
    ['"make"', 'make'],
    ['Python 3, which node-gyp runs on', 'python3', process.env.npm_config_python ?? 'python'],
  ]) {
    if (!names.some((name) => findProgram(name) || existsSync(name))) {
      throw new SetupError(
        `the native addon cannot be built: there is no ${what}. Install it (${debianHint}).`,
      )
    }
  }
}

/** Node's headers lie beside a Node that was unpacked or installed whole: then nothing has to be downloaded. */
function headersEnvironment() {
  const prefix = dirname(dirname(process.execPath))
  const own = existsSync(join(prefix, 'include/node/node_api.h'))
  return own && !process.env.npm_config_nodedir ? { npm_config_nodedir: prefix } : {}
}

function explain(text) {
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|fetch failed/.test(text)) {
    return (
      "the native addon cannot be built: Node's headers are not here and cannot be downloaded. Connect to the network, or " +
      'install them (Debian: libnode-dev) and set npm_config_nodedir to the folder that holds include/node'
    )
  }
  const line = firstLine(text, /\b(fatal )?error:/) ?? firstLine(text, /^gyp ERR! (stack )?\S/)
  return line && `the native addon does not build: ${line}`
}

export function buildAddon(root, log, value) {
  checkTools()
  run('npm', ['run', '--silent', 'build:native'], { cwd: root, env: headersEnvironment(), log, explain })
  writeStamp(join(root, stamp), value)
}
