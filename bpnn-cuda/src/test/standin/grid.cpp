// A thread runs on the stack of the previous thread until it has to wait; only then does it keep that stack, and the next
// thread gets a new one. A kernel without barriers is therefore a plain loop; one with barriers costs a switch of seven
// registers (ucontext would cost ten times as much).
#include "grid.h"

#include <sys/mman.h>

#include <cstdint>
#include <cstring>
#include <vector>

extern "C" {
__attribute__((visibility("default"))) uint3 standin_thread_index;
__attribute__((visibility("default"))) uint3 standin_block_index;
__attribute__((visibility("default"))) dim3 standin_block_size;
__attribute__((visibility("default"))) dim3 standin_grid_size;

// Switches from one fiber to another.
void standin_switch(void **save, void *load);
}

asm(R"(
  .text
  .type standin_switch, @function
standin_switch:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
  .size standin_switch, .-standin_switch
)");

namespace {

constexpr int MAX_THREADS = 1024;
constexpr size_t STACK = 64 * 1024;
constexpr uint64_t CANARY = 0x5afe57ac5afe57acULL;
// Instead of the source of an exchange: every lane waits, and memory is ordered.
constexpr int BARRIER = -2;

struct Fiber {
  char *stack;
  void *stack_pointer;
  uint3 index;
  int rank;                   // of its thread in the block
  int source;                 // of the exchange that it waits for
  unsigned long long value;   // given to an exchange, then the result
};

struct Warp {
  unsigned arrived;
  unsigned long long values[32];
  Fiber *waiting[32];
};

struct Block {
  const StandinKernel *kernel;
  void *const *arguments;
  bool backwards;
  int threads;
  int started;
  int finished;
  int at_barrier;
  Fiber *waiting[MAX_THREADS];
  Fiber *queue[MAX_THREADS];
  int queue_head, queue_tail;
  Warp warps[MAX_THREADS / 32];
};

Block block;
Fiber fibers[MAX_THREADS];
Fiber *idle[MAX_THREADS];
int idle_count;
Fiber *current;
void *scheduler;
std::vector<char> dynamic_shared;

void make_stacks() {
  if (fibers[0].stack != nullptr) return;
  char *memory = (char *)mmap(nullptr, STACK * MAX_THREADS, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  madvise(memory, STACK * MAX_THREADS, MADV_HUGEPAGE);
  for (int i = 0; i < MAX_THREADS; i++) {
    fibers[i].stack = memory + i * STACK;
    memcpy(fibers[i].stack, &CANARY, sizeof CANARY);
  }
}

bool queue_is_empty() { return block.queue_head == block.queue_tail; }

void enqueue(Fiber *fiber) {
  block.queue[block.queue_tail] = fiber;
  block.queue_tail = (block.queue_tail + 1) % MAX_THREADS;
}

Fiber *dequeue() {
  Fiber *fiber = block.queue[block.queue_head];
  block.queue_head = (block.queue_head + 1) % MAX_THREADS;
  return fiber;
}

void run_thread(int order) {
  int rank = block.backwards ? block.threads - 1 - order : order;
  unsigned row = standin_block_size.x;
  unsigned plane = row * standin_block_size.y;
  current->rank = rank;
  current->index = {rank % row, rank % plane / row, rank / plane};
  standin_thread_index = current->index;
  if (STANDIN_SANITIZED) sanitizer::begin_thread(rank);
  block.kernel->call(block.arguments);
  block.finished++;
}

// The main loop of a fiber: runs threads until none is left to start.
void fiber_main() {
  while (block.started < block.threads) run_thread(block.started++);
  Fiber *self = current;
  idle[idle_count++] = self;
  if (queue_is_empty()) standin_switch(&self->stack_pointer, scheduler);
  current = dequeue();
  standin_switch(&self->stack_pointer, current->stack_pointer);
  __builtin_unreachable();
}

Fiber *fresh() {
  Fiber *fiber = idle[--idle_count];
  // The offset avoids that all stacks map to the same cache sets.
  size_t colour = (size_t)(fiber - fibers) * 7 % 61 * 64;
  void **top = (void **)(fiber->stack + STACK - 64 - colour);
  *--top = nullptr;  // fiber_main does not return; this aligns the stack as a call does
  *--top = (void *)fiber_main;
  for (int i = 0; i < 6; i++) *--top = nullptr;
  fiber->stack_pointer = top;
  return fiber;
}

// Yields until this thread is at the head of the queue.
void suspend() {
  Fiber *self = current;
  void *next;
  if (!queue_is_empty()) {
    current = dequeue();
    next = current->stack_pointer;
  } else if (block.started < block.threads) {
    current = fresh();
    next = current->stack_pointer;
  } else {
    next = scheduler;  // deadlock: the scheduler finds unfinished threads
  }
  standin_switch(&self->stack_pointer, next);
  standin_thread_index = self->index;
  if (STANDIN_SANITIZED) sanitizer::resume_thread(self->rank);
}

unsigned long long result_of(const Warp &warp, unsigned mask, int source) {
  if (source >= 0) return mask >> source & 1 ? warp.values[source] : ~0ULL;
  unsigned votes = 0;
  for (int lane = 0; lane < 32; lane++) votes |= (unsigned)((mask >> lane & 1) && warp.values[lane] != 0) << lane;
  return votes;
}

std::string describe_waiting() {
  return std::to_string(block.at_barrier) + " threads of " + std::to_string(block.threads) +
         " wait at __syncthreads, " + std::to_string(block.finished) +
         " have ended, the others wait for lanes of their warp";
}

std::string run_block() {
  block.started = block.finished = block.at_barrier = 0;
  block.queue_head = block.queue_tail = 0;
  for (Warp &warp : block.warps) warp.arrived = 0;
  idle_count = 0;
  for (int i = MAX_THREADS - 1; i >= 0; i--) idle[idle_count++] = &fibers[i];
  current = fresh();
  standin_switch(&scheduler, current->stack_pointer);
  return block.finished == block.threads ? "" : describe_waiting();
}

bool stacks_are_whole() {
  for (const Fiber &fiber : fibers) {
    if (memcmp(fiber.stack, &CANARY, sizeof CANARY) != 0) return false;
  }
  return true;
}

}  // namespace

extern "C" {

__attribute__((visibility("default"))) void standin_sync_threads() {
  if (block.at_barrier + 1 < block.threads) {
    block.waiting[block.at_barrier++] = current;
    suspend();
    return;
  }
  for (int i = 0; i < block.at_barrier; i++) enqueue(block.waiting[i]);
  block.at_barrier = 0;
  if (STANDIN_SANITIZED) sanitizer::barrier();
}

__attribute__((visibility("default"))) unsigned long long standin_exchange(unsigned mask, unsigned long long value,
                                                                           int source) {
  Fiber *self = current;
  Warp &warp = block.warps[self->rank / 32];
  int lane = self->rank % 32;
  int lanes = block.threads - self->rank / 32 * 32;
  if (lanes < 32) mask &= (1u << lanes) - 1;
  warp.values[lane] = value;
  warp.waiting[lane] = self;
  warp.arrived |= 1u << lane;
  self->source = source;
  if ((warp.arrived & mask) != mask) {
    suspend();
    return self->value;
  }
  for (int other = 0; other < 32; other++) {
    if (!(mask >> other & 1)) continue;
    Fiber *fiber = warp.waiting[other];
    fiber->value = result_of(warp, mask, fiber->source);
    if (fiber != self) enqueue(fiber);
  }
  warp.arrived &= ~mask;
  if (STANDIN_SANITIZED && source == BARRIER && mask == (lanes < 32 ? (1u << lanes) - 1 : ~0u)) {
    sanitizer::warp_barrier(self->rank / 32);
  }
  return self->value;
}

__attribute__((visibility("default"))) void standin_sync_warp(unsigned mask) { standin_exchange(mask, 0, BARRIER); }

__attribute__((visibility("default"))) void *standin_dynamic_shared() { return dynamic_shared.data(); }

}  // extern "C"

std::string run_grid(const StandinKernel &kernel, const Shape &shape, void *const *arguments, bool backwards,
                     Statics *statics) {
  make_stacks();
  standin_block_size = shape.block;
  standin_grid_size = shape.grid;
  dynamic_shared.assign(shape.shared_bytes, (char)0xff);
  block.kernel = &kernel;
  block.arguments = arguments;
  block.backwards = backwards;
  block.threads = (int)(shape.block.x * shape.block.y * shape.block.z);
  if (STANDIN_SANITIZED) {
    sanitizer::begin_kernel(fibers[0].stack, STACK * MAX_THREADS, dynamic_shared.data(), dynamic_shared.size(), statics);
  }
  uint64_t blocks = (uint64_t)shape.grid.x * shape.grid.y * shape.grid.z;
  for (uint64_t i = 0; i < blocks; i++) {
    uint64_t rank = backwards ? blocks - 1 - i : i;
    standin_block_index = {(unsigned)(rank % shape.grid.x), (unsigned)(rank / shape.grid.x % shape.grid.y),
                           (unsigned)(rank / shape.grid.x / shape.grid.y)};
    if (STANDIN_SANITIZED) sanitizer::begin_block(rank);
    std::string failure = run_block();
    if (!failure.empty()) return failure;
  }
  return stacks_are_whole() ? "" : "a thread used more than " + std::to_string(STACK / 1024) + " KiB of stack";
}
