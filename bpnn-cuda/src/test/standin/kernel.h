// What a compiled kernel file and the stand-in's driver know of each other.
#pragma once

// Made by the build from the content of all sources: a file compiled for another stand-in is refused, and as NVRTC's
// minor version it is part of the name under which a backend keeps what it has compiled.
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
// Where the running thread is; set whenever another thread of the block goes on.
extern uint3 standin_thread_index;
extern uint3 standin_block_index;
extern dim3 standin_block_size;
extern dim3 standin_grid_size;

void standin_sync_threads();

// Waits for the lanes of the mask; gives the value of the source lane, or with source -1 the lanes whose value is not 0.
unsigned long long standin_exchange(unsigned mask, unsigned long long value, int source);

void *standin_dynamic_shared();
}
