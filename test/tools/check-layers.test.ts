import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { checkLayers, importsOf, judge } from '../../tools/check-layers.js'
import { repositoryRoot } from '../support/paths.js'
import { temporaryFolder } from '../support/temporary.js'

test('this repository keeps its layers', () => {
  assert.deepEqual(checkLayers(repositoryRoot), [])
})

test('all forms of import are seen, and comments are not', () => {
  const text = `
    import { a } from './a.js'
    import type { B } from '../b.js'
    import './effects.js'
    export * from './c.js'
    export {
      d,
    } from "./d.js"
    const e = await import('./e.js')
    type F = import('./f.js').F
    import fs from 'node:fs'
    // import { g } from './g.js'
    /* import { h } from './h.js' */
    const url = 'https://example.org/'
  `
  assert.deepEqual(importsOf('src/x/y', text), [
    'src/x/a',
    'src/b',
    'src/x/effects',
    'src/x/c',
    'src/x/d',
    'src/x/e',
    'src/x/f',
  ])
})

const allowed: [string, string][] = [
  ['src/rfb/server', 'src/surface/surface'],
  ['src/rfb/server', 'src/rfb/reader'],
  ['src/surface/surface', 'src/native/load'],
  ['src/geometry/region', 'src/geometry/rect'],
  ['src/index', 'src/rfb/server'],
  ['src/device', 'src/guests/process'],
  ['tools/umfb', 'src/index'],
  ['test/rfb/server.test', 'src/rfb/server'],
  ['test/e2e/fbi.test', 'src/index'],
  ['bench/harvest', 'src/native/load'],
]
for (const [from, to] of allowed) {
  test(`${from} may import ${to}`, () => assert.equal(judge(from, to), undefined))
}

const forbidden: [string, string][] = [
  ['src/rfb/server', 'src/sinks/png'],
  ['src/sinks/png', 'src/rfb/server'],
  ['src/control/server', 'src/guests/process'],
  ['src/rfb/server', 'src/native/load'],
  ['src/geometry/rect', 'src/surface/mode'],
  ['src/damage/refine', 'src/native/load'],
  ['src/errors', 'src/util/queue'],
  ['src/surface/surface', 'src/device'],
  ['tools/umfb', 'src/device'],
  ['test/e2e/fbi.test', 'src/rfb/server'],
  ['src/rfb/server', 'tools/umfb'],
]
for (const [from, to] of forbidden) {
  test(`${from} may not import ${to}`, () => assert.match(judge(from, to)!, /may import/))
}

test('a folder that no layer has is an error, and a file that breaks a rule is named', (t) => {
  const root = temporaryFolder(t)
  const files = {
    'src/geometry/rect.ts': "import { surface } from '../surface/surface.js'\n",
    'src/misc/helpers.ts': "import { rect } from '../geometry/rect.js'\n",
  }
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  assert.deepEqual(checkLayers(root).sort(), [
    'src/geometry/rect imports src/surface/surface: src/geometry may import src/errors, src/util',
    'src/misc/helpers: no layer has this file; add its folder to tools/check-layers.ts',
  ])
})
