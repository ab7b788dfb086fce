import { runBench } from '../../bench/command-line.js'
import type { Command } from './command.js'

const help = `usage: umfb bench [WORKLOAD…] [OPTIONS]

Measures the trackers: what each costs the writer and the host, how exact it is, how long a store takes to be seen, and
whether any is lost. Takes a quarter of an hour; Ctrl-C ends it, and what is done is shown. Exits with 1 where a promised
figure was missed, with 130 after Ctrl-C.

WORKLOAD is one or more of idle, cursor, scroll, drag, video-30%, video-full, repaint, pokes-1%, pokes-10%, read, kvm-guest,
mix; band-N% or pokes-N% for a share of the pages; sweep for those of the picture, latency for the time from a store to its
damage, still for what a surface costs that is hardly stored to. Default: all.

  --quick           about a minute: fewer trials, and shorter ones
  --trackers A,B    only these, of those that "umfb doctor" lists, and adaptive (what --tracker auto does)
  --sizes A,B       800x600, 1080p, 4K, 8K or WIDTHxHEIGHT; the first one gets everything
  --json FILE       all figures, with the machine
  --svg FILE        the picture: cost against the share of dirty pages
  --png FILE        the same
  --out DIR         all three, as latest.json, latest.svg and latest.png
`

async function run(args: string[]): Promise<number> {
  return runBench(args, {})
}

export const command: Command = { help, run }
