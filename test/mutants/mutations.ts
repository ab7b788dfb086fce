/** One way to break the native core on purpose. The proofs are worth something because they notice. */
export interface Mutation {
  /** What is broken, in words. */
  name: string
  /** From the repository's root. */
  file: string
  /** Each text stands there exactly once. */
  edits: readonly (readonly [text: string, replacement: string])[]
  /** Trackers of the soak program that are to notice. */
  trackers: string
}

const wpAsync = 'native/trackers/wp_async.cc'
const deviceTracker = 'native/trackers/device_tracker.cc'
const faultTracker = 'native/trackers/fault_tracker.cc'
const faultTrackerHeader = 'native/trackers/fault_tracker.h'
const wpSync = 'native/trackers/wp_sync.cc'
const zap = 'native/trackers/zap.cc'
const zapRemote = 'native/trackers/zap_remote.cc'
const tripwire = 'native/trackers/idle_tripwire.cc'
const mprotect = 'native/trackers/mprotect.cc'

export const mutations: readonly Mutation[] = [
  {
    name: 'wp-async: one scan, whatever walk_end says',
    file: wpAsync,
    edits: [['argument_.start = argument_.walk_end;', 'argument_.start = argument_.end;']],
    trackers: 'wp-async',
  },
  {
    name: 'wp-async: pages that are left open are scanned all the same',
    file: wpAsync,
    edits: [['open.forEachGap(pages_,', 'PageBitmap(open.sizePages()).forEachGap(pages_,']],
    trackers: 'wp-async',
  },
  {
    name: 'wp-async: what was written is not protected again',
    file: wpAsync,
    edits: [['PM_SCAN_WP_MATCHING | PM_SCAN_CHECK_WPASYNC', 'PM_SCAN_CHECK_WPASYNC']],
    trackers: 'wp-async',
  },
  {
    name: 'frame: pixels are read before they are re-armed',
    file: 'test/support/native/soak/screen.cc',
    edits: [
      [
        'constexpr unsigned kBytesPerPixel = 4;',
        'constexpr unsigned kBytesPerPixel = 4;\nstd::vector<std::uint8_t> early;',
      ],
      [
        '  const std::size_t count = tracker_.harvest(',
        '  early.assign(memory_->view(), memory_->view() + memory_->sizeBytes());\n' +
          '  const std::size_t count = tracker_.harvest(',
      ],
      ['refine(memory_->view(), ', 'refine(early.data(), '],
    ],
    trackers: 'wp-async',
  },
  {
    name: 'device: a mechanism that fails loses its dirt',
    file: deviceTracker,
    edits: [
      [
        '  lastError_ = failure.what();\n  dirty_.mark(pages);',
        '  lastError_ = failure.what();\n  (void)pages;',
      ],
    ],
    trackers: 'wp-async',
  },
  {
    name: 'device: a mapping is detached, and nothing taken',
    file: deviceTracker,
    edits: [['  dirty_.mark(found->pages);\n', '']],
    trackers: 'wp-async',
  },
  {
    name: 'device: pages that are left open are not compared',
    file: deviceTracker,
    edits: [['    compare(shadow);\n    if (wantsSample())', '    if (wantsSample())']],
    trackers: 'wp-async+adaptive',
  },
  {
    name: 'device: the bell is awaited a moment after the trackers were asked',
    file: deviceTracker,
    edits: [
      ['#include <stdexcept>\n', '#include <stdexcept>\n#include <unistd.h>\n'],
      ['  doorbell_->await();\n', ''],
      [
        'mapping.tracker->rings(); }))\n    return true;',
        'mapping.tracker->rings(); })) {\n    usleep(50);\n    doorbell_->await();\n    return true;\n  }',
      ],
    ],
    trackers: 'wp-sync',
  },
  {
    name: 'compare: half of each page',
    file: 'native/trackers/picture.cc',
    edits: [
      ['std::min(pageStart + pageBytes(), endBytes())', 'std::min(pageStart + pageBytes() / 2, endBytes())'],
    ],
    trackers: 'compare',
  },
  {
    name: 'runs that do not fit are dropped',
    file: 'native/memory/page_bitmap.cc',
    edits: [
      [
        '  low_ = first < sizePages_ ? first / 64 : words_.size();\n  if (first >= sizePages_) high_ = 0;',
        '  clear();',
      ],
    ],
    trackers: 'wp-async',
  },
  {
    name: 'faults: recorded first, and resolved after the lock was let go',
    file: faultTracker,
    edits: [
      [
        '  const std::lock_guard lock(mutex_);\n  for (const uffd_msg& fault : faults) handle(',
        '  std::unique_lock lock(mutex_);\n  for (const uffd_msg& fault : faults) {\n' +
          '    const std::uint64_t offset = fault.arg.pagefault.address - address_;\n' +
          '    record_.mark({pages_.first + static_cast<std::uint32_t>(offset / pageBytes()), 1});\n' +
          '  }\n  lock.unlock();\n  for (const uffd_msg& fault : faults) handle(',
      ],
      ['if (resolve(page, flags)) record_.mark(page);', 'resolve(page, flags);'],
    ],
    trackers: 'wp-sync',
  },
  {
    name: 'faults: resolved, and not recorded',
    file: faultTracker,
    edits: [['if (resolve(page, flags)) record_.mark(page);', 'resolve(page, flags);']],
    trackers: 'wp-sync',
  },
  {
    name: 'faults: the record is cleared after the lock was let go',
    file: faultTracker,
    edits: [
      [
        '  const std::lock_guard lock(mutex_);\n  if (failure_ != 0) throw',
        '  std::unique_lock lock(mutex_);\n  if (failure_ != 0) throw',
      ],
      [
        '  take(dirty, open);\n}',
        '  take(dirty, open);\n  lock.unlock();\n  if (open.empty()) record_.clear();\n}',
      ],
    ],
    trackers: 'wp-sync',
  },
  {
    name: 'faults: a harvest without the lock',
    file: faultTracker,
    edits: [
      ['  const std::lock_guard lock(mutex_);\n  if (failure_ != 0) throw', '  if (failure_ != 0) throw'],
    ],
    trackers: 'wp-sync',
  },
  {
    name: 'faults: taken, and not re-armed',
    file: faultTrackerHeader,
    edits: [['      rearm(run);\n', '      (void)rearm;\n']],
    trackers: 'wp-sync',
  },
  {
    name: 'faults: nobody rings',
    file: faultTracker,
    edits: [['has taken already.\n  doorbell_->ring();', 'has taken already.']],
    trackers: 'wp-sync',
  },
  {
    name: 'faults: who is asked whether it rings does not look at the record',
    file: faultTracker,
    edits: [['return failure_ == 0 && record_.empty();', 'return failure_ == 0;']],
    trackers: 'wp-sync',
  },
  {
    name: 'faults: a tracker that is disarmed wakes nobody',
    file: faultTracker,
    edits: [['      uffd::wake(uffd(), address_, lengthOf(pages_));\n', '']],
    trackers: 'wp-sync',
  },
  {
    name: 'wp-sync: a fault of a page that waits is not resolved',
    file: wpSync,
    edits: [['uffd::writeProtect(uffd(), addressOf(page), lengthOf(page), false);\n  return', 'return']],
    trackers: 'wp-sync',
  },
  {
    name: 'zap: a page is mapped writable for a load, and not recorded',
    file: zap,
    edits: [['lengthOf(page), writable ? 0 : UFFDIO_CONTINUE_MODE_WP', 'lengthOf(page), 0']],
    trackers: 'zap',
  },
  {
    name: 'zap: taken, and not unmapped',
    file: zap,
    edits: [
      [
        'takeRecord(dirty, open, [this](PageRange run) { unmap(run); });',
        'takeRecord(dirty, open, [](PageRange) {});',
      ],
    ],
    trackers: 'zap',
  },
  {
    name: 'zap of another process: an answer takes pages that were mapped again since the question',
    file: zapRemote,
    edits: [['  asked_.unmark(page);\n', '  (void)page;\n']],
    trackers: 'zap',
  },
  {
    name: 'zap of another process: a page leaves the record with the question, not with the answer',
    file: zapRemote,
    edits: [['    waiting_ = true;\n    return;', '    waiting_ = true;\n    record_.clear();\n    return;']],
    trackers: 'zap',
  },
  {
    name: 'mprotect: a page is opened, and not recorded',
    file: mprotect,
    edits: [['    written_.mark(opened);\n', '']],
    trackers: 'mprotect',
  },
  {
    name: 'mprotect: a harvest without the lock',
    file: mprotect,
    edits: [
      [
        'memory_order_acquire)) return;\n    const SignalLockGuard guard(sigsegv::lock());',
        'memory_order_acquire)) return;',
      ],
    ],
    trackers: 'mprotect',
  },
  {
    name: 'mprotect: only the first run is protected, and all are taken',
    file: mprotect,
    edits: [['if (!protect(span, PROT_READ))', 'if (!protect({span.first, 1}, PROT_READ))']],
    trackers: 'mprotect',
  },
  {
    name: 'tripwire: nothing is compared once it is stretched',
    file: tripwire,
    edits: [['    sparse_->arm();\n    dirty.mark(pages_);', '    sparse_->arm();\n    (void)dirty;']],
    trackers: 'wp-async+adaptive',
  },
  {
    name: 'tripwire: nothing is compared once it is taken down, and what a fresh registration reports is not believed',
    file: tripwire,
    edits: [
      [
        '  dense_->arm();\n  dirty.mark(pages_);',
        '  dense_->arm();\n  PageBitmap(pages_.end()).mark(pages_);\n  (void)dirty;',
      ],
    ],
    trackers: 'wp-async+adaptive',
  },
]
