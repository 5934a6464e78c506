// Watches every access of instrumented kernels, like NVIDIA's compute-sanitizer: races (racecheck), memory that nothing has
// written (initcheck), addresses outside of any allocation and misaligned ones (memcheck). Only __syncthreads and __syncwarp order the
// accesses of a block's threads; a shuffle does not. Blocks of a grid are unordered, except by fences and atomic operations.
//
// g++ -fsanitize=thread inserts the calls; the functions they call are defined here instead of in its library.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

// The first fault of a kernel. Read by the tests as a counter.
enum Finding {
  NO_FINDING,
  RACE_IN_BLOCK,    // two threads of a block, no barrier between them
  RACE_OF_BLOCKS,   // two blocks of a grid, not ordered by fences and an atomic operation
  COPY_IN_FLIGHT,   // an asynchronous copy has not been waited for
  NEVER_WRITTEN,
  OUT_OF_BOUNDS,
  MISALIGNED
};

// Who last wrote and read four bytes. A phase is the time between two barriers of a block; phases are numbered in the order
// of execution, those of a kernel after those of the kernel before.
struct Cell {
  uint32_t written;         // phase; 0: never, 1: by the host
  uint32_t read;            // phase
  uint32_t read_elsewhere;  // phase of another block
  uint16_t writer;          // rank in the block
  uint16_t reader;          // rank; with SEVERAL_LANES any of its warp
  uint16_t write_epoch;     // of its warp: how many __syncwarp it has executed
  uint16_t read_epoch;
  uint8_t write_mask;       // which of the four bytes
  uint8_t read_mask;
  uint8_t readers;
  uint8_t kind;             // of the write
};

// The writable data of a module, where its static shared arrays are.
struct Statics {
  char *begin;
  size_t bytes;
  std::unique_ptr<Cell[]> cells;

  Statics(char *begin, size_t bytes) : begin(begin), bytes(bytes), cells(new Cell[bytes / 4 + 1]()) {}
};

namespace sanitizer {

// Device memory, whose addresses are never used again after they were freed.
char *reserve(size_t bytes);
void release(char *memory, size_t bytes);
void allocated(uint64_t address, size_t bytes);
void freed(uint64_t address);
void written_by_host(uint64_t address, size_t bytes);
void copied(uint64_t to, uint64_t from, size_t bytes);

void begin_kernel(char *stacks, size_t stack_bytes, char *shared, size_t shared_bytes, Statics *statics);
void begin_block(uint64_t rank);
void begin_thread(int rank);
void resume_thread(int rank);
void barrier();
void warp_barrier(int warp);

Finding finding();
std::string sentence();
const void *place();  // the instruction of the finding
void forget();

}  // namespace sanitizer
