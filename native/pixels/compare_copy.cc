#include "pixels/compare_copy.h"

#include <bit>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace umfb {
namespace {

// Loads of live pixels are volatile: without it a compiler may load again what it has no register for, and
// then compares one value and stores another.

struct [[gnu::packed, gnu::may_alias]] Word {
  std::uint64_t value;
};
static_assert(std::endian::native == std::endian::little, "byte n of memory is bits 8n and up of a word");

/// Bit n is set when byte n of the word is not zero.
std::uint64_t bytesNotZero(std::uint64_t word) {
  constexpr std::uint64_t lowBits = 0x7f7f7f7f7f7f7f7f;
  const std::uint64_t topBits = (((word & lowBits) + lowBits) | word) & ~lowBits;
  return ((topBits >> 7) * 0x0102040810204080) >> 56;
}

std::uint64_t compareCopyWord(const std::uint8_t* live, std::uint8_t* shadow) {
  const std::uint64_t value = reinterpret_cast<const volatile Word*>(live)->value;
  Word& copy = *reinterpret_cast<Word*>(shadow);
  const std::uint64_t difference = value ^ copy.value;
  if (difference == 0) return 0;
  copy.value = value;
  return bytesNotZero(difference);
}

template <unsigned laneBytes>
std::uint64_t portableLanes(const std::uint8_t* live, std::uint8_t* shadow, std::size_t lanes,
                            std::uint64_t* changed) {
  std::uint64_t any = 0;
  for (std::size_t lane = 0; lane < lanes; lane++, live += laneBytes, shadow += laneBytes) {
    std::uint64_t bits = 0;
    for (unsigned byte = 0; byte < laneBytes; byte += 8) {
      bits |= compareCopyWord(live + byte, shadow + byte) << byte;
    }
    changed[lane] = bits;
    any |= bits;
  }
  return any;
}

#if defined(__x86_64__)

__m128i loadOnce16(const std::uint8_t* live) { return *reinterpret_cast<const volatile __m128i_u*>(live); }

/// Bit n is set when byte n of the two is the same.
std::uint64_t sameBytes16(__m128i value, const std::uint8_t* shadow) {
  const __m128i copy = _mm_loadu_si128(reinterpret_cast<const __m128i*>(shadow));
  return static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(value, copy)));
}

template <unsigned laneBytes>
std::uint64_t sse2Lanes(const std::uint8_t* live, std::uint8_t* shadow, std::size_t lanes,
                        std::uint64_t* changed) {
  constexpr std::uint64_t allBytes = ~std::uint64_t{0} >> (64 - laneBytes);
  constexpr unsigned vectors = laneBytes / 16;
  std::uint64_t any = 0;
  for (std::size_t lane = 0; lane < lanes; lane++, live += laneBytes, shadow += laneBytes) {
    __m128i values[vectors];
    std::uint64_t same = 0;
    for (unsigned i = 0; i < vectors; i++) {
      values[i] = loadOnce16(live + 16 * i);
      same |= sameBytes16(values[i], shadow + 16 * i) << (16 * i);
    }
    changed[lane] = same ^ allBytes;
    if (same == allBytes) continue;
    any |= same ^ allBytes;
    for (unsigned i = 0; i < vectors; i++) {
      _mm_storeu_si128(reinterpret_cast<__m128i*>(shadow + 16 * i), values[i]);
    }
  }
  return any;
}

[[gnu::target("avx2")]] __m256i loadOnce32(const std::uint8_t* live) {
  return *reinterpret_cast<const volatile __m256i_u*>(live);
}

[[gnu::target("avx2")]] std::uint64_t sameBytes32(__m256i value, const std::uint8_t* shadow) {
  const __m256i copy = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(shadow));
  return static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(value, copy)));
}

[[gnu::target("avx2")]] std::uint64_t avx2Lanes64(const std::uint8_t* live, std::uint8_t* shadow,
                                                  std::size_t lanes, std::uint64_t* changed) {
  std::uint64_t any = 0;
  for (std::size_t lane = 0; lane < lanes; lane++, live += 64, shadow += 64) {
    const __m256i low = loadOnce32(live);
    const __m256i high = loadOnce32(live + 32);
    const std::uint64_t differ = ~(sameBytes32(low, shadow) | sameBytes32(high, shadow + 32) << 32);
    changed[lane] = differ;
    if (differ == 0) continue;
    any |= differ;
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(shadow), low);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(shadow + 32), high);
  }
  return any;
}

constexpr CompareCopyKernel sse2Kernel{"sse2", sse2Lanes<64>, sse2Lanes<48>};
constexpr CompareCopyKernel avx2Kernel{"avx2", avx2Lanes64, sse2Lanes<48>};

#endif

const CompareCopyKernel& chooseKernel() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx2") ? avx2Kernel : sse2Kernel;
#else
  return portableKernel;
#endif
}

}  // namespace

constexpr CompareCopyKernel portableKernel{"portable", portableLanes<64>, portableLanes<48>};

const CompareCopyKernel& fastestKernel() {
  static const CompareCopyKernel& kernel = chooseKernel();
  return kernel;
}

std::uint64_t compareCopyRest(const std::uint8_t* live, std::uint8_t* shadow, std::size_t bytes) {
  std::uint64_t changed = 0;
  std::size_t at = 0;
  for (; at + 8 <= bytes; at += 8) changed |= compareCopyWord(live + at, shadow + at) << at;
  for (; at < bytes; at++) {
    const std::uint8_t value = static_cast<const volatile std::uint8_t*>(live)[at];
    changed |= std::uint64_t{value != shadow[at]} << at;
    shadow[at] = value;
  }
  return changed;
}

}  // namespace umfb
