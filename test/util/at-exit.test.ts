import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'

const module = new URL('../../src/util/at-exit.js', import.meta.url).href

function outputOf(script: string): string {
  const text = `import { atExit } from ${JSON.stringify(module)}\n${script}`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', text], {
    encoding: 'utf8',
  })
  return stdout + (stderr.includes('Error: thrown') ? 'thrown\n' : stderr)
}

test('what is left is cleaned up, however the process ends', () => {
  const script = "atExit(() => console.log('a')); atExit(() => console.log('b'));"
  assert.equal(outputOf(script), 'a\nb\n')
  assert.equal(outputOf(`${script} process.exit(1)`), 'a\nb\n')
  assert.equal(outputOf(`${script} throw new Error('thrown')`), 'a\nb\nthrown\n')
})

test('what was cleaned up before is not, and many are no reason to warn', () => {
  const script = `
    const before = process.listenerCount('exit')
    const forget = Array.from({ length: 50 }, () => atExit(() => console.log('late')))
    for (const each of forget) { each(); each() }
    console.log(process.listenerCount('exit') - before)`
  assert.equal(outputOf(script), '0\n')
})
