// The CUDA language as g++ can compile it. No standard header is included, since NVRTC has none either.
#pragma once

#include "kernel.h"

#define __global__
#define __device__
#define __host__
#define __constant__
// One block runs at a time, so shared memory can be static.
#define __shared__ static
#define __forceinline__ inline __attribute__((always_inline))
#define __noinline__ __attribute__((noinline))
#define __launch_bounds__(...)
// What the stand-in adds to a kernel is not instrumented for the sanitizer.
#define STANDIN_UNWATCHED __attribute__((no_sanitize("thread")))
#define __align__(bytes) __attribute__((aligned(bytes)))
#define __syncthreads standin_sync_threads
#define threadIdx standin_thread_index
#define blockIdx standin_block_index
#define blockDim standin_block_size
#define gridDim standin_grid_size

typedef unsigned long size_t;

namespace {

const int warpSize = 32;

// Rounding as on the device; only __fmaf_rn is fused.
inline float __fmaf_rn(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
inline double __fma_rn(double a, double b, double c) { return __builtin_fma(a, b, c); }
inline float fmaf(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
inline float __fadd_rn(float a, float b) { return a + b; }
inline float __fsub_rn(float a, float b) { return a - b; }
inline float __fmul_rn(float a, float b) { return a * b; }
inline float __fdiv_rn(float a, float b) { return a / b; }
inline float __fsqrt_rn(float a) { return __builtin_sqrtf(a); }
inline float __frcp_rn(float a) { return 1.0f / a; }
inline float sqrtf(float a) { return __builtin_sqrtf(a); }
inline double sqrt(double a) { return __builtin_sqrt(a); }
inline float rsqrtf(float a) { return 1.0f / __builtin_sqrtf(a); }
inline float fabsf(float a) { return __builtin_fabsf(a); }
inline float copysignf(float a, float b) { return __builtin_copysignf(a, b); }
inline float fmaxf(float a, float b) { return __builtin_fmaxf(a, b); }
inline float fminf(float a, float b) { return __builtin_fminf(a, b); }
inline float floorf(float a) { return __builtin_floorf(a); }
inline float rintf(float a) { return __builtin_rintf(a); }
inline float truncf(float a) { return __builtin_truncf(a); }
inline float expf(float a) { return __builtin_expf(a); }
inline float logf(float a) { return __builtin_logf(a); }
inline float tanhf(float a) { return __builtin_tanhf(a); }
inline int isnan(float a) { return a != a; }
inline int __float2int_rn(float a) { return (int)__builtin_rintf(a); }
inline int __float2int_rz(float a) { return (int)a; }
inline float __int2float_rn(int a) { return (float)a; }
inline float __uint2float_rn(unsigned a) { return (float)a; }

template <class To, class From>
inline To standin_bits(From from) {
  static_assert(sizeof(To) == sizeof(From), "as many bits");
  To to;
  __builtin_memcpy(&to, &from, sizeof to);
  return to;
}

inline int __float_as_int(float a) { return standin_bits<int>(a); }
inline unsigned __float_as_uint(float a) { return standin_bits<unsigned>(a); }
inline float __int_as_float(int a) { return standin_bits<float>(a); }
inline float __uint_as_float(unsigned a) { return standin_bits<float>(a); }

// An ulp more or less than the rounded value, as a GPU may give.
inline float approximate_reciprocal(float a) {
  unsigned bits = standin_bits<unsigned>(1.0f / a);
  unsigned lot = standin_bits<unsigned>(a) * 0x9E3779B9u >> 30;
  return standin_bits<float>(lot == 0 ? bits - 1 : lot == 1 ? bits + 1 : bits);
}

inline unsigned __umulhi(unsigned a, unsigned b) { return (unsigned)((unsigned long long)a * b >> 32); }
inline int __mulhi(int a, int b) { return (int)((long long)a * b >> 32); }
inline int __popc(unsigned a) { return __builtin_popcount(a); }
inline int __clz(int a) { return a == 0 ? 32 : __builtin_clz((unsigned)a); }
inline int __ffs(int a) { return __builtin_ffs(a); }

template <class T>
inline T min(T a, T b) {
  return b < a ? b : a;
}

template <class T>
inline T max(T a, T b) {
  return a < b ? b : a;
}

template <class T>
inline T __ldg(const T *p) {
  return *p;
}

// A block runs on one CPU thread, so ordinary operations are atomic.
template <class T, class V>
STANDIN_UNWATCHED inline T atomicAdd(T *p, V v) {
  if (STANDIN_SANITIZED) standin_atomic(p, sizeof(T));
  T old = *p;
  *p = old + v;
  return old;
}

template <class T, class V>
STANDIN_UNWATCHED inline T atomicMax(T *p, V v) {
  if (STANDIN_SANITIZED) standin_atomic(p, sizeof(T));
  T old = *p;
  if (old < v) *p = v;
  return old;
}

template <class T, class V>
STANDIN_UNWATCHED inline T atomicExch(T *p, V v) {
  if (STANDIN_SANITIZED) standin_atomic(p, sizeof(T));
  T old = *p;
  *p = v;
  return old;
}

inline void __threadfence() {
  if (STANDIN_SANITIZED) standin_fence();
}
inline void __threadfence_block() {}

template <class T>
inline T standin_shuffle(unsigned mask, T value, int source) {
  static_assert(sizeof(T) <= 8, "a shuffle moves 4 or 8 bytes");
  unsigned long long bits = 0;
  __builtin_memcpy(&bits, &value, sizeof value);
  bits = standin_exchange(mask, bits, source);
  __builtin_memcpy(&value, &bits, sizeof value);
  return value;
}

inline int standin_lane() {
  return (int)((threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z)) & 31);
}

template <class T>
inline T __shfl_sync(unsigned mask, T value, int source, int width = 32) {
  int lane = standin_lane();
  return standin_shuffle(mask, value, (lane & ~(width - 1)) + (source & (width - 1)));
}

template <class T>
inline T __shfl_up_sync(unsigned mask, T value, unsigned delta, int width = 32) {
  int lane = standin_lane();
  int within = lane & (width - 1);
  return standin_shuffle(mask, value, within >= (int)delta ? lane - (int)delta : lane);
}

template <class T>
inline T __shfl_down_sync(unsigned mask, T value, unsigned delta, int width = 32) {
  int lane = standin_lane();
  int within = lane & (width - 1);
  return standin_shuffle(mask, value, within + (int)delta < width ? lane + (int)delta : lane);
}

template <class T>
inline T __shfl_xor_sync(unsigned mask, T value, int lane_mask, int width = 32) {
  int lane = standin_lane();
  int other = lane ^ lane_mask;
  return standin_shuffle(mask, value, (other & ~(width - 1)) == (lane & ~(width - 1)) ? other : lane);
}

inline unsigned __ballot_sync(unsigned mask, int predicate) {
  return (unsigned)standin_exchange(mask, predicate != 0, -1);
}
inline int __any_sync(unsigned mask, int predicate) { return __ballot_sync(mask, predicate) != 0; }
inline int __all_sync(unsigned mask, int predicate) { return __ballot_sync(mask, predicate) == mask; }
inline void __syncwarp(unsigned mask = 0xffffffffu) { standin_sync_warp(mask); }

// Asynchronous copies are executed immediately, or with the sanitizer when they are waited for.
template <unsigned bytes>
inline void copy_async(float *to, const float *from, bool valid) {
  if (STANDIN_SANITIZED) {
    standin_copy_async(to, from, bytes, valid);
    return;
  }
  for (unsigned i = 0; i < bytes / 4; i++) to[i] = valid ? from[i] : 0.0f;
}
inline void commit_copies() {
  if (STANDIN_SANITIZED) standin_commit_copies();
}
template <unsigned pending>
inline void wait_for_copies() {
  if (STANDIN_SANITIZED) standin_wait_for_copies(pending);
}

// To 10 fraction bits; ties away from zero.
inline unsigned round_to_tf32(float x) {
  unsigned bits = __float_as_uint(x);
  return (bits & 0x7f800000u) == 0x7f800000u ? bits : (bits + 0x1000u) & ~0x1fffu;
}

// As on a GPU, all but 10 fraction bits of an operand are ignored.
inline float as_tf32(unsigned bits) { return __uint_as_float(bits & ~0x1fffu); }

// D += A B, 16 by 8 by 8, by a warp: each lane stores its elements in the layout of mma.m16n8k8, waits, and computes its
// own four results. Double buffering of the operands makes one wait sufficient, which orders no memory of the kernel.
STANDIN_UNWATCHED inline void multiply_fragments(float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2]) {
  struct Operands {
    float a[16][8];
    float b[8][8];
  };
  static Operands all[32][2];
  static unsigned char turn[1024];
  int rank = (int)threadIdx.x, lane = rank & 31, group = lane >> 2, member = lane & 3;
  Operands &operands = all[rank >> 5][turn[rank] ^= 1];
  for (int r = 0; r < 4; r++) operands.a[group + r % 2 * 8][member + r / 2 * 4] = as_tf32(a[r]);
  for (int r = 0; r < 2; r++) operands.b[group][member + r * 4] = as_tf32(b[r]);
  standin_exchange(0xffffffffu, 0, -1);
  for (int r = 0; r < 4; r++) {
    const float *row = operands.a[group + r / 2 * 8];
    const float *col = operands.b[2 * member + r % 2];
    double sum = d[r];
    for (int k = 0; k < 8; k++) sum += (double)row[k] * col[k];
    d[r] = (float)sum;
  }
}

constexpr int standin_first(int most_threads, int = 0, int = 0) { return most_threads; }

template <int... I>
struct StandinIndices {};

template <int N, int... I>
struct StandinCount : StandinCount<N - 1, N - 1, I...> {};

template <int... I>
struct StandinCount<0, I...> {
  typedef StandinIndices<I...> type;
};

template <class F>
struct StandinSignature;

template <class... A>
struct StandinSignature<void (*)(A...)> {
  static constexpr int parameters = sizeof...(A);
  static constexpr int sizes[sizeof...(A) + 1] = {(int)sizeof(A)..., 0};

  template <void (*kernel)(A...), int... I>
  STANDIN_UNWATCHED static inline void unpack(void *const *arguments, StandinIndices<I...>) {
    kernel(*(A *)arguments[I]...);
  }

  template <void (*kernel)(A...)>
  STANDIN_UNWATCHED static void call(void *const *arguments) {
    unpack<kernel>(arguments, typename StandinCount<sizeof...(A)>::type());
  }
};

}  // namespace

#define STANDIN_EXPORT extern "C" __attribute__((visibility("default")))

#define STANDIN_KERNEL(name, bound)                                                                               \
  STANDIN_EXPORT const StandinKernel standin_kernel_##name;                                                       \
  const StandinKernel standin_kernel_##name = {                                                                   \
      StandinSignature<decltype(&name)>::parameters, StandinSignature<decltype(&name)>::sizes, bound,             \
      &StandinSignature<decltype(&name)>::call<&name>};

#define STANDIN_GLOBAL(name)                           \
  STANDIN_EXPORT const StandinGlobal standin_global_##name; \
  const StandinGlobal standin_global_##name = {(void *)&name, sizeof name};
