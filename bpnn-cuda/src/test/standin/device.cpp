#include "device.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "sanitizer.h"
#include "version.h"

namespace {

// A quiet NaN as sentinel: out-of-bounds reads give NaN, out-of-bounds writes are detected.
constexpr uint32_t GUARD = 0x7fc0dead;
constexpr size_t GUARD_BYTES = 256;
constexpr size_t ALIGNMENT = 256;

size_t padded(size_t bytes) { return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT; }

void fill(char *from, const char *to, uint32_t pattern) {
  for (; from + 4 <= to; from += 4) memcpy(from, &pattern, 4);
  memcpy(from, &pattern, (size_t)(to - from));
}

bool is_filled(const char *from, const char *to, uint32_t pattern) {
  for (; from + 4 <= to; from += 4) {
    if (memcmp(from, &pattern, 4) != 0) return false;
  }
  return memcmp(from, &pattern, (size_t)(to - from)) == 0;
}

// The settings at the start: CUDA_STANDIN="lazy=1,memory=1000000,devices=0".
const char *const NAMES[SETTINGS] = {"lazy", "memory", "allocation-fails", "launch-fails", "device-is-lost",
                                     "synchronisation-fails", "devices", "driver-version", "multiprocessors"};

void read_settings(int64_t *settings) {
  const char *text = getenv("CUDA_STANDIN");
  std::string rest = text == nullptr ? "" : text;
  while (!rest.empty()) {
    size_t comma = rest.find(',');
    std::string entry = rest.substr(0, comma);
    rest = comma == std::string::npos ? "" : rest.substr(comma + 1);
    size_t equals = entry.find('=');
    bool known = false;
    for (int i = 0; i < SETTINGS && equals != std::string::npos; i++) {
      if (entry.compare(0, equals, NAMES[i]) != 0) continue;
      settings[i] = strtoll(entry.c_str() + equals + 1, nullptr, 10);
      known = true;
    }
    if (!known) fprintf(stderr, "CUDA stand-in: CUDA_STANDIN has an unknown entry \"%s\".\n", entry.c_str());
  }
}

}  // namespace

Device::Device() {
  memset(settings, 0, sizeof settings);
  settings[MEMORY] = 4LL << 30;
  settings[DEVICES] = 1;
  settings[DRIVER_VERSION] = 12060;
  settings[MULTIPROCESSORS] = 4;
  read_settings(settings);
}

Device &device() {
  static Device *the_device = new Device();  // never destroyed: threads may end after static objects
  return *the_device;
}

void Device::fail(CUresult error, const std::string &sentence) {
  if (sticky_error != CUDA_SUCCESS) return;
  sticky_error = error;
  fprintf(stderr, "CUDA stand-in: %s.\n", sentence.c_str());
}

bool Device::is_due(Setting setting) { return settings[setting] > 0 && --settings[setting] == 0; }

CUresult Device::allocate(size_t bytes, uint64_t *address) {
  if (bytes == 0) return CUDA_ERROR_INVALID_VALUE;
  if (is_due(ALLOCATION_FAILS) || bytes > free_bytes()) return CUDA_ERROR_OUT_OF_MEMORY;
  size_t inner = padded(bytes);
  char *memory = STANDIN_SANITIZED ? sanitizer::reserve(inner + 2 * GUARD_BYTES)
                                   : (char *)aligned_alloc(ALIGNMENT, inner + 2 * GUARD_BYTES);
  if (memory == nullptr) return CUDA_ERROR_OUT_OF_MEMORY;
  char *start = memory + GUARD_BYTES;
  fill(memory, start, GUARD);
  memset(start, 0xff, bytes);
  fill(start + bytes, start + inner + GUARD_BYTES, GUARD);
  *address = (uint64_t)start;
  allocations[*address] = bytes;
  if (STANDIN_SANITIZED) sanitizer::allocated(*address, bytes);
  used += bytes;
  counters[ALLOCATIONS]++;
  counters[LIVE_ALLOCATIONS]++;
  counters[LIVE_KIBIBYTES] = (int64_t)((used + 1023) / 1024);
  return CUDA_SUCCESS;
}

