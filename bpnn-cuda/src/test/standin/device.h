// The single device of the stand-in: memory, streams, errors, and injected faults.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

enum CUresult {
  CUDA_SUCCESS = 0,
  CUDA_ERROR_INVALID_VALUE = 1,
  CUDA_ERROR_OUT_OF_MEMORY = 2,
  CUDA_ERROR_NOT_INITIALIZED = 3,
  CUDA_ERROR_NO_DEVICE = 100,
  CUDA_ERROR_INVALID_DEVICE = 101,
  CUDA_ERROR_INVALID_IMAGE = 200,
  CUDA_ERROR_INVALID_CONTEXT = 201,
  CUDA_ERROR_NO_BINARY_FOR_GPU = 209,
  CUDA_ERROR_INVALID_HANDLE = 400,
  CUDA_ERROR_NOT_FOUND = 500,
  CUDA_ERROR_NOT_READY = 600,
  CUDA_ERROR_ILLEGAL_ADDRESS = 700,
  CUDA_ERROR_LAUNCH_FAILED = 719,
  CUDA_ERROR_NOT_SUPPORTED = 801,
  CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED = 900,
  CUDA_ERROR_STREAM_CAPTURE_INVALIDATED = 901,
  CUDA_ERROR_UNKNOWN = 999
};

// Read by the tests as device attributes with these numbers, which no driver uses.
enum Counter {
  LIVE_ALLOCATIONS,
  LIVE_KIBIBYTES,
  ALLOCATIONS,
  LIVE_PINNED,
  LIVE_STREAMS,
  LIVE_EVENTS,
  LIVE_GRAPHS,
  LIVE_MODULES,
  LAUNCHES,
  GRAPH_LAUNCHES,
  PRODUCTS,
  SYNCHRONISATIONS,
  LIVE_CUBLAS_HANDLES,
  FINDING,  // of the sanitizer
  COUNTERS
};
constexpr int FIRST_COUNTER = 1000000;

// Set by the tests as limits of the context with these numbers, which no driver uses. Counts start when one is set.
enum Setting {
  LAZY,                  // 1: work is executed only when something waits for it
  MEMORY,                // bytes of the device
  ALLOCATION_FAILS,      // the n-th allocation from now fails
  LAUNCH_FAILS,          // the n-th kernel from now fails
  DEVICE_IS_LOST,        // from the n-th kernel on, every call fails
  SYNCHRONISATION_FAILS, // the next synchronisation returns this error
  DEVICES,
  DRIVER_VERSION,
  MULTIPROCESSORS,
  SETTINGS
};
constexpr int FIRST_SETTING = 1000000;

struct Operation {
  uint64_t ticket;
  std::function<void()> run;
};

struct Capture {
  int mode;
  bool invalid;
  std::vector<std::function<void()>> operations;
};

struct Stream {
  bool blocking;
  std::deque<Operation> pending;
  std::shared_ptr<Capture> capture;
  bool is_origin;
};

struct Event {
  Stream *stream;
  uint64_t ticket;
  bool done;
  double milliseconds;
  std::shared_ptr<Capture> capture;
};

struct Graph {
  std::vector<std::function<void()>> operations;
};

class Device {
 public:
  std::recursive_mutex lock;
  int64_t settings[SETTINGS];
  int64_t counters[COUNTERS] = {};
  bool initialised = false;
  int retained = 0;

  Device();

  // The sticky error of the context, set by kernels and copies.
  CUresult sticky() const { return sticky_error; }
  void fail(CUresult error, const std::string &sentence);
  // Counts the setting down; true when it reaches zero.
  bool is_due(Setting setting);

  CUresult allocate(size_t bytes, uint64_t *address);
  CUresult free(uint64_t address);
  // Whether all these bytes are in one allocation.
  bool contains(uint64_t address, size_t bytes) const;
  size_t free_bytes() const;
  void check_guards(const std::string &after);

  std::map<uint64_t, size_t> pinned;
  bool is_pinned(const void *host) const;

  Stream null_stream{true, {}, nullptr, false};
  std::set<Stream *> streams;
  std::set<Event *> events;

  Stream *stream(void *handle) { return handle == nullptr ? &null_stream : (Stream *)handle; }
  // Executes the work now or later, or adds it to the graph being captured.
  CUresult submit(Stream *stream, std::function<void()> work);
  void drain(Stream *stream, uint64_t ticket = UINT64_MAX);
  // A call without a stream waits for the null stream and all blocking streams.
  void drain_blocking();
  void drain_all();
  CUresult forbid_while_capturing();
  uint64_t last_ticket() const { return tickets; }
  void destroy_context();

 private:
  CUresult sticky_error = CUDA_SUCCESS;
  std::map<uint64_t, size_t> allocations;
  size_t used = 0;
  uint64_t tickets = 0;

  void release(uint64_t address, size_t bytes);
};

Device &device();

typedef std::lock_guard<std::recursive_mutex> Locked;
