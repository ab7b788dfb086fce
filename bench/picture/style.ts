/** How each tracker looks, in every panel the same. Colours by Okabe and Ito: told apart by the colour-blind, too. */
export interface Look {
  readonly colour: string
  readonly width: number
}

const looks: Readonly<Record<string, Look>> = {
  adaptive: { colour: '#d55e00', width: 3.5 },
  'wp-async': { colour: '#0072b2', width: 2 },
  'wp-sync': { colour: '#56b4e9', width: 2 },
  zap: { colour: '#009e73', width: 2 },
  'zap-reads': { colour: '#7fcf9f', width: 2 },
  mprotect: { colour: '#cc79a7', width: 2 },
  compare: { colour: '#444444', width: 2 },
}

const other: Look = { colour: '#999999', width: 1.5 }

export function lookOf(tracker: string): Look {
  return looks[tracker] ?? other
}

/** Seconds as people say them. */
export function formatUs(us: number): string {
  if (us >= 1000) return `${Number((us / 1000).toPrecision(3))} ms`
  return `${Number(us.toPrecision(3))} µs`
}
