/*
 * Stands in for libFuzzer where there is none: calls a target with inputs made of numbers that a fuzzer would
 * try, the same ones for the same seed. What libFuzzer finds by looking at the code it finds by chance or not
 * at all.
 *
 *     TARGET [-max_total_time=SECONDS] [-seed=NUMBER] [FILE…]     a file is one input
 */
#include <sanitizer/common_interface_defs.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t mostBytes = 4096;

void add(Bytes& bytes, std::uint64_t number, std::size_t count) {
  for (; count > 0; count--, number >>= 8) bytes.push_back(static_cast<std::uint8_t>(number));
}

/// Small numbers, ends of ranges and what lies beside them, and anything.
Bytes make(std::mt19937_64& random) {
  static constexpr std::uint64_t edges[] = {0,      1,      0x7f,       0x80,       0xff,
                                            0x7fff, 0xffff, 0x7fffffff, 0xffffffff, ~0ull};
  Bytes bytes;
  const std::size_t wanted = random() % mostBytes;
  while (bytes.size() < wanted) {
    const std::size_t count = std::size_t{1} << random() % 4;
    switch (random() % 4) {
      case 0:
        add(bytes, edges[random() % std::size(edges)] + random() % 3 - 1, count);
        break;
      case 1:
        add(bytes, random() % 64, count);
        break;
      default:
        add(bytes, random(), count);
    }
  }
  return bytes;
}

/// The input under way.
Bytes current;

/// What killed the process is found where libFuzzer would have put it.
void save() {
  std::ofstream("crash-input", std::ios::binary)
      .write(reinterpret_cast<const char*>(current.data()), static_cast<std::streamsize>(current.size()));
}

void run(Bytes bytes) {
  current = std::move(bytes);
  // Memory of its own: a byte beyond it is noticed.
  const std::unique_ptr<std::uint8_t[]> copy(new std::uint8_t[current.size()]);
  std::copy(current.begin(), current.end(), copy.get());
  LLVMFuzzerTestOneInput(copy.get(), current.size());
}

}  // namespace

int main(int argc, char** argv) {
  __sanitizer_set_death_callback(save);
  std::signal(SIGABRT, [](int) { save(); });
  double seconds = 1;
  std::uint64_t seed = 1;
  bool hasFiles = false;
  for (int i = 1; i < argc; i++) {
    if (std::sscanf(argv[i], "-max_total_time=%lf", &seconds) == 1) continue;
    if (std::sscanf(argv[i], "-seed=%lu", &seed) == 1) continue;
    std::ifstream file(argv[i], std::ios::binary);
    run(Bytes(std::istreambuf_iterator<char>(file), {}));
    hasFiles = true;
  }
  if (hasFiles) return 0;
  std::mt19937_64 random(seed);
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  std::uint64_t runs = 0;
  for (; std::chrono::steady_clock::now() < end; runs++) {
    run(make(random));
  }
  std::printf("%lu inputs\n", runs);
  return 0;
}
