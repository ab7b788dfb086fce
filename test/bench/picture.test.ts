import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Curve, crossover } from '../../bench/picture/curves.js'
import { spreadLabels } from '../../bench/picture/labels.js'
import { svg, text } from '../../bench/picture/svg.js'
import { quantile, regression, spread } from '../../bench/tracking/statistics.js'

function curve(tracker: string, ...points: [percent: number, cost: number][]): Curve {
  return { tracker, points: points.map(([percent, cost]) => ({ percent, cost, low: cost, high: cost })) }
}

describe('the crossover', () => {
  const flat = curve('compare', [1, 100], [10, 100], [100, 100])

  it('lies between two points, straight on logarithmic axes', () => {
    const at = crossover(curve('wp-async', [1, 10], [10, 10], [100, 1000]), flat)
    assert.ok(
      at && Math.abs(at.percent - 10 ** 1.5) < 1e-6 && Math.abs(at.cost - 100) < 1e-6,
      JSON.stringify(at),
    )
  })

  it('is not there where one is always the cheaper one', () => {
    assert.equal(crossover(curve('wp-async', [1, 1], [100, 99]), flat), undefined)
    assert.equal(crossover(curve('wp-async', [1, 101], [100, 200]), flat), undefined)
  })
})

describe('labels', () => {
  it('stay where they want to be while there is room', () => {
    assert.deepEqual(spreadLabels([80, 10, 40], 15, 0, 100), [80, 10, 40])
  })

  it('are pushed apart, inside of the edges', () => {
    const places = spreadLabels([50, 50, 99, 100], 15, 0, 100)
    const sorted = places.toSorted((a, b) => a - b)
    for (let i = 1; i < sorted.length; i++) assert.ok(sorted[i]! - sorted[i - 1]! >= 15, `${places}`)
    assert.ok(sorted[0]! >= 0 && sorted.at(-1)! <= 100)
  })
})

describe('svg', () => {
  it('escapes what it is given', () => {
    const document = svg(10, 10, text(1, 2, '<a & "b">', { id: '"' }))
    assert.match(document, /id="&quot;"/)
    assert.match(document, />&lt;a &amp; &quot;b&quot;&gt;<\/text>/)
  })
})

describe('statistics', () => {
  it('quantiles, spread, regression', () => {
    assert.equal(quantile([], 0.5), 0)
    assert.equal(quantile([3, 1, 2], 0.5), 2)
    assert.equal(quantile([1, 2, 3, 4], 0.99), 4)
    assert.deepEqual(spread([5, 1, 3]), { median: 3, min: 1, max: 5 })
    const { at0, slope } = regression([
      [0, 1],
      [10, 21],
      [20, 41],
    ])
    assert.ok(Math.abs(at0 - 1) < 1e-9 && Math.abs(slope - 2) < 1e-9)
  })
})
