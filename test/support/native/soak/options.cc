#include "options.h"

#include <algorithm>
#include <charconv>
#include <sstream>
#include <stdexcept>

#include "tracking.h"

namespace umfb::soak {

const char* const kUsage =
    "usage: umfb-soak [--stores N] [--rounds N] [--trackers A,B…] [--seed N] [--json]\n"
    "\n"
    "Stores to device memory from threads and from another process while every tracker is harvested at\n"
    "random moments, and counts what was lost. Exit status: 0 nothing, 1 something, 2 wrong usage.\n"
    "\n"
    "  --stores N      stamped stores by four writers at a time, in all (default 20000000)\n"
    "  --rounds N      rounds of one store or two followed by silence, in all (default 20000)\n"
    "  --trackers A,B  only these\n"
    "  --seed N        of the random moments (default 1)\n"
    "  --json          one JSON object a line: each case, then the totals\n";

namespace {

std::uint64_t number(const std::string& option, const std::string& text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    throw std::invalid_argument(option + ": expected a whole number, received " + text);
  }
  return value;
}

std::vector<std::string> names(const std::string& text) {
  std::vector<std::string> result;
  std::istringstream stream(text);
  for (std::string name; std::getline(stream, name, ',');) {
    const auto all = trackings();
    if (std::ranges::find(all, name, &Tracking::name) == all.end()) {
      std::string known;
      for (const Tracking& tracking : all) known += " " + tracking.name;
      throw std::invalid_argument("--trackers: expected some of" + known + ", received " + name);
    }
    result.push_back(name);
  }
  return result;
}

}  // namespace

Options parseOptions(std::span<char* const> arguments) {
  Options options;
  for (std::size_t index = 1; index < arguments.size(); index++) {
    const std::string option = arguments[index];
    const auto value = [&] {
      if (++index == arguments.size()) throw std::invalid_argument(option + ": expected a value behind it");
      return std::string(arguments[index]);
    };
    if (option == "--stores") {
      options.stores = number(option, value());
    } else if (option == "--rounds") {
      options.rounds = number(option, value());
    } else if (option == "--seed") {
      options.seed = number(option, value());
    } else if (option == "--trackers") {
      options.trackers = names(value());
    } else if (option == "--json") {
      options.json = true;
    } else if (option == "--help") {
      options.help = true;
    } else {
      throw std::invalid_argument("unknown option " + option);
    }
  }
  return options;
}

}  // namespace umfb::soak
