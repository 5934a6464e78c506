#include "sanitizer.h"

#include <sys/mman.h>

#include <cstring>
#include <deque>
#include <map>
#include <vector>

#include "kernel.h"

#define EXPORT extern "C" __attribute__((visibility("default")))

namespace {

constexpr size_t ARENA = (size_t)1 << 38;
constexpr size_t PAGE = 4096;
constexpr size_t ALIGNMENT = 256;
constexpr int MAX_THREADS = 1024;
constexpr uint32_t BY_HOST = 1;
constexpr uint32_t FIRST_PHASE = 2;
constexpr unsigned WHOLE = 15;

enum Readers : uint8_t { ONE_LANE, SEVERAL_LANES, SEVERAL_WARPS };
enum Kind : uint8_t { PLAIN, ATOMIC, COPYING };
enum Access { READ, WRITE, UPDATE, COPY };

struct Range {
  uint64_t begin;
  size_t bytes;

  bool has(uint64_t address) const { return address - begin < bytes; }
};

struct Copying {
  char *to;
  const char *from;
  unsigned bytes;
  bool valid;
};

// Writes of a block that an atomic operation behind a fence has published.
struct Published {
  uint32_t first;  // phase
  uint32_t fence;  // phase; of it, only what `thread` wrote
  int thread;
};

struct Acquired {
  Published what;
  uint32_t fence;
  int thread;
};

struct Thread {
  bool has_fence;
  uint32_t fence;
  std::vector<Copying> open;
  std::deque<std::vector<Copying>> groups;
  std::vector<Published> seen;  // before the next fence
};

char *arena;
Cell *arena_cells;
size_t arena_used;
std::map<uint64_t, size_t> allocations;
Range recent[4];
int next_recent;

Range stacks, dynamic;
std::vector<Cell> dynamic_cells;
Statics *statics;
Range static_range;

uint32_t phase = FIRST_PHASE;
uint32_t first_of_kernel, first_of_block;
uint64_t block_rank;
int running;
uint16_t epochs[MAX_THREADS / 32];
Thread threads[MAX_THREADS];
std::map<uint64_t, std::vector<Published>> published;
std::vector<Acquired> acquired;

Finding found = NO_FINDING;
std::string found_sentence;
const void *found_place;

// Addresses without memory.
char *addresses(size_t bytes) {
  void *begin = mmap(nullptr, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return begin == MAP_FAILED ? nullptr : (char *)begin;
}

bool make_arena() {
  if (arena == nullptr) arena = addresses(ARENA);
  if (arena_cells == nullptr) arena_cells = (Cell *)addresses(ARENA / 4 * sizeof(Cell));
  return arena != nullptr && arena_cells != nullptr;
}

// Backs the addresses with memory, which is zero.
bool commit(char *from, char *to) {
  char *begin = (char *)((uint64_t)from / PAGE * PAGE);
  return mprotect(begin, (size_t)(to - begin), PROT_READ | PROT_WRITE) == 0;
}

// Gives back the memory of whole pages, which can still be read: what a kernel reads there is reported, not a crash.
void give_back(char *from, char *to) {
  char *begin = (char *)(((uint64_t)from + PAGE - 1) / PAGE * PAGE);
  char *end = (char *)((uint64_t)to / PAGE * PAGE);
  if (begin < end) madvise(begin, (size_t)(end - begin), MADV_DONTNEED);
}

bool is_in_arena(uint64_t address) { return arena != nullptr && address - (uint64_t)arena < ARENA; }

Cell *arena_cell(uint64_t address) { return arena_cells + (address - (uint64_t)arena) / 4; }

bool is_allocated(uint64_t address) {
  for (const Range &range : recent) {
    if (range.has(address)) return true;
  }
  auto after = allocations.upper_bound(address);
  if (after == allocations.begin()) return false;
  Range range{std::prev(after)->first, std::prev(after)->second};
  if (!range.has(address)) return false;
  recent[next_recent++ % 4] = range;
  return true;
}

void report(Finding finding, const std::string &what, const void *at) {
  if (found != NO_FINDING) return;
  found = finding;
  found_place = at;
  found_sentence = "thread " + std::to_string(running) + " of block " + std::to_string(block_rank) + " " + what;
}

bool published_to_block(uint32_t when, int writer) {
  for (const Acquired &a : acquired) {
    bool written_before = when >= a.what.first && (when < a.what.fence || (when == a.what.fence && writer == a.what.thread));
    if (written_before && (a.fence < phase || a.thread == running)) return true;
  }
  return false;
}

// Whether what another thread did in this phase precedes what this one does now.
bool is_ordered(int thread, uint16_t epoch) {
  return thread == running || (thread / 32 == running / 32 && epoch != epochs[running / 32]);
}

bool is_elsewhere(uint32_t when) { return when >= first_of_kernel && when < first_of_block; }

const char *verb(Access access) { return access == READ ? "reads" : access == UPDATE ? "updates" : "writes"; }

void check_write_before(const Cell &cell, Access access, unsigned mask, bool is_shared, const void *at) {
  if (cell.written < first_of_block) {
    if (is_shared || !is_elsewhere(cell.written) || (cell.write_mask & mask) == 0) return;
    if (access == UPDATE && cell.kind == ATOMIC) return;
    if (published_to_block(cell.written, cell.writer)) return;
    report(RACE_OF_BLOCKS, std::string(verb(access)) + " what another block of the same kernel writes", at);
    return;
  }
  if (cell.kind == COPYING) {
    report(COPY_IN_FLIGHT, std::string(verb(access)) + " what an asynchronous copy of thread " +
           std::to_string(cell.writer) + " is still writing", at);
    return;
  }
  if (cell.written != phase || (cell.write_mask & mask) == 0 || is_ordered(cell.writer, cell.write_epoch)) return;
  if (access == UPDATE && cell.kind == ATOMIC) return;
  report(RACE_IN_BLOCK, std::string(verb(access)) + " what thread " + std::to_string(cell.writer) +
         " writes, without a barrier between them", at);
}

void check_reads_before(const Cell &cell, Access access, unsigned mask, bool is_shared, const void *at) {
  bool same = cell.read == phase && (cell.read_mask & mask) != 0;
  if (same && (cell.readers == SEVERAL_WARPS || !is_ordered(cell.reader, cell.read_epoch) ||
               (cell.readers == SEVERAL_LANES && cell.read_epoch == epochs[running / 32]))) {
    report(RACE_IN_BLOCK, std::string(verb(access)) + " what " +
           (cell.readers == ONE_LANE ? "thread " + std::to_string(cell.reader) + " reads" : "other threads read") +
           ", without a barrier between them", at);
    return;
  }
  if (is_shared) return;
  for (uint32_t when : {cell.read, cell.read_elsewhere}) {
    if (is_elsewhere(when) && !published_to_block(when, -1)) {
      report(RACE_OF_BLOCKS, std::string(verb(access)) + " what another block of the same kernel reads", at);
    }
  }
}

void record_read(Cell &cell, unsigned mask) {
  uint16_t epoch = epochs[running / 32];
  if (cell.read != phase) {
    if (is_elsewhere(cell.read)) cell.read_elsewhere = cell.read;
    cell.read = phase;
    cell.read_mask = 0;
    cell.readers = ONE_LANE;
  } else if (cell.readers == SEVERAL_WARPS || cell.reader / 32 != running / 32) {
    cell.readers = SEVERAL_WARPS;
  } else if (cell.read_epoch != epoch) {
    cell.readers = ONE_LANE;
  } else if (cell.reader != running) {
    cell.readers = SEVERAL_LANES;
  }
  cell.reader = (uint16_t)running;
  cell.read_epoch = epoch;
  cell.read_mask |= (uint8_t)mask;
}

void record_write(Cell &cell, unsigned mask, Kind kind) {
  bool again = cell.written == phase && cell.writer == running;
  cell.written = phase;
  cell.writer = (uint16_t)running;
  cell.write_epoch = epochs[running / 32];
  cell.write_mask = (uint8_t)(again ? cell.write_mask | mask : mask);
  cell.kind = kind;
  cell.read = cell.read_elsewhere = 0;
}

void touch(Cell &cell, Access access, unsigned mask, bool is_shared, bool is_static, const void *at) {
  // Constants of a module are never written by a kernel.
  bool is_unwritten = is_static ? cell.written != 0 && cell.written < first_of_block
                                : cell.written < (is_shared ? first_of_block : BY_HOST);
  if (is_unwritten && (access == READ || access == UPDATE)) {
    report(NEVER_WRITTEN, std::string(verb(access)) + (is_shared ? " shared" : "") + " memory that nothing has written", at);
  }
  check_write_before(cell, access, mask, is_shared, at);
  if (access == READ) {
    record_read(cell, mask);
    return;
  }
  check_reads_before(cell, access, mask, is_shared, at);
  record_write(cell, mask, access == COPY ? COPYING : access == UPDATE ? ATOMIC : PLAIN);
}

void check_alignment(uint64_t address, size_t bytes, Access access, const void *at) {
  if (address % bytes == 0) return;
  report(MISALIGNED, std::string(verb(access)) + " " + std::to_string(bytes) + " bytes at an address that is no multiple", at);
}

void touch_all(uint64_t address, size_t bytes, Access access, const void *at) {
  if (stacks.has(address)) return;
  Cell *cells;
  bool is_static = static_range.has(address);
  bool is_shared = is_static || dynamic.has(address);
  if (is_static) {
    cells = statics->cells.get() + (address - static_range.begin) / 4;
  } else if (is_shared) {
    cells = dynamic_cells.data() + (address - dynamic.begin) / 4;
  } else if (is_in_arena(address)) {
    if (!is_allocated(address) || !is_allocated(address + bytes - 1)) {
      report(OUT_OF_BOUNDS, std::string(verb(access)) + " outside of any allocation", at);
      return;
    }
    cells = arena_cell(address);
  } else {
    return;  // arguments of the kernel, constants
  }
  for (uint64_t end = address + bytes; address < end; cells++) {
    unsigned from = address % 4;
    unsigned count = end - address < 4 - from ? (unsigned)(end - address) : 4 - from;
    touch(*cells, access, (WHOLE >> (4 - count)) << from, is_shared, is_static, at);
    address += count;
  }
}

void complete(const std::vector<Copying> &copies) {
  for (const Copying &copy : copies) {
    if (copy.valid) {
      memcpy(copy.to, copy.from, copy.bytes);
    } else {
      memset(copy.to, 0, copy.bytes);
    }
    uint64_t to = (uint64_t)copy.to;
    Cell *cells = static_range.has(to) ? statics->cells.get() + (to - static_range.begin) / 4
                                       : dynamic_cells.data() + (to - dynamic.begin) / 4;
    for (unsigned i = 0; i < copy.bytes / 4; i++) record_write(cells[i], WHOLE, PLAIN);
  }
}

}  // namespace

namespace sanitizer {

char *reserve(size_t bytes) {
  if (!make_arena() || bytes > ARENA - arena_used) return nullptr;
  char *memory = arena + arena_used;
  char *end = memory + bytes;
  if (!commit(memory, end) || !commit((char *)arena_cell((uint64_t)memory), (char *)arena_cell((uint64_t)end))) {
    return nullptr;
  }
  arena_used += (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  return memory;
}

void release(char *memory, size_t bytes) {
  char *end = memory + bytes;
  give_back(memory, end);
  give_back((char *)arena_cell((uint64_t)memory), (char *)arena_cell((uint64_t)end));
}

void allocated(uint64_t address, size_t bytes) { allocations[address] = bytes; }

void freed(uint64_t address) {
  allocations.erase(address);
  for (Range &range : recent) range = {};
}

void written_by_host(uint64_t address, size_t bytes) {
  if (!is_in_arena(address) || bytes == 0) return;
  for (Cell *cell = arena_cell(address), *last = arena_cell(address + bytes - 1); cell <= last; cell++) {
    *cell = {};
    cell->written = BY_HOST;
  }
}

void copied(uint64_t to, uint64_t from, size_t bytes) {
  for (size_t i = 0; is_in_arena(to) && i < bytes; i += 4) {
    if (arena_cell(from + i)->written != 0) written_by_host(to + i, bytes - i < 4 ? bytes - i : 4);
  }
}

void begin_kernel(char *stack, size_t stack_bytes, char *shared, size_t shared_bytes, Statics *of_module) {
  first_of_kernel = phase + 1;
  stacks = {(uint64_t)stack, stack_bytes};
  dynamic = {(uint64_t)shared, shared_bytes};
  if (dynamic_cells.size() < shared_bytes / 4 + 1) dynamic_cells.resize(shared_bytes / 4 + 1);
  statics = of_module;
  static_range = {(uint64_t)of_module->begin, of_module->bytes};
  published.clear();
}

void begin_block(uint64_t rank) {
  first_of_block = ++phase;
  block_rank = rank;
  acquired.clear();
}

void begin_thread(int rank) {
  running = rank;
  Thread &thread = threads[rank];
  thread.has_fence = false;
  thread.open.clear();
  thread.groups.clear();
  thread.seen.clear();
}

void resume_thread(int rank) { running = rank; }

void barrier() { phase++; }

void warp_barrier(int warp) { epochs[warp]++; }

Finding finding() { return found; }

std::string sentence() { return found_sentence; }

const void *place() { return found_place; }

void forget() { found = NO_FINDING; }

}  // namespace sanitizer

// ---------------------------------------------------------------- called by kernels

EXPORT void standin_fence() {
  Thread &thread = threads[running];
  thread.has_fence = true;
  thread.fence = phase;
  for (const Published &what : thread.seen) acquired.push_back({what, phase, running});
  thread.seen.clear();
}

EXPORT void standin_atomic(void *address, unsigned bytes) {
  touch_all((uint64_t)address, bytes, UPDATE, __builtin_return_address(0));
  Thread &thread = threads[running];
  std::vector<Published> &list = published[(uint64_t)address];
  thread.seen.insert(thread.seen.end(), list.begin(), list.end());
  if (thread.has_fence) list.push_back({first_of_block, thread.fence, running});
}

EXPORT void standin_copy_async(void *to, const void *from, unsigned bytes, bool valid) {
  const void *at = __builtin_return_address(0);
  check_alignment((uint64_t)to, bytes, COPY, at);
  check_alignment((uint64_t)from, bytes, READ, at);
  touch_all((uint64_t)to, bytes, COPY, at);
  if (valid) touch_all((uint64_t)from, bytes, READ, at);
  threads[running].open.push_back({(char *)to, (const char *)from, bytes, valid});
}

EXPORT void standin_commit_copies() {
  Thread &thread = threads[running];
  thread.groups.push_back(std::move(thread.open));
  thread.open.clear();
}

EXPORT void standin_wait_for_copies(unsigned pending) {
  std::deque<std::vector<Copying>> &groups = threads[running].groups;
  while (groups.size() > pending) {
    complete(groups.front());
    groups.pop_front();
  }
}

// For cublas.cpp.
EXPORT void standin_written(const void *address, size_t bytes) {
  if (STANDIN_SANITIZED) sanitizer::written_by_host((uint64_t)address, bytes);
}

#define ACCESS(bytes)                                                        \
  EXPORT void __tsan_read##bytes(void *p) {                                  \
    const void *at = __builtin_return_address(0);                            \
    check_alignment((uint64_t)p, bytes, READ, at);                           \
    touch_all((uint64_t)p, bytes, READ, at);                                 \
  }                                                                          \
  EXPORT void __tsan_write##bytes(void *p) {                                 \
    const void *at = __builtin_return_address(0);                            \
    check_alignment((uint64_t)p, bytes, WRITE, at);                          \
    touch_all((uint64_t)p, bytes, WRITE, at);                                \
  }                                                                          \
  EXPORT void __tsan_unaligned_read##bytes(void *p) { __tsan_read##bytes(p); } \
  EXPORT void __tsan_unaligned_write##bytes(void *p) { __tsan_write##bytes(p); }

ACCESS(1)
ACCESS(2)
ACCESS(4)
ACCESS(8)
ACCESS(16)

EXPORT void __tsan_read_range(void *p, unsigned long bytes) {
  touch_all((uint64_t)p, bytes, READ, __builtin_return_address(0));
}
EXPORT void __tsan_write_range(void *p, unsigned long bytes) {
  touch_all((uint64_t)p, bytes, WRITE, __builtin_return_address(0));
}
EXPORT void __tsan_init() {}
EXPORT void __tsan_func_entry(void *) {}
EXPORT void __tsan_func_exit() {}
