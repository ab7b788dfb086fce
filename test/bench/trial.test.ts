import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { runLatency } from '../../bench/tracking/latency.js'
import { runRects } from '../../bench/tracking/rects.js'
import { findSize } from '../../bench/tracking/size.js'
import { canTrack, listTrackers, whyNoKvmGuest } from '../../bench/tracking/trackers.js'
import { runTrial } from '../../bench/tracking/trial.js'
import { writerKinds } from '../../bench/tracking/writer-kind.js'

const size = findSize('160x120')

it('mprotect is not measured where it would be a comparison', () => {
  assert.deepEqual(
    writerKinds.map((writer) => canTrack('mprotect', writer)),
    [true, false, true],
  )
})

describe('a trial', () => {
  for (const { name: tracker, reason } of listTrackers()) {
    for (const writer of writerKinds.filter((each) => canTrack(tracker, each))) {
      const refusal = reason || (writer === 'kvm' ? whyNoKvmGuest() : '')
      const skip = refusal !== '' && `${tracker} does not work here: ${refusal}`
      const workload = writer === 'kvm' ? 'kvm-guest' : 'mix'
      it(`${tracker}, writer of kind ${writer}: nothing is lost, everything counted`, { skip }, async (t) => {
        const spec = { kind: 'cost', workload, size, writer, tracker, budgetMs: 1 } as const
        const { unable, exactness, frames, trackerNs, writerNs } = await runTrial(spec)
        if (unable !== undefined) return t.skip(unable)
        assert.ok(frames > 0 && trackerNs > 0 && writerNs > 0)
        assert.ok(exactness)
        assert.equal(exactness.losses, 0)
        assert.ok(exactness.pagesReported >= exactness.pagesWritten, JSON.stringify(exactness))
        assert.ok(exactness.pixelsChanged > 0)
        assert.ok(exactness.pixelsReported >= exactness.pixelsChanged)
        assert.ok(exactness.rects >= 1)
      })
    }
  }

  it('without a tracker tells the writer alone', async () => {
    const spec = {
      kind: 'cost',
      workload: 'video-full',
      size,
      writer: 'other',
      tracker: 'none',
      budgetMs: 1,
    } as const
    const { trackerNs, writerNs, exactness } = await runTrial(spec)
    assert.equal(trackerNs, 0)
    assert.ok(writerNs > 0)
    assert.equal(exactness, undefined)
  })
})

describe('the time from a store to its damage', () => {
  it('is told for each store', async () => {
    const spec = { kind: 'latency', size, tracker: 'compare', state: 'awake', samples: 3 } as const
    const { latenciesMs } = await runLatency(spec)
    assert.equal(latenciesMs.length, 3)
    for (const latency of latenciesMs) assert.ok(latency > 0)
  })
})

describe('rects', () => {
  it('cost no more than the minimum partition, where that is one rect', async () => {
    const { rects, leastRects, costRatio } = await runRects({ kind: 'rects', workload: 'video-30%' })
    assert.deepEqual([rects, leastRects, costRatio], [1, 1, 1])
  })
})
