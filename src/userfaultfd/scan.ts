import { InvalidArgumentError } from '../errors.js'
import { attempt } from './attempt.js'
import { BitNames } from './bit-names.js'
import { Pagemap } from './pagemap.js'
import { locate, type Pages, pageSize } from './pages.js'

/** What a scan can tell of a page: bits PAGE_IS_* of linux/fs.h. */
const categoryBits = {
  'wp-allowed': 0,
  written: 1,
  file: 2,
  present: 3,
  swapped: 4,
  'pfn-zero': 5,
  huge: 6,
  'soft-dirty': 7,
} as const

export type PageCategory = keyof typeof categoryBits
const categories = new BitNames<PageCategory>('category', categoryBits)

export interface ScanOptions {
  /**
   * Protect the pages that are returned, in the same step: the next store makes them "written" again. Throws where pages
   * are not registered with wp-async. Default: false.
   */
  rearm?: boolean
  /** Return pages that have all of these. Default: written. */
  all?: readonly PageCategory[]
  /** Return pages that have one of these. Default: none asked. */
  any?: readonly PageCategory[]
  /** What to tell of a page. Default: what `all` and `any` name. Adjacent pages with the same answer are one region. */
  report?: readonly PageCategory[]
  /** Stop after so many pages. Default: no limit. */
  maxPages?: number
  /** Of the process whose pages they are. Default: this process's. */
  pagemap?: Pagemap
}

export interface PageRegion {
  /** From the first byte of the scanned pages. */
  offsetBytes: number
  lengthBytes: number
  categories: PageCategory[]
}

const flagWpMatching = 1n
const flagCheckWpAsync = 2n
const regionsAtOnce = 256

let own: Pagemap | undefined

function ownPagemap(): Pagemap {
  own ??= Pagemap.open()
  return own
}

/**
 * Finds pages by category (ioctl PAGEMAP_SCAN). Where it throws with `rearm`, some pages may have been re-armed and never
 * be told: take all for written. Pages that are not mapped, or not any more, are left out without an error.
 *
 * @returns regions, ascending
 * @throws SystemError ESRCH where the process has exited
 */
export function scanPages(pages: Pages, options: ScanOptions = {}): PageRegion[] {
  const { rearm = false, any = [], maxPages = 0, pagemap = ownPagemap() } = options
  const { all = any.length > 0 ? [] : (['written'] as const) } = options
  if (!Number.isSafeInteger(maxPages) || maxPages < 0) {
    throw new InvalidArgumentError(`maxPages: expected a whole number from 0, received ${maxPages}`)
  }
  const { address, lengthBytes } = locate(pages)
  const end = address + BigInt(lengthBytes)
  const found: PageRegion[] = []
  const regions = new BigUint64Array(3 * regionsAtOnce)
  const flags = rearm ? flagWpMatching | flagCheckWpAsync : 0n
  const required = categories.maskOf(all)
  const sufficient = categories.maskOf(any)
  const reported = options.report ? categories.maskOf(options.report) : required | sufficient
  const masks = [0n, required, sufficient, reported]
  const { handle } = pagemap

  let pagesLeft = maxPages
  for (let start = address; start < end; ) {
    const request = BigUint64Array.of(flags, start, end, BigInt(pagesLeft), ...masks)
    const count = attempt(() => handle.scan(request, regions))
    for (let i = 0; i < count; i++) {
      const first = regions[3 * i]!
      const length = Number(regions[3 * i + 1]! - first)
      found.push({
        offsetBytes: Number(first - address),
        lengthBytes: length,
        categories: categories.namesOf(regions[3 * i + 2]!),
      })
      pagesLeft -= length / pageSize
    }
    if (maxPages > 0 && pagesLeft <= 0) break
    start = request[1]!
  }
  return found
}
