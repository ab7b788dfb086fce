#pragma once

#include <cstdint>
#include <memory>

#include "client/wire.h"
#include "trackers/zap.h"

namespace umfb::zap {

/**
 * zap of another process's mapping. Nobody can unmap that process's pages from outside (process_madvise(2)
 * has no MADV_DONTNEED for another process), so an agent there does: a thread that is asked by a socket. It
 * may be slow, hang or lie, and is never waited for.
 *
 * The protocol, for one page. It is in the record from the fault that made it writable until its unmapping is
 * known, and every harvest reports the whole record.
 *
 *   ask     a harvest asks the agent to unmap the record's pages; one question at a time
 *   fault   makes the page writable, puts it into the record, and takes it off the question
 *   answer  a later harvest finds the agent's answer: pages that are still in question leave the record,
 * after this harvest has reported them
 *
 * So a page leaves the record only in a harvest that reports it, and that began after it was unmapped: stores
 * to the old mapping are all in memory by then, and those to a new one put it into the record again, where no
 * later answer to the old question takes it out.
 */
class ZapRemote final : public ZapTracker {
public:
  /// @throws SystemError ENODEV where there is no agent
  ZapRemote(Descriptor uffd, const RemoteMapping& remote, std::shared_ptr<Doorbell> doorbell, Loads loads);
  ~ZapRemote() override { disarm(); }

private:
  bool resolve(PageRange page, std::uint64_t flags) override;
  void begin() override;
  void take(PageBitmap& dirty, const PageBitmap& open) override;

  void ask(const PageBitmap& open);
  bool answered();
  void add(PageRange run);
  [[noreturn]] void agentFailed(int error);

  Descriptor agent_;
  /// What the agent was asked to unmap, and has not been mapped again since.
  PageBitmap asked_;
  /// A copy of the record, while that is walked through.
  PageBitmap walked_;
  bool waiting_ = false;
  umfb_zap question_{};
};

}  // namespace umfb::zap
