// All symbols that JCuda's libraries reference must exist when they are loaded, or the JVM crashes. The stand-in has a weak
// function for each, overridden by the implementation if there is one.
#pragma once

#include <cstdio>

#define STUB(name, not_supported)                                                   \
  extern "C" __attribute__((weak, visibility("default"))) int name() {              \
    fprintf(stderr, "CUDA stand-in: the function %s is not part of it.\n", #name); \
    return not_supported;                                                           \
  }
