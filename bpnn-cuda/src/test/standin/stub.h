// What JCuda's libraries refer to must be there when they are loaded, or the JVM ends without an exception. The stand-in
// has a weak function for each such name, which gives way to the real one where there is one.
#pragma once

#include <cstdio>

#define STUB(name, not_supported)                                                   \
  extern "C" __attribute__((weak, visibility("default"))) int name() {              \
    fprintf(stderr, "CUDA stand-in: the function %s is not part of it.\n", #name); \
    return not_supported;                                                           \
  }
