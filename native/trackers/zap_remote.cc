#include "trackers/zap_remote.h"

#include <fcntl.h>
#include <sys/socket.h>

#include "linux/uffd.h"
#include "sys/system_error.h"

namespace umfb::zap {
namespace {

Descriptor duplicateAgent(int fd) {
  if (fd < 0) throw SystemError("zap", ENODEV, "the process has no agent for it");
  Descriptor copy(fcntl(fd, F_DUPFD_CLOEXEC, 0));
  if (!copy.isOpen()) throw SystemError("fcntl(F_DUPFD_CLOEXEC)");
  return copy;
}

}  // namespace

ZapRemote::ZapRemote(Descriptor uffd, const RemoteMapping& remote, std::shared_ptr<Doorbell> doorbell,
                     Loads loads)
    : ZapTracker(std::move(uffd), remote.address, remote.pages, std::move(doorbell), nullptr, loads),
      agent_(duplicateAgent(remote.zapAgent)),
      asked_(remote.pages.end()),
      walked_(remote.pages.end()) {}

bool ZapRemote::resolve(PageRange page, std::uint64_t flags) {
  if (!ZapTracker::resolve(page, flags)) return false;
  asked_.unmark(page);
  return true;
}

void ZapRemote::begin() {
  // What is mapped already is stored to without a fault, until the agent has answered.
  record_.mark(pages());
  ask(PageBitmap(pages().end()));
}

void ZapRemote::take(PageBitmap& dirty, const PageBitmap& open) {
  walked_ = record_;
  walked_.takeMissingFrom(open, [&](PageRange run) { dirty.mark(run); });
  if (waiting_ && answered()) {
    // Not those that became open since: this harvest does not report them.
    asked_.takeMissingFrom(open, [&](PageRange run) { record_.unmark(run); });
    asked_.clear();
    waiting_ = false;
  }
  if (!waiting_) ask(open);
}

void ZapRemote::ask(const PageBitmap& open) {
  question_.count = 0;
  walked_ = record_;
  walked_.takeMissingFrom(open, [&](PageRange run) {
    asked_.mark(run);
    add(run);
  });
  if (question_.count == 0) return;
  ++question_.serial;
  // In question before it is asked: the handler waits for our lock.
  if (send(agent_.get(), &question_, sizeof question_, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0) {
    waiting_ = true;
    return;
  }
  asked_.clear();
  // It has not read the last question yet, which it has answered: the next harvest tries again.
  if (errno != EAGAIN) agentFailed(errno);
}

/// Runs beyond what a question can hold are joined: pages in between that are unmapped, too, cost a fault
/// each.
void ZapRemote::add(PageRange run) {
  const std::uint32_t first = run.first - pages().first;
  if (question_.count < UMFB_MAX_ZAP_RUNS) {
    question_.runs[question_.count++] = {first, run.count};
  } else {
    umfb_pages& last = question_.runs[UMFB_MAX_ZAP_RUNS - 1];
    last.page_count = first + run.count - last.first_page;
  }
}

bool ZapRemote::answered() {
  umfb_zapped answer{};
  const ssize_t length = recv(agent_.get(), &answer, sizeof answer, MSG_DONTWAIT | MSG_TRUNC);
  if (length < 0 && errno == EAGAIN) return false;
  if (length <= 0) agentFailed(length < 0 ? errno : ECONNRESET);
  if (length != sizeof answer || answer.serial != question_.serial) agentFailed(EPROTO);
  return true;
}

void ZapRemote::agentFailed(int error) {
  try {
    uffd::writeProtect(uffd(), addressOf({pages().first, 1}), pageBytes(), false);
  } catch (const SystemError& failure) {
    if (failure.number() == ESRCH) throw;  // It is gone with its process.
  }
  throw SystemError("zap", error, "the agent in the other process");
}

}  // namespace umfb::zap
