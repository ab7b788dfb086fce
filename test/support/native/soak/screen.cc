#include "screen.h"

#include <cstring>

#include "pixels/refine.h"

namespace umfb::soak {
namespace {

constexpr unsigned kBytesPerPixel = 4;

}  // namespace

Screen::Screen(std::shared_ptr<Mapping> memory, const Tracking& tracking)
    : memory_(std::move(memory)),
      shadow_(memory_->sizeBytes()),
      before_(shadow_.size() / sizeof(std::uint32_t)),
      runs_(2 * memory_->sizePages()),
      rects_(64),
      tracker_(memory_, *tracking.mechanism, tracking.adaptive) {}

std::uint32_t Screen::shown(std::uint32_t word) const {
  std::uint32_t value;
  std::memcpy(&value, shadow_.data() + word * sizeof value, sizeof value);
  return value;
}

bool Screen::frame(std::uint32_t maxRuns) {
  const std::size_t count = tracker_.harvest(std::span(runs_).first(2 * std::size_t{maxRuns}), shadow_);
  dirty_.clear();
  for (std::size_t run = 0; run < count; run++) {
    dirty_.push_back({runs_[2 * run], runs_[2 * run + 1]});
    refinePages(dirty_.back());
  }
  frames_++;
  return count < maxRuns;
}

void Screen::refinePages(PageRange pages) {
  const std::size_t start = pages.first * pageBytes();
  const std::size_t length = pages.count * pageBytes();
  std::memcpy(before_.data(), shadow_.data() + start, length);
  const Rect rows{0, static_cast<std::int32_t>(pages.first),
                  static_cast<std::int32_t>(pageBytes() / kBytesPerPixel),
                  static_cast<std::int32_t>(pages.end())};
  refine(memory_->view(), shadow_.data(), pageBytes(), kBytesPerPixel, 0, {&rows, 1}, rects_);
  for (std::uint32_t word = 0; word < length / sizeof word; word++) {
    const std::uint32_t now = shown(static_cast<std::uint32_t>(start / sizeof word) + word);
    if (now < before_[word] && !wentBack_) {
      wentBack_ = "page " + std::to_string(pages.first + word * sizeof word / pageBytes()) + ": from stamp " +
                  std::to_string(before_[word]) + " back to " + std::to_string(now);
    }
  }
}

std::optional<std::string> Screen::stalePage() const {
  for (std::uint32_t page = 0; page < memory_->sizePages(); page++) {
    const std::size_t start = page * pageBytes();
    if (std::memcmp(memory_->view() + start, shadow_.data() + start, pageBytes()) != 0) {
      return "page " + std::to_string(page) + " is not as the memory holds it, although all is silent";
    }
  }
  return std::nullopt;
}

}  // namespace umfb::soak
