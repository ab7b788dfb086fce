import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import sharp from 'sharp'
import { parts } from '../../bench/tracking/plan.js'
import type { TrackingReport } from '../../bench/tracking/session.js'
import { workloads } from '../../bench/tracking/workloads.js'
import { command } from '../../tools/commands/bench.js'
import { Cli, ended } from '../support/cli.js'

const small = ['--quick', '--sizes', '64x64', '--trackers', 'compare,adaptive']

const readReport = (path: string): TrackingReport => JSON.parse(readFileSync(path, 'utf8'))

test('umfb bench --help names every workload and part', () => {
  const names = command.help.replaceAll('\n', ' ').split(/[ ,;.]+/)
  const unnamed = [...workloads.map(({ name }) => name), ...parts].filter((name) => !names.includes(name))
  assert.deepEqual(unnamed, [])
})

test('umfb bench: a table, JSON, and a picture', async (t) => {
  const cli = new Cli(t)
  const { status, stdout, stderr } = await cli.run(
    'bench',
    'idle',
    'pokes-10%',
    'band-100%',
    ...small,
    '--out',
    cli.folder,
  )
  // Targets are for the size at which they are promised.
  assert.equal(status, 0, stderr)
  assert.match(stdout.toString(), /^pokes-10%, 64x64: one store of 4 bytes/m)
  assert.match(stdout.toString(), /^compare +another +[\d,.]+ /m)

  const report = readReport(join(cli.folder, 'latest.json'))
  assert.equal(report.trials.done, report.trials.planned)
  assert.equal(typeof report.machine.kernel, 'string')
  for (const tracker of ['compare', 'adaptive']) {
    const row = report.costs.find((each) => each.tracker === tracker && each.workload === 'pokes-10%')
    assert.ok(row, tracker)
    assert.equal(row.unable, undefined)
    assert.equal(row.exactness?.losses, 0)
    assert.ok(row.costUs.min <= row.costUs.median && row.costUs.median <= row.costUs.max)
    assert.ok(row.writerWallUs.median > 0)
  }
  assert.equal(report.figures.find(({ name }) => name.startsWith('pages lost'))?.value, 0)

  const svg = readFileSync(join(cli.folder, 'latest.svg'), 'utf8')
  const opened = svg.match(/<[a-z]+[ >]/g)?.length
  assert.equal(opened, svg.match(/<\/[a-z]+>/g)?.length)
  assert.match(svg, />adaptive<\/text>/)
  const { width, height, format } = await sharp(join(cli.folder, 'latest.png')).metadata()
  assert.ok(format === 'png' && width! > 1000 && height! > 300, `${format} ${width}x${height}`)
})

test('umfb bench: Ctrl-C keeps what is done', async (t) => {
  const cli = new Cli(t)
  const json = join(cli.folder, 'a.json')
  const child = cli.start('bench', '--sizes', '64x64', '--trackers', 'compare', '--json', json)
  const result = ended(child)
  // Two lines of progress: one trial at least is done.
  const lines = createInterface({ input: child.stderr })
  await once(lines, 'line')
  await once(lines, 'line')
  child.kill('SIGINT')
  const { status, stdout } = await result
  assert.equal(status, 130)
  assert.match(stdout.toString(), /Stopped after \d+ of \d+ trials: these are partial results\./)
  const { trials, costs } = readReport(json)
  assert.ok(trials.done > 0 && trials.done < trials.planned)
  assert.ok(costs.length > 0)
})

const wrong: [args: string[], message: RegExp][] = [
  [['nothing'], /workload: expected idle, .* received nothing/],
  [['--trackers', 'magic'], /tracker: expected some of .* received magic/],
  [['--sizes', '1080p,1x1'], /size: expected 800x600, .* received 1x1/],
  [['--fast'], /--fast/],
]
for (const [args, message] of wrong) {
  test(`umfb bench ${args.join(' ')}: wrong usage`, async (t) => {
    const { status, stdout, stderr } = await new Cli(t).run('bench', ...args)
    assert.equal(status, 2, stderr)
    assert.equal(stdout.length, 0)
    assert.match(stderr, message)
    assert.match(stderr, /^umfb bench: [^\n]*\n$/)
  })
}

test('umfb bench: a folder that is not there is told before the trials', async (t) => {
  const cli = new Cli(t)
  const { status, stderr } = await cli.run('bench', 'idle', '--json', join(cli.folder, 'no/a.json'))
  assert.equal(status, 1)
  assert.match(stderr, /^umfb bench: cannot write the results: [^\n]*\n$/)
})
