// Runs the blocks of a grid one after another, each thread of a block as a fiber.
#pragma once

#include <string>

#include "kernel.h"
#include "sanitizer.h"

struct Shape {
  dim3 grid;
  dim3 block;
  unsigned shared_bytes;
};

// Backwards: blocks and threads start in descending order, which reveals dependence on the order.
// Returns an empty string or an error.
std::string run_grid(const StandinKernel &kernel, const Shape &shape, void *const *arguments, bool backwards,
                     Statics *statics);
