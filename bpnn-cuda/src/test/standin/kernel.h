// The interface between a compiled kernel file and the driver of the stand-in.
#pragma once

// Hash of all sources, set by the build: files compiled for another stand-in are rejected, and as the minor version of
// NVRTC it is part of the cache key of compiled kernels. It also says whether the sanitizer watches the kernels.
#include "version.h"

struct uint3 {
  unsigned x, y, z;
};

struct dim3 {
  unsigned x = 1, y = 1, z = 1;
};

// One __global__ function of a compiled file; exported as standin_kernel_NAME.
struct StandinKernel {
  int parameters;
  const int *sizes;  // of each parameter, in bytes
  int max_threads;   // __launch_bounds__, or 1024
  void (*call)(void *const *arguments);
};

// One __device__ or __constant__ variable; exported as standin_global_NAME.
struct StandinGlobal {
  void *address;
  unsigned long size;
};

extern "C" {
// Position of the running thread; set at every switch between threads of the block.
extern uint3 standin_thread_index;
extern uint3 standin_block_index;
extern dim3 standin_block_size;
extern dim3 standin_grid_size;

void standin_sync_threads();

// For __syncwarp.
void standin_sync_warp(unsigned mask);

// Waits for the lanes of the mask; returns the value of the source lane, or for source -1 the ballot of nonzero values.
unsigned long long standin_exchange(unsigned mask, unsigned long long value, int source);

void *standin_dynamic_shared();

// Of kernels that the sanitizer watches.
void standin_atomic(void *address, unsigned bytes);
void standin_fence();
void standin_copy_async(void *to, const void *from, unsigned bytes, bool valid);
void standin_commit_copies();
void standin_wait_for_copies(unsigned pending);
}