void Device::release(uint64_t address, size_t bytes) {
  used -= bytes;
  counters[LIVE_ALLOCATIONS]--;
  counters[LIVE_KIBIBYTES] = (int64_t)((used + 1023) / 1024);
  char *memory = (char *)address - GUARD_BYTES;
  if (STANDIN_SANITIZED) {
    sanitizer::freed(address);
    sanitizer::release(memory, padded(bytes) + 2 * GUARD_BYTES);
  } else {
    std::free(memory);
  }
}

CUresult Device::free(uint64_t address) {
  if (address == 0) return CUDA_SUCCESS;
  auto found = allocations.find(address);
  if (found == allocations.end()) return CUDA_ERROR_INVALID_VALUE;
  check_guards("an earlier operation");
  release(address, found->second);
  allocations.erase(found);
  return CUDA_SUCCESS;
}

bool Device::contains(uint64_t address, size_t bytes) const {
  auto after = allocations.upper_bound(address);
  if (after == allocations.begin()) return false;
  auto found = std::prev(after);
  return address - found->first <= found->second && bytes <= found->second - (address - found->first);
}

size_t Device::free_bytes() const {
  size_t total = (size_t)settings[MEMORY];
  return used < total ? total - used : 0;
}

void Device::check_guards(const std::string &after) {
  for (const auto &entry : allocations) {
    const char *start = (const char *)entry.first;
    size_t bytes = entry.second;
    if (is_filled(start - GUARD_BYTES, start, GUARD) &&
        is_filled(start + bytes, start + padded(bytes) + GUARD_BYTES, GUARD)) {
      continue;
    }
    fail(CUDA_ERROR_ILLEGAL_ADDRESS,
         after + " wrote outside of an allocation of " + std::to_string(bytes) + " bytes");
    return;
  }
}

bool Device::is_pinned(const void *host) const {
  auto after = pinned.upper_bound((uint64_t)host);
  if (after == pinned.begin()) return false;
  auto found = std::prev(after);
  return (uint64_t)host - found->first < found->second;
}

CUresult Device::submit(Stream *stream, std::function<void()> work) {
  if (sticky_error != CUDA_SUCCESS) return sticky_error;
  if (stream->capture != nullptr) {
    if (stream->capture->invalid) return CUDA_ERROR_STREAM_CAPTURE_INVALIDATED;
    stream->capture->operations.push_back(std::move(work));
    return CUDA_SUCCESS;
  }
  if (settings[LAZY] == 0) {
    work();
    return CUDA_SUCCESS;
  }
  // The null stream waits for the others, and they for it.
  if (stream == &null_stream) {
    drain_blocking();
  } else if (stream->blocking) {
    drain(&null_stream);
  }
  stream->pending.push_back({++tickets, std::move(work)});
  return CUDA_SUCCESS;
}

void Device::drain(Stream *stream, uint64_t ticket) {
  while (!stream->pending.empty() && stream->pending.front().ticket <= ticket) {
    Operation operation = std::move(stream->pending.front());
    stream->pending.pop_front();
    if (sticky_error == CUDA_SUCCESS) operation.run();
  }
}

void Device::drain_blocking() {
  drain(&null_stream);
  for (Stream *stream : streams) {
    if (stream->blocking) drain(stream);
  }
}

void Device::drain_all() {
  drain(&null_stream);
  for (Stream *stream : streams) drain(stream);
}

CUresult Device::forbid_while_capturing() {
  CUresult result = CUDA_SUCCESS;
  for (Stream *stream : streams) {
    if (stream->capture == nullptr || stream->capture->mode == 2) continue;
    stream->capture->invalid = true;
    result = CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
  }
  return result;
}

void Device::destroy_context() {
  if (!allocations.empty()) {
    fprintf(stderr, "CUDA stand-in: the context ends with %zu live allocations.\n", allocations.size());
  }
  for (const auto &entry : allocations) release(entry.first, entry.second);
  allocations.clear();
  for (Stream *stream : streams) delete stream;
  streams.clear();
  counters[LIVE_STREAMS] = 0;
  counters[FINDING] = 0;
  null_stream.pending.clear();
  // After an error nothing can be released, so leaks are not counted.
  if (sticky_error != CUDA_SUCCESS) {
    for (Event *event : events) delete event;
    events.clear();
    for (Counter counter : {LIVE_EVENTS, LIVE_MODULES, LIVE_GRAPHS}) counters[counter] = 0;
  }
  sticky_error = CUDA_SUCCESS;
}
