import Benchmark from 'benchmark'

/** Mean time of one call in nanoseconds, by benchmark.js: it calibrates the loop and leaves the outliers out. */
export function meanNs(name: string, body: () => void): number {
  const benchmark = new Benchmark(name, body, { maxTime: 1 })
  benchmark.run()
  if (benchmark.error) throw benchmark.error
  return benchmark.stats.mean * 1e9
}
