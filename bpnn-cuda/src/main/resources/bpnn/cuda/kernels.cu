// The kernels of the backend "cuda", in the order of bpnn.spi.Kernels.
//
// They perform the operations of bpnn.spi.Reference, Composed and ExactMath in the same order, so that exact mode gives
// the bits of every exact backend: compiled with --fmad=false, with explicit fused multiply-adds, correctly rounded
// divisions and square roots, and sums in the order of bpnn.spi.Reduction.SUM.
// Indices are unsigned, so that an index below 2^31 plus a stride does not overflow.

// bpnn.spi.UnaryOp, BinaryOp, Activation and Reduction, numbered as in Codes.java.
enum Unary { COPY, EXP, LOG, SQRT, TANH, SIGMOID, RELU };
enum Binary { ADD, SUBTRACT, MULTIPLY, DIVIDE, GREATER, EQUAL };
enum Activation { IDENTITY, ACTIVATION_TANH, ACTIVATION_SIGMOID, ACTIVATION_RELU };
enum Fold { SUM, MAX };

// The elements of bpnn.spi.Clock.
enum Clock { STEP, BATCH, TOTAL, EPOCH };

// bpnn.random.Purpose.
#define PURPOSE_DROPOUT 3u
#define PURPOSE_AUGMENTATION 4u

// Number of elements summed sequentially to one partial sum: bpnn.spi.Reduction.BLOCK.
#define SUM_BLOCK 64u

#define THREADS 256u
#define WARP 32u
#define ALL_LANES 0xffffffffu

#define INFINITE __int_as_float(0x7f800000)
#define NOT_A_NUMBER __int_as_float(0x7fc00000)

// ---- elementwise functions

static __device__ __forceinline__ float power_of_two(int n) {
    return __int_as_float((int) ((unsigned) (n + 127) << 23));
}

// ExactMath.exp: (1 + r + r² P(r)) 2ⁿ with n = round(x log2 e), r = x - n ln 2.
static __device__ __forceinline__ float exact_exp(float x) {
    float c = x < -104.0f ? -104.0f : x;
    c = c > 89.0f ? 89.0f : c;
    float shifted = __fmaf_rn(c, 0x1.715476p+0f, 0x1.8p23f);
    float n = shifted - 0x1.8p23f;
    float r = __fmaf_rn(n, -0x1.62e4p-1f, c);
    r = __fmaf_rn(n, -0x1.7f7d1cp-20f, r);
    float p = __fmaf_rn(0x1.6db4eap-10f, r, 0x1.123bdep-7f);
    p = __fmaf_rn(p, r, 0x1.55545ep-5f);
    p = __fmaf_rn(p, r, 0x1.55548ep-3f);
    p = __fmaf_rn(p, r, 0x1p-1f);
    p = __fmaf_rn(p, r * r, r);
    p = p + 1.0f;
    int exponent = (int) ((unsigned) __float_as_int(shifted) - (unsigned) __float_as_int(0x1.8p23f));
    int half = exponent >> 1;
    return p * power_of_two(half) * power_of_two(exponent - half);
}

// ExactMath.log: e ln 2 + (f - f²/2 + f³ P(f)) with x = 2ᵉ (1 + f), 1 + f in [√½, √2).
static __device__ __forceinline__ float exact_log(float x) {
    if (!(x > 0.0f)) {
        return x == 0.0f ? -INFINITE : NOT_A_NUMBER;
    }
    if (x == INFINITE) {
        return x;
    }
    bool subnormal = x < 0x1p-126f;
    int bits = __float_as_int(subnormal ? x * 0x1p23f : x);
    int exponent = (bits - 0x3f3504f3) >> 23;
    float f = __int_as_float(bits - (int) ((unsigned) exponent << 23)) - 1.0f;
    float e = (float) (subnormal ? exponent - 23 : exponent);
    float p = __fmaf_rn(-0x1.41edf2p-4f, f, 0x1.07d0eap-3f);
    p = __fmaf_rn(p, f, -0x1.0ce07cp-3f);
    p = __fmaf_rn(p, f, 0x1.226e4ap-3f);
    p = __fmaf_rn(p, f, -0x1.54788ap-3f);
    p = __fmaf_rn(p, f, 0x1.99a596p-3f);
    p = __fmaf_rn(p, f, -0x1.00022p-2f);
    p = __fmaf_rn(p, f, 0x1.55554ap-2f);
    float square = f * f;
    p = p * (square * f);
    p = __fmaf_rn(e, 0x1.7f7d1cp-20f, p);
    p = __fmaf_rn(square, -0.5f, p);
    return __fmaf_rn(e, 0x1.62e4p-1f, p + f);
}

// CUDA_STAND_IN provides its own.
#ifndef CUDA_STAND_IN
// 1 / x with an error of at most one ulp.
static __device__ __forceinline__ float approximate_reciprocal(float x) {
    float y;
    asm("rcp.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
    return y;
}
#endif

// (1 - e) / (1 + e), correctly rounded for 0 <= e <= 0.29 (TanhQuotientTest): a Newton step for the reciprocal, and a
// correction of the quotient. Unlike a division for all operands it has no branch.
static __device__ __forceinline__ float tanh_quotient(float e) {
    float numerator = 1.0f - e;
    float denominator = 1.0f + e;
    float r = approximate_reciprocal(denominator);
    r = __fmaf_rn(__fmaf_rn(-denominator, r, 1.0f), r, r);
    float q = numerator * r;
    return __fmaf_rn(__fmaf_rn(-denominator, q, numerator), r, q);
}

// ExactMath.tanh: a polynomial below 0.625, (1 - exp(-2x)) / (1 + exp(-2x)) above. Both are computed, so that several
// elements can be computed at a time.
static __device__ __forceinline__ float exact_tanh(float x) {
    float a = fabsf(x);
    float u = a * a;
    float p = __fmaf_rn(-0x1.76ac1cp-8f, u, 0x1.5256d8p-6f);
    p = __fmaf_rn(p, u, -0x1.b84448p-5f);
    p = __fmaf_rn(p, u, 0x1.110768p-3f);
    p = __fmaf_rn(p, u, -0x1.555534p-2f);
    float below = __fmaf_rn(p * u, a, a);
    float above = tanh_quotient(exact_exp(-2.0f * a));
    return copysignf(a < 0.625f ? below : above, x);
}

static __device__ __forceinline__ float exact_sigmoid(float x) {
    return __fdiv_rn(1.0f, 1.0f + exact_exp(-x));
}

// max(x, +0); NaN stays NaN.
static __device__ __forceinline__ float relu(float x) {
    return x > 0.0f || x != x ? x : 0.0f;
}

// Math.max of Java: NaN if either is NaN, and +0 > -0.
static __device__ __forceinline__ float greater(float a, float b) {
    if (a != a) {
        return a;
    }
    if (a == 0.0f && b == 0.0f) {
        return a + b;
    }
    return a >= b ? a : b;
}

static __device__ __forceinline__ float apply_unary(int op, float x) {
    switch (op) {
        case EXP: return exact_exp(x);
        case LOG: return exact_log(x);
        case SQRT: return __fsqrt_rn(x);
        case TANH: return exact_tanh(x);
        case SIGMOID: return exact_sigmoid(x);
        case RELU: return relu(x);
        default: return x;
    }
}

static __device__ __forceinline__ float apply_binary(int op, float a, float b) {
    switch (op) {
        case ADD: return a + b;
        case SUBTRACT: return a - b;
        case MULTIPLY: return a * b;
        case DIVIDE: return __fdiv_rn(a, b);
        case GREATER: return a > b ? 1.0f : 0.0f;
        default: return a == b ? 1.0f : 0.0f;
    }
}

static __device__ __forceinline__ float activate(int activation, float x) {
    switch (activation) {
        case ACTIVATION_TANH: return exact_tanh(x);
        case ACTIVATION_SIGMOID: return exact_sigmoid(x);
        case ACTIVATION_RELU: return relu(x);
        default: return x;
    }
}

// The same for N values, with one branch.
template <unsigned N>
static __device__ __forceinline__ void activate_all(int activation, float (&x)[N]) {
    if (activation == ACTIVATION_TANH) {
#pragma unroll
        for (unsigned q = 0; q < N; q++) {
            x[q] = exact_tanh(x[q]);
        }
        return;
    }
#pragma unroll
    for (unsigned q = 0; q < N; q++) {
        x[q] = activate(activation, x[q]);
    }
}

// dy · activation'(x) in terms of y: tanh dy (1 - y²), sigmoid dy (y (1 - y)), relu dy [y > 0].
static __device__ __forceinline__ float activation_gradient(int activation, float y, float dy) {
    switch (activation) {
        case ACTIVATION_TANH: return dy * __fmaf_rn(-1.0f, y * y, 1.0f);
        case ACTIVATION_SIGMOID: return dy * (__fmaf_rn(-1.0f, y, 1.0f) * y);
        case ACTIVATION_RELU: return dy * (y > 0.0f ? 1.0f : 0.0f);
        default: return dy;
    }
}

// α x + β y; y is not used if β is 0.
static __device__ __forceinline__ float scaled_sum(float alpha, float x, float beta, float y) {
    return beta == 0.0f ? alpha * x : __fmaf_rn(alpha, x, beta * y);
}

// ---- sums in a fixed order

struct Sum {
    static __device__ __forceinline__ float neutral() { return 0.0f; }
    static __device__ __forceinline__ float join(float a, float b) { return a + b; }
};

struct Maximum {
    static __device__ __forceinline__ float neutral() { return -INFINITE; }
    static __device__ __forceinline__ float join(float a, float b) { return greater(a, b); }
};

// Reduces `count` values in each of COLUMNS columns, N reductions at a time. The block has COLUMNS · LANES threads; thread
// t processes column t % COLUMNS. value(i, v) returns the N values of element i of the thread's column. Each lane reduces
// SUM_BLOCK elements sequentially; then every thread combines the partial results in order, so all have the result.
template <class Operation, unsigned COLUMNS, unsigned LANES, int N, class Value>
static __device__ __forceinline__ void fold_columns(unsigned count, float (&result)[N], Value value) {
    __shared__ float parts[N][LANES][COLUMNS];
    unsigned column = threadIdx.x % COLUMNS;
    unsigned lane = threadIdx.x / COLUMNS;
    for (int s = 0; s < N; s++) {
        result[s] = Operation::neutral();
    }
    for (unsigned first = 0; first < count; first += LANES * SUM_BLOCK) {
        unsigned begin = first + lane * SUM_BLOCK;
        unsigned end = begin + SUM_BLOCK < count ? begin + SUM_BLOCK : count;
        float sums[N];
        for (int s = 0; s < N; s++) {
            sums[s] = Operation::neutral();
        }
#pragma unroll 16
        for (unsigned i = begin; i < end; i++) {
            float v[N];
            value(i, v);
            for (int s = 0; s < N; s++) {
                sums[s] = Operation::join(sums[s], v[s]);
            }
        }
        for (int s = 0; s < N; s++) {
            parts[s][lane][column] = sums[s];
        }
        __syncthreads();
        unsigned used = (count - first + SUM_BLOCK - 1) / SUM_BLOCK;
        for (unsigned l = 0; l < LANES && l < used; l++) {
            for (int s = 0; s < N; s++) {
                result[s] = Operation::join(result[s], parts[s][l][column]);
            }
        }
        __syncthreads();
    }
}

// Columns per block in reductions over rows: one memory sector of 32 bytes.
#define COLUMNS 8u
#define LANES (THREADS / COLUMNS)

// Adds the values of the first `count` lanes of a warp to `sum`, in lane order.
static __device__ __forceinline__ float sum_lanes(float sum, float value, unsigned count) {
    for (unsigned lane = 0; lane < WARP && lane < count; lane++) {
        sum += __shfl_sync(ALL_LANES, value, lane);
    }
    return sum;
}

// Reduction.SUM of a row of n values by one warp; value(j) returns element j.
template <class Value>
static __device__ __forceinline__ float sum_row(unsigned n, Value value) {
    unsigned lane = threadIdx.x % WARP;
    float total = 0.0f;
    float block = 0.0f;
    for (unsigned first = 0; first < n; first += WARP) {
        block = sum_lanes(block, first + lane < n ? value(first + lane) : 0.0f, n - first);
        if ((first + WARP) % SUM_BLOCK == 0 || first + WARP >= n) {
            total += block;
            block = 0.0f;
        }
    }
    return total;
}

// Maximum of a row, by one warp.
static __device__ __forceinline__ float row_maximum(const float* x, unsigned n) {
    float result = -INFINITE;
    for (unsigned j = threadIdx.x % WARP; j < n; j += WARP) {
        result = greater(result, x[j]);
    }
    for (unsigned distance = WARP / 2; distance > 0; distance /= 2) {
        result = greater(result, __shfl_sync(ALL_LANES, result, (threadIdx.x % WARP) ^ distance));
    }
    return result;
}

// ---- vectors of four elements

struct alignas(16) Four {
    float v[4];
};

struct alignas(8) Two {
    float v[2];
};

static __device__ __forceinline__ bool is_aligned(const float* p) {
    return ((unsigned long long) p & 15) == 0;
}

// Loads p[0 .. count), at most four elements, as one vector if aligned.
static __device__ __forceinline__ Four load_four(const float* p, unsigned count) {
    if (count >= 4 && is_aligned(p)) {
        return *(const Four*) p;
    }
    Four four = {{0.0f, 0.0f, 0.0f, 0.0f}};
#pragma unroll
    for (unsigned q = 0; q < 4; q++) {
        if (q < count) {
            four.v[q] = p[q];
        }
    }
    return four;
}

static __device__ __forceinline__ void store_four(float* p, unsigned count, Four four) {
    if (count >= 4 && is_aligned(p)) {
        *(Four*) p = four;
        return;
    }
#pragma unroll
    for (unsigned q = 0; q < 4; q++) {
        if (q < count) {
            p[q] = four.v[q];
        }
    }
}

// ---- random numbers

struct Words {
    unsigned word[4];
};

// bpnn.random.Philox: the block of the counter (purpose, step, stream, index).
static __device__ __forceinline__ Words philox(
        unsigned key0, unsigned key1, unsigned purpose, unsigned step, unsigned stream, unsigned index) {
    unsigned x0 = purpose;
    unsigned x1 = step;
    unsigned x2 = stream;
    unsigned x3 = index;
#pragma unroll
    for (int round = 0; round < 10; round++) {
        unsigned high0 = __umulhi(0xD2511F53u, x0);
        unsigned low0 = 0xD2511F53u * x0;
        unsigned high1 = __umulhi(0xCD9E8D57u, x2);
        unsigned low1 = 0xCD9E8D57u * x2;
        x0 = high1 ^ x1 ^ key0;
        x1 = low1;
        x2 = high0 ^ x3 ^ key1;
        x3 = low0;
        key0 += 0x9E3779B9u;
        key1 += 0xBB67AE85u;
    }
    Words words = {{x0, x1, x2, x3}};
    return words;
}

// A dropout layer: bpnn.spi.DropoutSpec and the training step.
struct Dropout {
    unsigned key0;
    unsigned key1;
    unsigned layer;
    unsigned threshold;
    float scale;
    int per_batch;
    unsigned step;
};

// The dropout parameters of a kernel, and the struct built from them.
#define DROPOUT_PARAMETERS \
    unsigned key0, unsigned key1, unsigned layer, unsigned threshold, float scale, int per_batch, const int* clock
#define DROPOUT_OF_PARAMETERS {key0, key1, layer, threshold, scale, per_batch, (unsigned) clock[TOTAL]}

// The mask of an element: 0 if its random word is below the threshold, else the scale.
static __device__ __forceinline__ float factor(const Dropout& dropout, unsigned word) {
    return word < dropout.threshold ? 0.0f : dropout.scale;
}

static __device__ __forceinline__ Words words_of(const Dropout& dropout, unsigned block) {
    return philox(dropout.key0, dropout.key1, PURPOSE_DROPOUT, dropout.step, dropout.layer, block);
}

// The mask of four elements with random words index .. index + 3.
static __device__ __forceinline__ Four draw_four(const Dropout& dropout, unsigned index) {
    unsigned shift = index % 4;
    Words words = words_of(dropout, index / 4);
    Four factors;
    if (shift == 0) {
#pragma unroll
        for (unsigned q = 0; q < 4; q++) {
            factors.v[q] = factor(dropout, words.word[q]);
        }
        return factors;
    }
    Words next = words_of(dropout, index / 4 + 1);
#pragma unroll
    for (unsigned q = 0; q < 4; q++) {
#pragma unroll
        for (unsigned s = 1; s < 4; s++) {
            if (shift == s) {
                factors.v[q] = factor(dropout, q + s < 4 ? words.word[(q + s) % 4] : next.word[(q + s) % 4]);
            }
        }
    }
    return factors;
}

// The mask of elements e .. e + 3 of a matrix with `cols` columns; with a mask per batch it depends on the column only.
static __device__ __forceinline__ Four draw_elements(const Dropout& dropout, unsigned e, unsigned cols) {
    if (!dropout.per_batch) {
        return draw_four(dropout, e);
    }
    Four factors;
#pragma unroll
    for (unsigned q = 0; q < 4; q++) {
        unsigned j = (e + q) % cols;
        Words words = words_of(dropout, j / 4);
#pragma unroll
        for (unsigned s = 0; s < 4; s++) {
            if (j % 4 == s) {
                factors.v[q] = factor(dropout, words.word[s]);
            }
        }
    }
    return factors;
}

// ---- primitives

// Grid-stride loop over 0 .. n - 1.
#define GRID_STRIDE_LOOP(i, n) \
    for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < (n); i += gridDim.x * blockDim.x)

extern "C" __global__ void __launch_bounds__(THREADS) fill(float* y, unsigned n, float value) {
    GRID_STRIDE_LOOP(i, n) {
        y[i] = value;
    }
}

extern "C" __global__ void __launch_bounds__(THREADS) map(int op, const float* x, float* y, unsigned n) {
    GRID_STRIDE_LOOP(i, n) {
        y[i] = apply_unary(op, x[i]);
    }
}

// b is read at i * row_stride + j * col_stride: a matrix, row, column or scalar.
extern "C" __global__ void __launch_bounds__(THREADS) zip(
        int op, const float* a, const float* b, unsigned row_stride, unsigned col_stride, float* y, unsigned n,
        unsigned cols) {
    GRID_STRIDE_LOOP(e, n) {
        unsigned i = e / cols;
        unsigned j = e - i * cols;
        y[e] = apply_binary(op, a[e], b[i * row_stride + j * col_stride]);
    }
}

extern "C" __global__ void __launch_bounds__(THREADS) axpby(
        float alpha, const float* x, float beta, float* y, unsigned n) {
    GRID_STRIDE_LOOP(i, n) {
        y[i] = scaled_sum(alpha, x[i], beta, y[i]);
    }
}

template <class Operation>
static __device__ __forceinline__ void reduce_over_rows(const float* x, unsigned rows, unsigned cols, float* y) {
    unsigned j = blockIdx.x * COLUMNS + threadIdx.x % COLUMNS;
    float result[1];
    fold_columns<Operation, COLUMNS, LANES>(rows, result, [&](unsigned i, float (&v)[1]) {
        v[0] = j < cols ? x[i * cols + j] : 0.0f;
    });
    if (threadIdx.x < COLUMNS && j < cols) {
        y[j] = result[0];
    }
}

// One block per COLUMNS columns.
extern "C" __global__ void __launch_bounds__(THREADS) reduce_rows(
        int op, const float* x, unsigned rows, unsigned cols, float* y) {
    if (op == SUM) {
        reduce_over_rows<Sum>(x, rows, cols, y);
    } else {
        reduce_over_rows<Maximum>(x, rows, cols, y);
    }
}

template <class Operation>
static __device__ __forceinline__ void reduce_over_cols(const float* x, unsigned cols, float* y) {
    float result[1];
    fold_columns<Operation, 1, THREADS>(cols, result, [&](unsigned j, float (&v)[1]) { v[0] = x[j]; });
    if (threadIdx.x == 0) {
        *y = result[0];
    }
}

// Block-stride loop over rows.
extern "C" __global__ void __launch_bounds__(THREADS) reduce_cols(
        int op, const float* x, unsigned rows, unsigned cols, float* y) {
    for (unsigned i = blockIdx.x; i < rows; i += gridDim.x) {
        if (op == SUM) {
            reduce_over_cols<Sum>(x + i * cols, cols, y + i);
        } else {
            reduce_over_cols<Maximum>(x + i * cols, cols, y + i);
        }
    }
}

// The bits of table[row(i), j], row(i) = order[p + i], or p + i without an order.
static __device__ __forceinline__ unsigned gathered_bits(
        const void* table, int bytes, const int* order, unsigned start, unsigned i, unsigned j, unsigned cols) {
    unsigned row = order == 0 ? start + i : (unsigned) order[start + i];
    unsigned at = row * cols + j;
    return bytes ? ((const unsigned char*) table)[at] : __float_as_uint(((const float*) table)[at]);
}

static __device__ __forceinline__ float scaled(unsigned bits, int bytes, float scale, float shift) {
    return __fmaf_rn(bytes ? (float) bits : __uint_as_float(bits), scale, shift);
}

// y[i, j] = fma(table[row(i), j], scale, shift); element e of y.
static __device__ __forceinline__ void gather(
        const void* table, int bytes, const int* order, unsigned start, float scale, float shift, float* y,
        unsigned e, unsigned cols) {
    unsigned i = e / cols;
    y[e] = scaled(gathered_bits(table, bytes, order, start, i, e - i * cols, cols), bytes, scale, shift);
}

extern "C" __global__ void __launch_bounds__(THREADS) gather_rows(
        const void* table, int bytes, const int* order, const int* position, float scale, float shift, float* y,
        unsigned n, unsigned cols) {
    unsigned start = (unsigned) *position;
    GRID_STRIDE_LOOP(e, n) {
        gather(table, bytes, order, start, scale, shift, y, e, cols);
    }
}

// ---- whole layers

// The inputs and targets of a batch, as one index range.
extern "C" __global__ void __launch_bounds__(THREADS) gather_batch(
        const void* images, int image_bytes, const void* labels, int label_bytes, const int* order,
        const int* position, float scale, float shift, float target_scale, float target_shift, float* x,
        unsigned inputs, unsigned features, float* targets, unsigned outputs, unsigned classes) {
    unsigned start = (unsigned) *position;
    GRID_STRIDE_LOOP(e, inputs + outputs) {
        if (e < inputs) {
            gather(images, image_bytes, order, start, scale, shift, x, e, features);
        } else {
            gather(labels, label_bytes, order, start, target_scale, target_shift, targets, e - inputs, classes);
        }
    }
}

// ---- distorted images: bpnn.spi.ImageDistortion

// bpnn.spi.Augmentation.
struct Augmentation {
    unsigned key0;
    unsigned key1;
    unsigned height;
    unsigned width;
    unsigned channels;
    unsigned knot_rows;
    unsigned knot_cols;
    float tangent;
    float scale;
    float shear;
    float shift;
};

#define KNOT_WORDS 8u

static __device__ __forceinline__ float signed_unit(unsigned word) {
    return (float) (word >> 8) * 0x1p-23f - 1.0f;
}

static __device__ __forceinline__ float signed_half(unsigned word) {
    return (float) (word >> 16) * 0x1p-15f - 1.0f;
}

// The affine map from a distorted image to its original.
struct Affine {
    float a, b, origin_x, c, d, origin_y;
};

static __device__ __forceinline__ Affine affine_of(
        const Augmentation& augmentation, const Words& first, const Words& second) {
    float t = augmentation.tangent * signed_unit(first.word[0]);
    float square = t * t;
    float cosine = __fdiv_rn(1.0f - square, 1.0f + square);
    float sine = __fdiv_rn(t + t, 1.0f + square);
    float scale_x = __fmaf_rn(augmentation.scale, signed_unit(first.word[1]), 1.0f);
    float scale_y = __fmaf_rn(augmentation.scale, signed_unit(first.word[2]), 1.0f);
    float shear = augmentation.shear * signed_unit(first.word[3]);
    Affine map = {
        cosine * scale_x,
        __fmaf_rn(cosine, shear, -(sine * scale_y)),
        __fmaf_rn(augmentation.shift, signed_unit(second.word[0]), (float) (augmentation.width - 1) * 0.5f),
        sine * scale_x,
        __fmaf_rn(sine, shear, cosine * scale_y),
        __fmaf_rn(augmentation.shift, signed_unit(second.word[1]), (float) (augmentation.height - 1) * 0.5f)};
    return map;
}

static __device__ __forceinline__ float limited(float x, unsigned last) {
    float low = x < 0.0f ? 0.0f : x;
    return low > (float) last ? (float) last : low;
}

static __device__ __forceinline__ float mixed(unsigned char left, unsigned char right, float part) {
    return __fmaf_rn(part, (float) right - (float) left, (float) left);
}

// Draws the noise of an image, [2, knot_rows, knot_cols], and smooths it along rows, [2, knot_rows, width].
static __device__ void smoothed_noise(
        const Augmentation& augmentation, unsigned epoch, unsigned image, const float* column_weights, float* noise,
        float* smoothed) {
    unsigned knots = augmentation.knot_rows * augmentation.knot_cols;
    for (unsigned block = threadIdx.x; 4 * block < knots; block += THREADS) {
        Words words = philox(
                augmentation.key0, augmentation.key1, PURPOSE_AUGMENTATION, epoch, image, KNOT_WORDS / 4 + block);
        for (unsigned q = 0; q < 4 && 4 * block + q < knots; q++) {
            noise[4 * block + q] = signed_half(words.word[q]);
            noise[knots + 4 * block + q] = signed_half(words.word[q] << 16);
        }
    }
    __syncthreads();
    unsigned count = augmentation.knot_rows * augmentation.width;
    for (unsigned e = threadIdx.x; e < 2 * count; e += THREADS) {
        unsigned field = e / count;
        unsigned k = (e - field * count) / augmentation.width;
        unsigned j = e - field * count - k * augmentation.width;
        float sum = 0.0f;
        for (unsigned l = 0; l < augmentation.knot_cols; l++) {
            sum = __fmaf_rn(
                    noise[field * knots + k * augmentation.knot_cols + l], column_weights[l * augmentation.width + j],
                    sum);
        }
        smoothed[e] = sum;
    }
    __syncthreads();
}

// The inputs and targets of a batch with distorted images; one block per image.
extern "C" __global__ void __launch_bounds__(THREADS) gather_augmented(
        Augmentation augmentation, const unsigned char* images, const void* labels, int label_bytes, const int* order,
        const int* clock, const float* smoothing, float* fields, unsigned field_length, float scale, float shift,
        float target_scale, float target_shift, float* x, float* targets, unsigned classes) {
    unsigned i = blockIdx.x;
    unsigned start = (unsigned) clock[BATCH];
    unsigned epoch = (unsigned) clock[EPOCH];
    unsigned image = order == 0 ? start + i : (unsigned) order[start + i];
    for (unsigned e = threadIdx.x; e < classes; e += THREADS) {
        gather(labels, label_bytes, order, start, target_scale, target_shift, targets, i * classes + e, classes);
    }
    unsigned width = augmentation.width;
    unsigned height = augmentation.height;
    unsigned channels = augmentation.channels;
    unsigned rows = augmentation.knot_rows;
    Affine map = affine_of(
            augmentation, philox(augmentation.key0, augmentation.key1, PURPOSE_AUGMENTATION, epoch, image, 0u),
            philox(augmentation.key0, augmentation.key1, PURPOSE_AUGMENTATION, epoch, image, 1u));
    float* noise = fields + (size_t) i * field_length;
    float* smoothed = noise + 2 * rows * augmentation.knot_cols;
    if (rows > 0) {
        smoothed_noise(augmentation, epoch, image, smoothing + height * rows, noise, smoothed);
    }
    float centre_x = (float) (width - 1) * 0.5f;
    float centre_y = (float) (height - 1) * 0.5f;
    const unsigned char* pixels = images + (size_t) image * (height * width * channels);
    float* values = x + (size_t) i * (height * width * channels);
    for (unsigned p = threadIdx.x; p < height * width; p += THREADS) {
        unsigned r = p / width;
        unsigned c = p - r * width;
        float dx = (float) c - centre_x;
        float dy = (float) r - centre_y;
        float u = __fmaf_rn(map.a, dx, __fmaf_rn(map.b, dy, map.origin_x));
        float v = __fmaf_rn(map.c, dx, __fmaf_rn(map.d, dy, map.origin_y));
        if (rows > 0) {
            float move_x = 0.0f;
            float move_y = 0.0f;
            for (unsigned k = 0; k < rows; k++) {
                float weight = smoothing[r * rows + k];
                move_x = __fmaf_rn(weight, smoothed[k * width + c], move_x);
                move_y = __fmaf_rn(weight, smoothed[(rows + k) * width + c], move_y);
            }
            u += move_x;
            v += move_y;
        }
        u = limited(u, width - 1);
        v = limited(v, height - 1);
        float shifted_u = (u - 0.5f) + 0x1.8p23f;
        float shifted_v = (v - 0.5f) + 0x1.8p23f;
        unsigned left = (unsigned) (__float_as_int(shifted_u) - __float_as_int(0x1.8p23f));
        unsigned top = (unsigned) (__float_as_int(shifted_v) - __float_as_int(0x1.8p23f));
        float part_u = u - (shifted_u - 0x1.8p23f);
        float part_v = v - (shifted_v - 0x1.8p23f);
        unsigned right = left + 1 < width ? left + 1 : width - 1;
        unsigned bottom = top + 1 < height ? top + 1 : height - 1;
        for (unsigned channel = 0; channel < channels; channel++) {
            const unsigned char* upper = pixels + top * width * channels + channel;
            const unsigned char* lower = pixels + bottom * width * channels + channel;
            float above = mixed(upper[left * channels], upper[right * channels], part_u);
            float below = mixed(lower[left * channels], lower[right * channels], part_u);
            float value = __fmaf_rn(part_v, below - above, above);
            values[p * channels + channel] = __fmaf_rn(value, scale, shift);
        }
    }
}

extern "C" __global__ void __launch_bounds__(THREADS) activation_backward(
        int activation, const float* y, const float* dy, float* dx, unsigned n) {
    GRID_STRIDE_LOOP(i, n) {
        dx[i] = activation_gradient(activation, y[i], dy[i]);
    }
}

// dz = (dy · mask) activation'(z) for the thread's column of the block, one row per lane; dz may be dy.
static __device__ __forceinline__ void layer_gradient(
        int activation, const float* y, const float* mask, const float* dy, float* dz, unsigned rows, unsigned cols,
        unsigned j) {
    for (unsigned i = threadIdx.x / COLUMNS; i < rows; i += LANES) {
        unsigned e = i * cols + j;
        float gradient = mask == 0 ? dy[e] : dy[e] * mask[e];
        dz[e] = activation == IDENTITY ? gradient : activation_gradient(activation, y[e], gradient);
    }
}

// dz = (dy · mask) activation'(z), dbias = Σ dz over the batch. One block per COLUMNS columns.
extern "C" __global__ void __launch_bounds__(THREADS) dense_layer_gradient(
        int activation, const float* y, const float* mask, const float* dy, float* dz, unsigned rows, unsigned cols,
        float* dbias) {
    unsigned j = blockIdx.x * COLUMNS + threadIdx.x % COLUMNS;
    if (j < cols) {
        layer_gradient(activation, y, mask, dy, dz, rows, cols, j);
    }
    if (dbias == 0) {
        return;
    }
    __syncthreads();
    float sum[1];
    fold_columns<Sum, COLUMNS, LANES>(rows, sum, [&](unsigned i, float (&v)[1]) {
        v[0] = j < cols ? dz[i * cols + j] : 0.0f;
    });
    if (threadIdx.x < COLUMNS && j < cols) {
        dbias[j] = sum[0];
    }
}

// ---- batch normalisation: one block per COLUMNS columns

// ((x - μ) s) γ + β
static __device__ __forceinline__ float normalised(float x, float mean, float inverse, float gamma, float beta) {
    return (x - mean) * inverse * gamma + beta;
}

static __device__ __forceinline__ float inverse_std(float variance, float epsilon) {
    return __fdiv_rn(1.0f, __fsqrt_rn(variance + epsilon));
}

// Normalisation parameters of a column.
struct Column {
    float mean;
    float inverse;
    float gamma;
    float beta;
};

#define BATCH_NORM_PARAMETERS \
    const float* x, unsigned batch, unsigned n, const float* gamma, const float* beta, float epsilon, float momentum, \
    float decay, float variance_momentum, float* running_mean, float* running_variance, float* mean, float* inverse

// Largest batch whose columns a block stages in shared memory, so that its sums read global memory only once.
#define STAGED_ROWS 512u
#define STAGED_STRIDE (COLUMNS + 1)

// The block's columns of a matrix, staged in shared memory if they fit, else in global memory.
struct Columns {
    const float* matrix;
    const float* staged;
    unsigned rows;
    unsigned n;
    unsigned j;
    bool inside;

    __device__ __forceinline__ Columns(const float* matrix, float* staged, unsigned rows, unsigned n, unsigned j)
        : matrix(matrix), staged(staged), rows(rows), n(n), j(j), inside(j < n) {
        if (is_staged()) {
#pragma unroll 4
            for (unsigned i = threadIdx.x / COLUMNS; i < rows; i += LANES) {
                staged[i * STAGED_STRIDE + threadIdx.x % COLUMNS] = inside ? matrix[i * n + j] : 0.0f;
            }
        }
    }

    __device__ __forceinline__ bool is_staged() const { return rows <= STAGED_ROWS; }

    // Element i of the thread's column.
    __device__ __forceinline__ float at(unsigned i) const {
        return is_staged() ? staged[i * STAGED_STRIDE + threadIdx.x % COLUMNS] : inside ? matrix[i * n + j] : 0.0f;
    }

    // Elements 4 column .. 4 column + 3 of row i of the block.
    __device__ __forceinline__ Four four(unsigned i, unsigned first, unsigned j4) const {
        if (!is_staged()) {
            return load_four(matrix + i * n + j4, n - j4);
        }
        Four result;
#pragma unroll
        for (unsigned q = 0; q < 4; q++) {
            result.v[q] = staged[i * STAGED_STRIDE + first + q];
        }
        return result;
    }
};

// μ = Σ x / batch, σ² = Σ (x - μ)² / batch, s = 1 / √(σ² + ε) of the thread's column; updates the running statistics.
static __device__ __forceinline__ Column statistics(const Columns& columns, BATCH_NORM_PARAMETERS) {
    unsigned j = columns.j;
    bool inside = columns.inside;
    float old_mean = inside ? running_mean[j] : 0.0f;
    float old_variance = inside ? running_variance[j] : 0.0f;
    Column column = {0.0f, 0.0f, inside ? gamma[j] : 0.0f, inside ? beta[j] : 0.0f};
    __syncthreads();
    float sum[1];
    fold_columns<Sum, COLUMNS, LANES>(batch, sum, [&](unsigned i, float (&v)[1]) { v[0] = columns.at(i); });
    column.mean = __fdiv_rn(sum[0], (float) batch);
    fold_columns<Sum, COLUMNS, LANES>(batch, sum, [&](unsigned i, float (&v)[1]) {
        float difference = inside ? columns.at(i) - column.mean : 0.0f;
        v[0] = difference * difference;
    });
    float variance = __fdiv_rn(sum[0], (float) batch);
    column.inverse = inverse_std(variance, epsilon);
    if (inside && threadIdx.x < COLUMNS) {
        running_mean[j] = scaled_sum(momentum, column.mean, decay, old_mean);
        running_variance[j] = scaled_sum(variance_momentum, variance, decay, old_variance);
        mean[j] = column.mean;
        inverse[j] = column.inverse;
    }
    return column;
}

// y = activation(((x - μ) s) γ + β)
extern "C" __global__ void __launch_bounds__(THREADS) batch_norm_train(
        BATCH_NORM_PARAMETERS, int activation, float* y) {
    __shared__ float staged[STAGED_ROWS * STAGED_STRIDE];
    unsigned j = blockIdx.x * COLUMNS + threadIdx.x % COLUMNS;
    Columns columns(x, staged, batch, n, j);
    Column c = statistics(columns, x, batch, n, gamma, beta, epsilon, momentum, decay, variance_momentum, running_mean,
            running_variance, mean, inverse);
    if (j >= n) {
        return;
    }
    for (unsigned first = threadIdx.x / COLUMNS; first < batch; first += 4 * LANES) {
        float values[4];
#pragma unroll
        for (unsigned q = 0; q < 4; q++) {
            unsigned i = first + q * LANES;
            values[q] = i < batch ? normalised(columns.at(i), c.mean, c.inverse, c.gamma, c.beta) : 0.0f;
        }
        activate_all(activation, values);
#pragma unroll
        for (unsigned q = 0; q < 4; q++) {
            unsigned i = first + q * LANES;
            if (i < batch) {
                y[i * n + j] = values[q];
            }
        }
    }
}

// The same, and dropped = y · mask. After the statistics, a thread processes four columns of a row.
extern "C" __global__ void __launch_bounds__(THREADS) batch_norm_dropout_train(
        BATCH_NORM_PARAMETERS, int activation, float* y, DROPOUT_PARAMETERS, float* mask, float* dropped) {
    __shared__ float staged[STAGED_ROWS * STAGED_STRIDE];
    __shared__ Column all[COLUMNS];
    Dropout dropout = DROPOUT_OF_PARAMETERS;
    Columns columns(x, staged, batch, n, blockIdx.x * COLUMNS + threadIdx.x % COLUMNS);
    Column own = statistics(columns, x, batch, n, gamma, beta, epsilon, momentum, decay, variance_momentum, running_mean,
            running_variance, mean, inverse);
    if (threadIdx.x < COLUMNS) {
        all[threadIdx.x] = own;
    }
    __syncthreads();
    unsigned first = 4 * (threadIdx.x % (COLUMNS / 4));
    unsigned j = blockIdx.x * COLUMNS + first;
    if (j >= n) {
        return;
    }
    for (unsigned i = threadIdx.x / (COLUMNS / 4); i < batch; i += THREADS / (COLUMNS / 4)) {
        unsigned e = i * n + j;
        Four value = columns.four(i, first, j);
        Four factors = draw_four(dropout, dropout.per_batch ? j : e);
        Four product;
#pragma unroll
        for (unsigned q = 0; q < 4; q++) {
            Column c = all[first + q];
            value.v[q] = normalised(value.v[q], c.mean, c.inverse, c.gamma, c.beta);
        }
        activate_all(activation, value.v);
#pragma unroll
        for (unsigned q = 0; q < 4; q++) {
            product.v[q] = value.v[q] * factors.v[q];
        }
        store_four(y + e, n - j, value);
        store_four(mask + e, n - j, factors);
        store_four(dropped + e, n - j, product);
    }
}

extern "C" __global__ void __launch_bounds__(THREADS) batch_norm_infer(
        const float* x, const float* gamma, const float* beta, float epsilon, const float* running_mean,
        const float* running_variance, int activation, float* y, unsigned size, unsigned n) {
    GRID_STRIDE_LOOP(e, size) {
        unsigned j = e % n;
        float s = inverse_std(running_variance[j], epsilon);
        y[e] = activate(activation, normalised(x[e], running_mean[j], s, gamma[j], beta[j]));
    }
}

// dz = (dy · mask) activation'(z), stored in dx; dβ = Σ dz, dγ = Σ dz x̂, dx = ((dz - dβ/batch) - x̂ (dγ/batch)) (γ s),
// x̂ = (x - μ) s, for the block's columns.
static __device__ __forceinline__ void batch_norm_gradients(
        const float* x, unsigned batch, unsigned n, const float* gamma, const float* mean, const float* inverse,
        int activation, const float* y, const float* mask, const float* dy, float* dgamma, float* dbeta, float* dx) {
    __shared__ float staged_x[STAGED_ROWS * STAGED_STRIDE];
    __shared__ float staged_dz[STAGED_ROWS * STAGED_STRIDE];
    unsigned column = threadIdx.x % COLUMNS;
    unsigned j = blockIdx.x * COLUMNS + column;
    bool inside = j < n;
    bool staged = batch <= STAGED_ROWS;
    float center = inside ? mean[j] : 0.0f;
    float s = inside ? inverse[j] : 0.0f;
    float weight = inside ? gamma[j] : 0.0f;
#pragma unroll 4
    for (unsigned i = threadIdx.x / COLUMNS; i < batch; i += LANES) {
        unsigned e = i * n + j;
        float dz = 0.0f;
        if (inside) {
            dz = mask == 0 ? dy[e] : dy[e] * mask[e];
            dz = activation == IDENTITY ? dz : activation_gradient(activation, y[e], dz);
        }
        if (staged) {
            staged_x[i * STAGED_STRIDE + column] = inside ? x[e] : 0.0f;
            staged_dz[i * STAGED_STRIDE + column] = dz;
        } else if (inside) {
            dx[e] = dz;
        }
    }
    auto gradient_at = [&](unsigned i) {
        return staged ? staged_dz[i * STAGED_STRIDE + column] : inside ? dx[i * n + j] : 0.0f;
    };
    auto standard_at = [&](unsigned i) {
        return ((staged ? staged_x[i * STAGED_STRIDE + column] : inside ? x[i * n + j] : 0.0f) - center) * s;
    };
    __syncthreads();
    float sums[2];
    fold_columns<Sum, COLUMNS, LANES>(batch, sums, [&](unsigned i, float (&v)[2]) {
        v[0] = gradient_at(i);
        v[1] = v[0] * standard_at(i);
    });
    if (!inside) {
        return;
    }
    if (threadIdx.x < COLUMNS) {
        dbeta[j] = sums[0];
        dgamma[j] = sums[1];
    }
    float mean_dz = __fdiv_rn(sums[0], (float) batch);
    float mean_product = __fdiv_rn(sums[1], (float) batch);
    float scale = weight * s;
#pragma unroll 4
    for (unsigned i = threadIdx.x / COLUMNS; i < batch; i += LANES) {
        float gradient = gradient_at(i);
        dx[i * n + j] = ((gradient - mean_dz) - standard_at(i) * mean_product) * scale;
    }
}

extern "C" __global__ void __launch_bounds__(THREADS) batch_norm_layer_backward(
        const float* x, unsigned batch, unsigned n, const float* gamma, const float* mean, const float* inverse,
        int activation, const float* y, const float* mask, const float* dy, float* dgamma, float* dbeta, float* dx) {
    batch_norm_gradients(x, batch, n, gamma, mean, inverse, activation, y, mask, dy, dgamma, dbeta, dx);
}

// ---- batch normalisation of large batches
//
// A block sums WARP columns over SUM_BLOCK rows, the partial sums of Reduction.SUM; the next kernel adds the partial sums
// in order.

#define WARPS (THREADS / WARP)
#define PARTIAL_SUMS_PER_PASS 64u

// Position of a thread in such a grid; it processes every WARPS-th row.
struct GridPosition {
    unsigned lane;
    unsigned warp;
    unsigned j;
    unsigned block;
    unsigned begin;
    unsigned end;

    __device__ __forceinline__ GridPosition(unsigned rows, unsigned n) {
        unsigned across = (n + WARP - 1) / WARP;
        lane = threadIdx.x % WARP;
        warp = threadIdx.x / WARP;
        j = blockIdx.x % across * WARP + lane;
        block = blockIdx.x / across;
        begin = block * SUM_BLOCK;
        end = begin + SUM_BLOCK < rows ? begin + SUM_BLOCK : rows;
    }
};

// Sums N values over the block's rows of each column, one warp per value; value(e, v) returns the values of element e.
template <int N, class Value>
static __device__ __forceinline__ void sum_block(const GridPosition& position, unsigned n, float* const (&sums)[N], Value value) {
    __shared__ float values[N][SUM_BLOCK][WARP + 1];
    bool inside = position.j < n;
#pragma unroll
    for (unsigned r = 0; r < SUM_BLOCK / WARPS; r++) {
        unsigned i = position.begin + position.warp + r * WARPS;
        float v[N] = {};
        if (inside && i < position.end) {
            value(i * n + position.j, v);
        }
#pragma unroll
        for (int s = 0; s < N; s++) {
            values[s][i - position.begin][position.lane] = v[s];
        }
    }
    __syncthreads();
#pragma unroll
    for (int s = 0; s < N; s++) {
        if (position.warp == s && inside) {
            float sum = 0.0f;
#pragma unroll 16
            for (unsigned i = 0; i < position.end - position.begin; i++) {
                sum += values[s][i][position.lane];
            }
            sums[s][position.block * n + position.j] = sum;
        }
    }
}

// Sum of `parts` [blocks, n] for the thread's column, in block order.
static __device__ __forceinline__ float sum_of_partials(
        const GridPosition& position, const float* parts, unsigned blocks, unsigned n) {
    __shared__ float tile[PARTIAL_SUMS_PER_PASS][WARP + 1];
    float total = 0.0f;
    for (unsigned first = 0; first < blocks; first += PARTIAL_SUMS_PER_PASS) {
        unsigned count = blocks - first < PARTIAL_SUMS_PER_PASS ? blocks - first : PARTIAL_SUMS_PER_PASS;
#pragma unroll 8
        for (unsigned b = position.warp; b < count; b += WARPS) {
            tile[b][position.lane] = position.j < n ? parts[(first + b) * n + position.j] : 0.0f;
        }
        __syncthreads();
#pragma unroll 16
        for (unsigned b = 0; b < count; b++) {
            total += tile[b][position.lane];
        }
        __syncthreads();
    }
    return total;
}

// sums[b, j] = Σ x[i, j] over the rows of block b.
extern "C" __global__ void __launch_bounds__(THREADS) batch_norm_sums(
        const float* x, unsigned rows, unsigned n, float* sums) {
    GridPosition position(rows, n);
    sum_block<1>(position, n, {sums}, [&](unsigned e, float (&v)[1]) { v[0] = x[e]; });
}

// squares[b, j] = Σ (x[i, j] - μ)² over the rows of block b.
extern "C" __global__ void __launch_bounds__(THREADS) batch_norm_squares(
        const float* x, unsigned rows, unsigned n, const float* sums, float* squares) {
    GridPosition position(rows, n);
    unsigned blocks = (rows + SUM_BLOCK - 1) / SUM_BLOCK;
    float center = __fdiv_rn(sum_of_partials(position, sums, blocks, n), (float) rows);
    sum_block<1>(position, n, {squares}, [&](unsigned e, float (&v)[1]) {
        float difference = x[e] - center;
        v[0] = difference * difference;
    });
}

// batch_norm_train or batch_norm_dropout_train, given these sums.
extern "C" __global__ void __launch_bounds__(THREADS) batch_norm_apply(
        BATCH_NORM_PARAMETERS, int activation, float* y, DROPOUT_PARAMETERS, float* mask, float* dropped,
        const float* sums, const float* squares) {
    __shared__ Column all[WARP];
    GridPosition position(batch, n);
    unsigned j = position.j;
    bool inside = j < n;
    unsigned blocks = (batch + SUM_BLOCK - 1) / SUM_BLOCK;
    Column column = {0.0f, 0.0f, inside ? gamma[j] : 0.0f, inside ? beta[j] : 0.0f};
    column.mean = __fdiv_rn(sum_of_partials(position, sums, blocks, n), (float) batch);
    float variance = __fdiv_rn(sum_of_partials(position, squares, blocks, n), (float) batch);
    column.inverse = inverse_std(variance, epsilon);
    if (position.warp == 0) {
        all[position.lane] = column;
    }
    if (inside && position.block == 0 && position.warp == 0) {
        running_mean[j] = scaled_sum(momentum, column.mean, decay, running_mean[j]);
        running_variance[j] = scaled_sum(variance_momentum, variance, decay, running_variance[j]);
        mean[j] = column.mean;
        inverse[j] = column.inverse;
    }
    __syncthreads();
    unsigned first = threadIdx.x % (WARP / 4) * 4;
    j = j - position.lane + first;
    if (j >= n) {
        return;
    }
    Dropout dropout = {key0, key1, layer, threshold, scale, per_batch, mask == 0 ? 0u : (unsigned) clock[TOTAL]};
    for (unsigned i = position.begin + threadIdx.x / (WARP / 4); i < position.end; i += THREADS / (WARP / 4)) {
        unsigned e = i * n + j;
        Four value = load_four(x + e, n - j);
#pragma unroll
        for (unsigned q = 0; q < 4; q++) {
            Column c = all[first + q];
            value.v[q] = normalised(value.v[q], c.mean, c.inverse, c.gamma, c.beta);
        }
        activate_all(activation, value.v);
        store_four(y + e, n - j, value);
        if (mask != 0) {
            Four factors = draw_four(dropout, per_batch ? j : e);
#pragma unroll
            for (unsigned q = 0; q < 4; q++) {
                value.v[q] = value.v[q] * factors.v[q];
            }
            store_four(mask + e, n - j, factors);
            store_four(dropped + e, n - j, value);
        }
    }
}

// dz = (dy · mask) activation'(z), stored in dx; sums[b, j] = Σ dz, products[b, j] = Σ dz x̂ over the rows of block b.
extern "C" __global__ void __launch_bounds__(THREADS) batch_norm_gradient_sums(
        const float* x, unsigned rows, unsigned n, const float* mean, const float* inverse, int activation,
        const float* y, const float* mask, const float* dy, float* dx, float* sums, float* products) {
    GridPosition position(rows, n);
    float center = position.j < n ? mean[position.j] : 0.0f;
    float s = position.j < n ? inverse[position.j] : 0.0f;
    sum_block<2>(position, n, {sums, products}, [&](unsigned e, float (&v)[2]) {
        float dz = mask == 0 ? dy[e] : dy[e] * mask[e];
        dz = activation == IDENTITY ? dz : activation_gradient(activation, y[e], dz);
        v[0] = dz;
        v[1] = dz * ((x[e] - center) * s);
        dx[e] = dz;
    });
}

// dβ = Σ dz, dγ = Σ dz x̂, dx = ((dz - dβ/batch) - x̂ (dγ/batch)) (γ s) given these sums and dz in dx.
extern "C" __global__ void __launch_bounds__(THREADS) batch_norm_gradient_apply(
        const float* x, unsigned rows, unsigned n, const float* gamma, const float* mean, const float* inverse,
        float* dx, const float* sums, const float* products, float* dgamma, float* dbeta) {
    GridPosition position(rows, n);
    unsigned j = position.j;
    unsigned blocks = (rows + SUM_BLOCK - 1) / SUM_BLOCK;
    float sum = sum_of_partials(position, sums, blocks, n);
    float product = sum_of_partials(position, products, blocks, n);
    if (j >= n) {
        return;
    }
    if (position.block == 0 && position.warp == 0) {
        dbeta[j] = sum;
        dgamma[j] = product;
    }
    float mean_dz = __fdiv_rn(sum, (float) rows);
    float mean_product = __fdiv_rn(product, (float) rows);
    float center = mean[j];
    float s = inverse[j];
    float scale = gamma[j] * s;
    float gradient[SUM_BLOCK / WARPS];
    float standard[SUM_BLOCK / WARPS];
#pragma unroll
    for (unsigned r = 0; r < SUM_BLOCK / WARPS; r++) {
        unsigned i = position.begin + position.warp + r * WARPS;
        bool valid = i < position.end;
        gradient[r] = valid ? dx[i * n + j] : 0.0f;
        standard[r] = valid ? (x[i * n + j] - center) * s : 0.0f;
    }
#pragma unroll
    for (unsigned r = 0; r < SUM_BLOCK / WARPS; r++) {
        unsigned i = position.begin + position.warp + r * WARPS;
        if (i < position.end) {
            dx[i * n + j] = ((gradient[r] - mean_dz) - standard[r] * mean_product) * scale;
        }
    }
}

// ---- dropout

// mask = 0 if the random word is below the threshold, else the scale; y = x · mask.
extern "C" __global__ void __launch_bounds__(THREADS) dropout(
        const float* x, DROPOUT_PARAMETERS, float* mask, float* y, unsigned n, unsigned cols) {
    Dropout dropout = DROPOUT_OF_PARAMETERS;
    GRID_STRIDE_LOOP(quad, (n + 3) / 4) {
        unsigned e = 4 * quad;
        Four value = load_four(x + e, n - e);
        Four factors = draw_elements(dropout, e, cols);
#pragma unroll
        for (unsigned q = 0; q < 4; q++) {
            value.v[q] = value.v[q] * factors.v[q];
        }
        store_four(mask + e, n - e, factors);
        store_four(y + e, n - e, value);
    }
}

// ---- loss

// z = logits - max, e = exp z, s = Σ e, loss = -Σ t (z - log s), gradient (e / s - t) / batch; row i by one warp.
static __device__ __forceinline__ void loss_of_row(
        const float* logits, const float* targets, float* losses, float* dlogits, unsigned rows, unsigned n,
        unsigned i) {
    const float* x = logits + i * n;
    const float* t = targets + i * n;
    float greatest = row_maximum(x, n);
    float sum = sum_row(n, [&](unsigned j) { return exact_exp(x[j] - greatest); });
    float logarithm = exact_log(sum);
    float loss = sum_row(n, [&](unsigned j) { return ((x[j] - greatest) - logarithm) * t[j]; });
    if (threadIdx.x % WARP == 0) {
        losses[i] = -1.0f * loss;
    }
    if (dlogits != 0) {
        for (unsigned j = threadIdx.x % WARP; j < n; j += WARP) {
            float probability = __fdiv_rn(exact_exp(x[j] - greatest), sum);
            dlogits[i * n + j] = __fdiv_rn(probability - t[j], (float) rows);
        }
    }
}

// history[step] = Σ losses / batch, by one block.
template <unsigned BLOCK_THREADS>
static __device__ __forceinline__ void record_mean(
        const float* losses, unsigned batch, const int* clock, float* history) {
    float sum[1];
    fold_columns<Sum, 1, BLOCK_THREADS>(batch, sum, [&](unsigned i, float (&v)[1]) { v[0] = losses[i]; });
    if (threadIdx.x == 0) {
        history[clock[STEP]] = __fdiv_rn(sum[0], (float) batch);
    }
}

extern "C" __global__ void __launch_bounds__(THREADS) softmax_cross_entropy(
        const float* logits, const float* targets, float* losses, float* dlogits, unsigned rows, unsigned n) {
    unsigned i = (blockIdx.x * blockDim.x + threadIdx.x) / WARP;
    if (i < rows) {
        loss_of_row(logits, targets, losses, dlogits, rows, n, i);
    }
}

extern "C" __global__ void __launch_bounds__(THREADS) record_loss(
        const float* losses, unsigned batch, const int* clock, float* history) {
    record_mean<THREADS>(losses, batch, clock, history);
}

// Both, for a batch that fits into a single block.
extern "C" __global__ void __launch_bounds__(1024) training_loss(
        const float* logits, const float* targets, float* losses, float* dlogits, unsigned rows, unsigned n,
        const int* clock, float* history) {
    for (unsigned i = threadIdx.x / WARP; i < rows; i += 1024 / WARP) {
        loss_of_row(logits, targets, losses, dlogits, rows, n, i);
    }
    __syncthreads();
    record_mean<1024>(losses, rows, clock, history);
}

extern "C" __global__ void advance(int* clock, int batch) {
    clock[STEP] += 1;
    clock[BATCH] += batch;
    clock[TOTAL] += 1;
}

// Index of the first maximum; n for a row with a NaN. One warp per row.
extern "C" __global__ void __launch_bounds__(THREADS) argmax(const float* x, float* y, unsigned rows, unsigned n) {
    unsigned i = (blockIdx.x * blockDim.x + threadIdx.x) / WARP;
    if (i >= rows) {
        return;
    }
    float greatest = row_maximum(x + i * n, n);
    float index = (float) n;
    for (unsigned j = threadIdx.x % WARP; j < n; j += WARP) {
        if (x[i * n + j] == greatest && (float) j < index) {
            index = (float) j;
        }
    }
    for (unsigned distance = WARP / 2; distance > 0; distance /= 2) {
        float other = __shfl_sync(ALL_LANES, index, (threadIdx.x % WARP) ^ distance);
        index = other < index ? other : index;
    }
    if (threadIdx.x % WARP == 0) {
        y[i] = index;
    }
}

// ---- optimisers

enum Optimiser { NO_UPDATE, SGD, MOMENTUM, ADAM };

// An optimiser step on the parameter block: kind, rates and constants as in bpnn.spi.Kernels.
struct Update {
    float* w;
    const float* g;
    float* first;
    float* second;
    const float* rates;
    float a;
    float keep_a;
    float b;
    float keep_b;
    int kind;
};

struct Rates {
    float r[3];
};

static __device__ __forceinline__ Rates rates_of(const Update& update) {
    Rates rates;
    for (unsigned i = 0; i < 3; i++) {
        rates.r[i] = update.kind == ADAM || (i == 0 && update.kind != NO_UPDATE) ? update.rates[i] : 0.0f;
    }
    return rates;
}

// SGD: w - (g · η). Momentum: v = fma(1, g, μ v), w - (v · η). Adam: m = fma(1 - β₁, g, β₁ m),
// v = fma(1 - β₂, g², β₂ v), w - (m / (√v · rates₁ + rates₂)) · rates₀.
static __device__ __forceinline__ float updated(
        const Update& update, const Rates& rates, float w, float g, float& first, float& second) {
    switch (update.kind) {
        case SGD: return w - g * rates.r[0];
        case MOMENTUM:
            first = scaled_sum(1.0f, g, update.a, first);
            return w - first * rates.r[0];
        default:
            first = scaled_sum(update.keep_a, g, update.a, first);
            second = scaled_sum(update.keep_b, g * g, update.b, second);
            return w - __fdiv_rn(first, __fsqrt_rn(second) * rates.r[1] + rates.r[2]) * rates.r[0];
    }
}

// Four consecutive parameters with their optimiser state.
struct Parameters {
    Four w;
    Four first;
    Four second;
};

// Elements e .. e + count - 1, at most four.
static __device__ __forceinline__ Parameters load_parameters(const Update& update, unsigned e, unsigned count) {
    Parameters p = {};
    p.w = load_four(update.w + e, count);
    if (update.kind != SGD) {
        p.first = load_four(update.first + e, count);
    }
    if (update.kind == ADAM) {
        p.second = load_four(update.second + e, count);
    }
    return p;
}

static __device__ __forceinline__ void update_four(
        const Update& update, const Rates& rates, unsigned e, unsigned count, Four gradient, Parameters p) {
#pragma unroll
    for (unsigned q = 0; q < 4; q++) {
        p.w.v[q] = updated(update, rates, p.w.v[q], gradient.v[q], p.first.v[q], p.second.v[q]);
    }
    if (update.kind != SGD) {
        store_four(update.first + e, count, p.first);
    }
    if (update.kind == ADAM) {
        store_four(update.second + e, count, p.second);
    }
    store_four(update.w + e, count, p.w);
}

static __device__ __forceinline__ void update_one(const Update& update, const Rates& rates, unsigned e, float gradient) {
    float first = update.kind == SGD ? 0.0f : update.first[e];
    float second = update.kind == ADAM ? update.second[e] : 0.0f;
    update.w[e] = updated(update, rates, update.w[e], gradient, first, second);
    if (update.kind != SGD) {
        update.first[e] = first;
    }
    if (update.kind == ADAM) {
        update.second[e] = second;
    }
}

// The optimiser step for all parameters, memory-bound: each thread processes four elements.
extern "C" __global__ void __launch_bounds__(THREADS) update_parameters(Update update, unsigned n) {
    Rates rates = rates_of(update);
    GRID_STRIDE_LOOP(quad, (n + 3) / 4) {
        unsigned e = 4 * quad;
        update_four(update, rates, e, n - e, load_four(update.g + e, n - e), load_parameters(update, e, n - e));
    }
}

// ---- tiled GEMM of a training step
//
// C = op(A) op(B). A block computes a tile of BM by BN elements, with a software pipeline of STAGES panels (DEPTH columns
// of op(A) and rows of op(B)) in shared memory: while one is multiplied, the others are being copied. Panel types and
// epilogues are template parameters, which fuse bias and activation, the optimiser, or the gather of a batch.

// CUDA_STAND_IN provides its own asynchronous copies and tensor cores.
#ifndef CUDA_STAND_IN
#if __CUDA_ARCH__ >= 800
// Asynchronous copy to shared memory. If not valid, nothing is read, wherever `from` points, and zeros are written.
template <unsigned BYTES>
static __device__ __forceinline__ void copy_async(float* to, const float* from, bool valid) {
    unsigned address = (unsigned) __cvta_generic_to_shared(to);
    unsigned bytes = valid ? BYTES : 0;
    if (BYTES == 16) {
        asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" :: "r"(address), "l"(from), "r"(bytes) : "memory");
    } else {
        asm volatile("cp.async.ca.shared.global [%0], [%1], 4, %2;" :: "r"(address), "l"(from), "r"(bytes) : "memory");
    }
}

static __device__ __forceinline__ void commit_copies() {
    asm volatile("cp.async.commit_group;" ::: "memory");
}

// Waits until at most PENDING committed groups are in flight.
template <unsigned PENDING>
static __device__ __forceinline__ void wait_for_copies() {
    asm volatile("cp.async.wait_group %0;" :: "n"(PENDING) : "memory");
}
#else
template <unsigned BYTES>
static __device__ __forceinline__ void copy_async(float* to, const float* from, bool valid) {
    for (unsigned q = 0; q < BYTES / 4; q++) {
        to[q] = valid ? from[q] : 0.0f;
    }
}

static __device__ __forceinline__ void commit_copies() {}

template <unsigned PENDING>
static __device__ __forceinline__ void wait_for_copies() {}
#endif
#endif

// A panel of a float32 matrix. With K_MAJOR its rows run along k (extent rows, depth columns), otherwise across k (depth
// rows, extent columns). The padding avoids bank conflicts. A thread copies four consecutive elements in every
// ROWS_APART-th row.
template <unsigned WIDTH, unsigned DEPTH, unsigned BLOCK_THREADS, bool K_MAJOR>
struct Panel {
    // Unrolls the first copies; only those that wait in registers need it.
    static const unsigned PANELS_IN_FLIGHT = 1;
    static const unsigned STRIDE = K_MAJOR ? DEPTH + 4 : WIDTH + 8;
    static const unsigned SIZE = (K_MAJOR ? WIDTH : DEPTH) * STRIDE;
    static const unsigned ACROSS = (K_MAJOR ? DEPTH : WIDTH) / 4;
    static const unsigned ROWS_APART = BLOCK_THREADS / ACROSS;
    static const unsigned PIECES = WIDTH * DEPTH / 4 / BLOCK_THREADS;
    static_assert(ROWS_APART * ACROSS == BLOCK_THREADS && PIECES * 4 * BLOCK_THREADS == WIDTH * DEPTH,
            "each thread fetches as much as every other, always in the same columns");
    const float* matrix;
    unsigned rows;
    unsigned cols;
    unsigned row;
    unsigned col;
    unsigned to;
    bool wide;

    __device__ __forceinline__ Panel(const float* matrix, unsigned extent, unsigned depth, unsigned first)
        : matrix(matrix), rows(K_MAJOR ? extent : depth), cols(K_MAJOR ? depth : extent),
          row((K_MAJOR ? first : 0) + threadIdx.x / ACROSS), col((K_MAJOR ? 0 : first) + threadIdx.x % ACROSS * 4),
          to(threadIdx.x / ACROSS * STRIDE + threadIdx.x % ACROSS * 4),
          wide(is_aligned(matrix) && (K_MAJOR ? depth : extent) % 4 == 0) {}

    __device__ __forceinline__ void prepare() {}

    __device__ __forceinline__ void fetch(float* stage, unsigned k0) {
        unsigned i = row + (K_MAJOR ? 0 : k0);
        unsigned j = col + (K_MAJOR ? k0 : 0);
        const float* from = matrix + (i * cols + j);
        float* at = stage + to;
        if (wide) {
#pragma unroll
            for (unsigned c = 0; c < PIECES; c++) {
                bool valid = j < cols && i + c * ROWS_APART < rows;
                copy_async<16>(at + c * (ROWS_APART * STRIDE), from, valid);
                from += ROWS_APART * cols;
            }
            return;
        }
#pragma unroll 1
        for (unsigned c = 0; c < PIECES; c++) {
            for (unsigned q = 0; q < 4; q++) {
                bool valid = j + q < cols && i + c * ROWS_APART < rows;
                copy_async<4>(at + c * (ROWS_APART * STRIDE) + q, from + q, valid);
            }
            from += ROWS_APART * cols;
        }
    }

    __device__ __forceinline__ void finish_older(float*) {}
    __device__ __forceinline__ void finish_newer(float*) {}
};

// Operand A gathered from a byte table in batch order and scaled, like gather_rows. The blocks of the first tile column
// also store it as float32 for the backward pass. Two panels are in flight, since images come from far: the loads of one
// are issued before those of the other are waited for.
template <unsigned WIDTH, unsigned DEPTH, unsigned BLOCK_THREADS>
struct GatheredPanel {
    static const unsigned PANELS_IN_FLIGHT = 2;
    static const unsigned STRIDE = DEPTH + 4;
    static const unsigned SIZE = WIDTH * STRIDE;
    static const unsigned PIECES = WIDTH * DEPTH / 4 / BLOCK_THREADS;
    static_assert(PIECES * 4 * BLOCK_THREADS == WIDTH * DEPTH, "each thread fetches as much as every other");
    const unsigned char* table;
    const int* order;
    unsigned start;
    float* gathered;
    unsigned extent;
    unsigned depth;
    unsigned first;
    float scale;
    float shift;
    unsigned place[PIECES];
    // The panel fetched last, and the one before.
    unsigned newer_k;
    unsigned newer[PIECES];
    unsigned older_k;
    unsigned older[PIECES];

    __device__ __forceinline__ GatheredPanel(
            const unsigned char* table, const int* order, unsigned start, unsigned extent, unsigned depth,
            unsigned first, float scale, float shift, float* gathered)
        : table(table), order(order), start(start), gathered(gathered), extent(extent), depth(depth), first(first),
          scale(scale), shift(shift), newer_k(0), older_k(0) {}

    // Not before the first copies of the other operand: where the images are takes two loads, one behind the other. Those of
    // all pieces are issued together; a row beyond the batch is never read.
    __device__ __forceinline__ void prepare() {
#pragma unroll
        for (unsigned c = 0; c < PIECES; c++) {
            unsigned i = first + row_of(c);
            place[c] = start + (i < extent ? i : 0);
            newer[c] = 0;
        }
        if (order != 0) {
#pragma unroll
            for (unsigned c = 0; c < PIECES; c++) {
                place[c] = (unsigned) order[place[c]];
            }
        }
#pragma unroll
        for (unsigned c = 0; c < PIECES; c++) {
            place[c] *= depth;
        }
    }

    static __device__ __forceinline__ unsigned row_of(unsigned c) {
        return (threadIdx.x + c * BLOCK_THREADS) / (DEPTH / 4);
    }

    static __device__ __forceinline__ unsigned col_of(unsigned c) {
        return (threadIdx.x + c * BLOCK_THREADS) % (DEPTH / 4) * 4;
    }

    __device__ __forceinline__ bool is_inside(unsigned c, unsigned k) const {
        return first + row_of(c) < extent && k + col_of(c) < depth;
    }

    __device__ __forceinline__ void fetch(float*, unsigned k0) {
        older_k = newer_k;
        newer_k = k0;
#pragma unroll
        for (unsigned c = 0; c < PIECES; c++) {
            older[c] = newer[c];
            newer[c] = is_inside(c, k0) ? *(const unsigned*) (table + place[c] + k0 + col_of(c)) : 0;
        }
    }

    __device__ __forceinline__ void finish_older(float* to) { finish(to, older_k, older); }
    __device__ __forceinline__ void finish_newer(float* to) { finish(to, newer_k, newer); }

    __device__ __forceinline__ void finish(float* to, unsigned k, const unsigned (&words)[PIECES]) {
#pragma unroll
        for (unsigned c = 0; c < PIECES; c++) {
            Four four = {{0.0f, 0.0f, 0.0f, 0.0f}};
            if (is_inside(c, k)) {
#pragma unroll
                for (unsigned q = 0; q < 4; q++) {
                    four.v[q] = __fmaf_rn((float) (words[c] >> (8 * q) & 0xffu), scale, shift);
                }
                if (gathered != 0) {
                    *(Four*) (gathered + (first + row_of(c)) * depth + k + col_of(c)) = four;
                }
            }
            *(Four*) (to + row_of(c) * STRIDE + col_of(c)) = four;
        }
    }
};

// COUNT elements along k of row or column `place` of a panel. Where place and k are constants, they become part of the load
// instructions.
template <bool ALONG_K, unsigned STRIDE, unsigned COUNT>
static __device__ __forceinline__ void load_operand(
        const float* panel, unsigned place, unsigned k, float (&to)[COUNT]) {
    if (ALONG_K && COUNT == 4) {
        Four four = *(const Four*) (panel + (place * STRIDE + k));
#pragma unroll
        for (unsigned q = 0; q < COUNT; q++) {
            to[q] = four.v[q];
        }
        return;
    }
#pragma unroll
    for (unsigned q = 0; q < COUNT; q++) {
        to[q] = ALONG_K ? panel[place * STRIDE + k + q] : panel[(k + q) * STRIDE + place];
    }
}

// Exact arithmetic: a thread computes TM by TN elements, each one chain of fused multiply-adds over k from +0. A warp has
// LM lanes along m. A and B are the panel types.
template <unsigned BM, unsigned BN, unsigned TM, unsigned TN, unsigned LM, class A, class B, bool A_K, bool B_K>
struct FmaChains {
    static const unsigned VM = A_K ? 1 : (TM < 4 ? TM : 4);
    static const unsigned VN = B_K ? 1 : (TN < 4 ? TN : 4);
    static const unsigned ACROSS_M = BM / TM;
    static const unsigned ACROSS_N = BN / TN;
    static const unsigned LN = WARP / LM;
    // Number of partial tiles that are added.
    static const unsigned SPLIT_K = 1;
    // Of a row of the tile in shared memory; the padding avoids bank conflicts.
    static const unsigned STRIDE = BN + 4;
    float sum[TM][TN];

    __device__ __forceinline__ FmaChains() {
#pragma unroll
        for (unsigned r = 0; r < TM; r++) {
#pragma unroll
            for (unsigned s = 0; s < TN; s++) {
                sum[r][s] = 0.0f;
            }
        }
    }

    // The thread's first row and column, and the distances of the others from them.
    static __device__ __forceinline__ unsigned row0() {
        unsigned lane = threadIdx.x % WARP;
        unsigned warp = threadIdx.x / WARP;
        return (lane / LN + warp / (ACROSS_N / LN) * LM) * VM;
    }

    static __device__ __forceinline__ unsigned col0() {
        unsigned lane = threadIdx.x % WARP;
        unsigned warp = threadIdx.x / WARP;
        return (lane % LN + warp % (ACROSS_N / LN) * LN) * VN;
    }

    static __device__ __forceinline__ unsigned row_of(unsigned r) { return r / VM * (ACROSS_M * VM) + r % VM; }
    static __device__ __forceinline__ unsigned col_of(unsigned s) { return s / VN * (ACROSS_N * VN) + s % VN; }

    // Multiplies COUNT columns of op(A) and rows of op(B) from k, at most four; a and b point to row0 and col0.
    template <unsigned COUNT>
    __device__ __forceinline__ void multiply_some(const float* a, const float* b, unsigned k) {
        float left[TM][COUNT];
        float right[TN][COUNT];
#pragma unroll
        for (unsigned r = 0; r < TM; r++) {
            load_operand<A_K, A::STRIDE>(a, row_of(r), k, left[r]);
        }
#pragma unroll
        for (unsigned s = 0; s < TN; s++) {
            load_operand<B_K, B::STRIDE>(b, col_of(s), k, right[s]);
        }
#pragma unroll
        for (unsigned q = 0; q < COUNT; q++) {
#pragma unroll
            for (unsigned r = 0; r < TM; r++) {
#pragma unroll
                for (unsigned s = 0; s < TN; s++) {
                    sum[r][s] = __fmaf_rn(left[r][q], right[s][q], sum[r][s]);
                }
            }
        }
    }

    template <unsigned DEPTH>
    __device__ __forceinline__ void multiply(const float* a, const float* b, unsigned count) {
        a += row0() * (A_K ? A::STRIDE : 1);
        b += col0() * (B_K ? B::STRIDE : 1);
        if (count == DEPTH) {
#pragma unroll
            for (unsigned k = 0; k < DEPTH; k += 4) {
                multiply_some<4>(a, b, k);
            }
            return;
        }
        // Padding must not be multiplied: -0 + 0 · 0 would lose its sign.
        unsigned k = 0;
        for (; k + 4 <= count; k += 4) {
            multiply_some<4>(a, b, k);
        }
        for (; k < count; k++) {
            multiply_some<1>(a, b, k);
        }
    }

    __device__ __forceinline__ void store(float* tile) const {
#pragma unroll
        for (unsigned r = 0; r < TM; r++) {
#pragma unroll
            for (unsigned s = 0; s < TN; s++) {
                tile[(row0() + row_of(r)) * STRIDE + col0() + col_of(s)] = sum[r][s];
            }
        }
    }
};

#ifndef CUDA_STAND_IN
#if TENSOR_PARTS != 0
static __device__ __forceinline__ unsigned round_to_tf32(float x) {
    unsigned result;
    asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(result) : "f"(x));
    return result;
}

// D += A B for 16 by 8 by 8 elements, by a warp.
static __device__ __forceinline__ void multiply_fragments(
        float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2]) {
    asm("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
            : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
            : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}
#endif
#endif

#if TENSOR_PARTS != 0
// Tensor cores. With PARTS 3 an operand is split into two TF32 numbers, which together have all but two of its 24 bits, and
// three of the four products are added (H. Ootomo and R. Yokota, "Recovering single precision accuracy from Tensor
// Cores", 2022). The sums of a panel are added in float32 outside the tensor cores, which truncate; measured against
// float64, the error is smaller than that of an fma chain. With PARTS 1 operands are rounded to TF32.
// WM by WN warps split the tile and WK warps split the depth of a panel (split-K); their sums are added in warp order.
template <unsigned BM, unsigned BN, unsigned WM, unsigned WN, unsigned WK, unsigned PARTS, class A, class B, bool A_K,
        bool B_K>
struct Fragments {
    static const unsigned ROWS = BM / WM / 16;
    static const unsigned COLS = BN / WN / 8;
    static const unsigned SPLIT_K = WK;
    static const unsigned STRIDE = BN + 8;
    float sum[ROWS][COLS][4];

    __device__ __forceinline__ Fragments() { clear(sum); }

    static __device__ __forceinline__ void clear(float (&s)[ROWS][COLS][4]) {
#pragma unroll
        for (unsigned i = 0; i < ROWS; i++) {
#pragma unroll
            for (unsigned j = 0; j < COLS; j++) {
#pragma unroll
                for (unsigned r = 0; r < 4; r++) {
                    s[i][j][r] = 0.0f;
                }
            }
        }
    }

    static __device__ __forceinline__ unsigned part_of_depth() { return threadIdx.x / WARP / (WM * WN); }
    static __device__ __forceinline__ unsigned row0() { return threadIdx.x / WARP % (WM * WN) / WN * (BM / WM); }
    static __device__ __forceinline__ unsigned col0() { return threadIdx.x / WARP % WN * (BN / WN); }

    // The conversion instruction takes four machine instructions, as it spares infinities and NaN. Of two parts the first
    // need not: the second is NaN then. The second has at most 12 bits, of which tensor cores ignore the last.
    static __device__ __forceinline__ void split(float x, unsigned& high, unsigned& low) {
        if (PARTS == 1) {
            high = round_to_tf32(x);
            low = 0;
            return;
        }
        high = ((unsigned) __float_as_int(x) + 0x1000u) & 0xffffe000u;
        low = (unsigned) __float_as_int(x - __int_as_float((int) high));
    }

    static __device__ __forceinline__ void multiply_all(
            float (&to)[ROWS][COLS][4], const unsigned (&a)[ROWS][4], const unsigned (&b)[COLS][2]) {
#pragma unroll
        for (unsigned i = 0; i < ROWS; i++) {
#pragma unroll
            for (unsigned j = 0; j < COLS; j++) {
                multiply_fragments(to[i][j], a[i], b[j]);
            }
        }
    }

    template <unsigned DEPTH>
    __device__ __forceinline__ void multiply(const float* a, const float* b, unsigned) {
        unsigned group = threadIdx.x % WARP / 4;
        unsigned member = threadIdx.x % 4;
        unsigned k = part_of_depth() * (DEPTH / WK) + member;
        // Constant distances from one address become part of the load instructions.
        const float* left = a + (A_K ? (row0() + group) * A::STRIDE + k : k * A::STRIDE + row0() + group);
        const float* right = b + (B_K ? (col0() + group) * B::STRIDE + k : k * B::STRIDE + col0() + group);
        float panel[ROWS][COLS][4];
        clear(panel);
#pragma unroll
        for (unsigned step = 0; step < DEPTH / WK; step += 8) {
            unsigned high_a[ROWS][4], low_a[ROWS][4], high_b[COLS][2], low_b[COLS][2];
#pragma unroll
            for (unsigned i = 0; i < ROWS; i++) {
#pragma unroll
                for (unsigned r = 0; r < 4; r++) {
                    unsigned row = 16 * i + r % 2 * 8;
                    unsigned at = step + r / 2 * 4;
                    split(left[A_K ? row * A::STRIDE + at : at * A::STRIDE + row], high_a[i][r], low_a[i][r]);
                }
            }
#pragma unroll
            for (unsigned j = 0; j < COLS; j++) {
#pragma unroll
                for (unsigned r = 0; r < 2; r++) {
                    unsigned at = step + r * 4;
                    split(right[B_K ? 8 * j * B::STRIDE + at : at * B::STRIDE + 8 * j], high_b[j][r], low_b[j][r]);
                }
            }
            // The products of one element depend on each other, so those of all elements are interleaved.
            if (PARTS > 1) {
                multiply_all(panel, low_a, high_b);
                multiply_all(panel, high_a, low_b);
            }
            multiply_all(panel, high_a, high_b);
        }
#pragma unroll
        for (unsigned i = 0; i < ROWS; i++) {
#pragma unroll
            for (unsigned j = 0; j < COLS; j++) {
#pragma unroll
                for (unsigned r = 0; r < 4; r++) {
                    sum[i][j][r] += panel[i][j][r];
                }
            }
        }
    }

    __device__ __forceinline__ void store(float* tile) const {
        unsigned group = threadIdx.x % WARP / 4;
        unsigned member = threadIdx.x % 4;
#pragma unroll
        for (unsigned i = 0; i < ROWS; i++) {
#pragma unroll
            for (unsigned j = 0; j < COLS; j++) {
#pragma unroll
                for (unsigned r = 0; r < 4; r += 2) {
                    unsigned row = part_of_depth() * BM + row0() + 16 * i + group + r / 2 * 8;
                    Two pair = {{sum[i][j][r], sum[i][j][r + 1]}};
                    *(Two*) (tile + (row * STRIDE + col0() + 8 * j + 2 * member)) = pair;
                }
            }
        }
    }
};
#endif

template <unsigned BM_, unsigned BN_, unsigned DEPTH_, unsigned STAGES_, unsigned TM, unsigned TN, unsigned LM>
struct ExactTile {
    static const unsigned BM = BM_;
    static const unsigned BN = BN_;
    static const unsigned DEPTH = DEPTH_;
    static const unsigned STAGES = STAGES_;
    static const unsigned BLOCK_THREADS = (BM / TM) * (BN / TN);
    // The sums of exact arithmetic cannot be split.
    static const bool SPLITS = false;
    template <class A, class B, bool A_K, bool B_K>
    using Products = FmaChains<BM, BN, TM, TN, LM, A, B, A_K, B_K>;
};

#if TENSOR_PARTS != 0
template <unsigned BM_, unsigned BN_, unsigned DEPTH_, unsigned STAGES_, unsigned WM, unsigned WN, unsigned WK,
        unsigned PARTS>
struct TensorTile {
    static const unsigned BM = BM_;
    static const unsigned BN = BN_;
    static const unsigned DEPTH = DEPTH_;
    static const unsigned STAGES = STAGES_;
    static const unsigned BLOCK_THREADS = WM * WN * WK * WARP;
    static const bool SPLITS = true;
    template <class A, class B, bool A_K, bool B_K>
    using Products = Fragments<BM, BN, WM, WN, WK, PARTS, A, B, A_K, B_K>;
};
#endif

// The first element of a block's tile in a result with n columns.
template <class Tile>
struct Corner {
    unsigned row;
    unsigned col;

    __device__ __forceinline__ Corner(unsigned block, unsigned n) {
        unsigned across = (n + Tile::BN - 1) / Tile::BN;
        row = block / across * Tile::BM;
        col = block % across * Tile::BN;
    }
};

// One tile of a GEMM. Epilogue::load(i, j) loads its operands for four consecutive elements of a row of C, and
// Epilogue::store(i, j, sums, loaded) stores the result; some of the four may be out of bounds. The tile goes through
// shared memory, so that the epilogue accesses memory along rows. In small tiles, which are latency-bound, the loads are
// issued before the GEMM.
template <class Tile, bool A_K, bool B_K, class A, class B, class Epilogue>
static __device__ __forceinline__ void multiply_panels(
        A& a, B& b, unsigned depth, Corner<Tile> corner, const Epilogue& epilogue) {
    extern __shared__ Four dynamic_shared[];
    float* shared = (float*) dynamic_shared;
    const unsigned size = A::SIZE + B::SIZE;
    const unsigned ahead = Tile::STAGES - 1;
    const unsigned quads = Tile::BM * Tile::BN / 4;
    const unsigned share = (quads + Tile::BLOCK_THREADS - 1) / Tile::BLOCK_THREADS;
    const unsigned at_once = share < 4 ? share : 4;
    typename Epilogue::Loaded loaded[at_once];
    auto load = [&](unsigned first) {
#pragma unroll
        for (unsigned c = 0; c < at_once; c++) {
            unsigned quad = first + c * Tile::BLOCK_THREADS;
            if (quad < quads) {
                loaded[c] = epilogue.load(corner.row + quad / (Tile::BN / 4), corner.col + quad % (Tile::BN / 4) * 4);
            }
        }
    };

    using Products = typename Tile::template Products<A, B, A_K, B_K>;
    Products products;
    unsigned panels = (depth + Tile::DEPTH - 1) / Tile::DEPTH;
    // Stages of the panel that is multiplied, of the one that is copied, and of the one before that.
    unsigned full = 0;
    unsigned empty = ahead;
    unsigned unfinished = ahead - 1;
    // If all panels fit, all are copied at once.
    bool all = panels <= Tile::STAGES;
#pragma unroll A::PANELS_IN_FLIGHT
    for (unsigned p = 0; p < Tile::STAGES; p++) {
        if (p < panels && (p < ahead || all)) {
            float* stage = shared + p * size;
            b.fetch(stage + A::SIZE, p * Tile::DEPTH);
            if (p == 0) {
                a.prepare();
            }
            a.fetch(stage, p * Tile::DEPTH);
            if (p > 0) {
                a.finish_older(stage - size);
            }
        }
        if (p + 1 != ahead) {
            commit_copies();
        }
    }
    if (all && panels > 0) {
        a.finish_newer(shared + (panels - 1) * size);
    }
    if (share <= 4) {
        load(threadIdx.x);
    }
    for (unsigned p = 0; p < panels; p++) {
        wait_for_copies<ahead - 1>();
        __syncthreads();
        bool more = !all && p + ahead < panels;
        float* next = shared + empty * size;
        if (more) {
            b.fetch(next + A::SIZE, (p + ahead) * Tile::DEPTH);
            a.fetch(next, (p + ahead) * Tile::DEPTH);
        }
        commit_copies();
        const float* stage = shared + full * size;
        unsigned left = depth - p * Tile::DEPTH;
        products.template multiply<Tile::DEPTH>(stage, stage + A::SIZE, left < Tile::DEPTH ? left : Tile::DEPTH);
        if (more) {
            a.finish_older(shared + unfinished * size);
        } else if (!all && p + ahead == panels) {
            a.finish_newer(shared + unfinished * size);
        }
        full = full + 1 == Tile::STAGES ? 0 : full + 1;
        unfinished = empty;
        empty = empty + 1 == Tile::STAGES ? 0 : empty + 1;
    }

    __syncthreads();
    products.store(shared);
    __syncthreads();
#pragma unroll 1
    for (unsigned first = threadIdx.x; first < quads; first += at_once * Tile::BLOCK_THREADS) {
        if (share > 4) {
            load(first);
        }
#pragma unroll
        for (unsigned c = 0; c < at_once; c++) {
            unsigned quad = first + c * Tile::BLOCK_THREADS;
            if (quad >= quads) {
                break;
            }
            unsigned i = quad / (Tile::BN / 4);
            unsigned j = quad % (Tile::BN / 4) * 4;
            Four sums = *(const Four*) (shared + i * Products::STRIDE + j);
            for (unsigned part = 1; part < Products::SPLIT_K; part++) {
                Four more = *(const Four*) (shared + (part * Tile::BM + i) * Products::STRIDE + j);
#pragma unroll
                for (unsigned q = 0; q < 4; q++) {
                    sums.v[q] += more.v[q];
                }
            }
            epilogue.store(corner.row + i, corner.col + j, sums, loaded[c]);
        }
    }
}

// C = α sum + β C; C is not read if β is 0.
struct ScaledResult {
    unsigned m;
    unsigned n;
    float alpha;
    float beta;
    float* c;

    using Loaded = Four;

    __device__ __forceinline__ Four load(unsigned i, unsigned j) const {
        Four none = {{0.0f, 0.0f, 0.0f, 0.0f}};
        return beta == 0.0f || i >= m || j >= n ? none : load_four(c + i * n + j, n - j);
    }

    __device__ __forceinline__ void store(unsigned i, unsigned j, Four sums, Four before) const {
        if (i >= m || j >= n) {
            return;
        }
#pragma unroll
        for (unsigned q = 0; q < 4; q++) {
            float product = alpha * sums.v[q];
            sums.v[q] = beta == 0.0f ? product : __fmaf_rn(beta, before.v[q], product);
        }
        store_four(c + i * n + j, n - j, sums);
    }
};

template <class Tile, bool A_K, bool B_K>
static __device__ __forceinline__ void gemm(
        unsigned m, unsigned n, unsigned depth, float alpha, const float* a, const float* b, float beta, float* c) {
    ScaledResult result = {m, n, alpha, beta, c};
    Corner<Tile> corner(blockIdx.x, n);
    Panel<Tile::BM, Tile::DEPTH, Tile::BLOCK_THREADS, A_K> left(a, m, depth, corner.row);
    Panel<Tile::BN, Tile::DEPTH, Tile::BLOCK_THREADS, B_K> right(b, n, depth, corner.col);
    multiply_panels<Tile, A_K, B_K>(left, right, depth, corner, result);
}

// Suffix per operand: n not transposed, t transposed.
#define GEMM(NAME, TILE, A_K, B_K) \
    extern "C" __global__ void __launch_bounds__(TILE::BLOCK_THREADS) NAME( \
            unsigned m, unsigned n, unsigned depth, float alpha, const float* a, const float* b, float beta, float* c) { \
        gemm<TILE, A_K, B_K>(m, n, depth, alpha, a, b, beta, c); \
    }

using ExactSmall = ExactTile<16, 32, 64, 3, 2, 2, 8>;
using ExactLarge = ExactTile<64, 64, 32, 3, 8, 4, 8>;

GEMM(gemm_nn_small, ExactSmall, true, false)
GEMM(gemm_nt_small, ExactSmall, true, true)
GEMM(gemm_tn_small, ExactSmall, false, false)
GEMM(gemm_tt_small, ExactSmall, false, true)
#if TENSOR_PARTS == 0
GEMM(gemm_nn_large, ExactLarge, true, false)
GEMM(gemm_nt_large, ExactLarge, true, true)
GEMM(gemm_tn_large, ExactLarge, false, false)
GEMM(gemm_tt_large, ExactLarge, false, true)
#endif

// ---- a training step in few kernels
//
// They fuse adjacent kernels of a step and compute the same operations in the same order as the kernels above, but for the
// sums of products in fast mode.
// TrainingStep.java decides when they apply.

// Epilogue of a layer: y = activation(sum + bias), mask, dropped = y · mask.
struct LayerOutput {
    unsigned m;
    unsigned n;
    const float* bias;
    int activation;
    float* y;
    float* mask;
    float* dropped;
    Dropout dropout;

    using Loaded = Four;

    __device__ __forceinline__ Four load(unsigned, unsigned j) const {
        Four none = {{0.0f, 0.0f, 0.0f, 0.0f}};
        return bias == 0 || j >= n ? none : load_four(bias + j, n - j);
    }

    __device__ __forceinline__ void store(unsigned i, unsigned j, Four sums, Four offset) const {
        if (i >= m || j >= n) {
            return;
        }
        unsigned e = i * n + j;
        unsigned count = n - j;
        Four value;
#pragma unroll
        for (unsigned q = 0; q < 4; q++) {
            value.v[q] = bias == 0 ? sums.v[q] : sums.v[q] + offset.v[q];
        }
        activate_all(activation, value.v);
        store_four(y + e, count, value);
        if (mask != 0) {
            Four factors = draw_four(dropout, dropout.per_batch ? j : e);
#pragma unroll
            for (unsigned q = 0; q < 4; q++) {
                value.v[q] = value.v[q] * factors.v[q];
            }
            store_four(mask + e, count, factors);
            store_four(dropped + e, count, value);
        }
    }
};

#define LAYER_PARAMETERS \
    unsigned m, unsigned n, unsigned depth, const float* w, const float* bias, int activation, float* y, \
    DROPOUT_PARAMETERS, float* mask, float* dropped
// The clock is null without dropout.
#define LAYER_OUTPUT_OF_PARAMETERS \
    {m, n, bias, activation, y, mask, dropped, \
        {key0, key1, layer, threshold, scale, per_batch, mask == 0 ? 0u : (unsigned) clock[TOTAL]}}

template <class Tile>
static __device__ __forceinline__ void layer_forward(const float* x, LAYER_PARAMETERS) {
    LayerOutput output = LAYER_OUTPUT_OF_PARAMETERS;
    Corner<Tile> corner(blockIdx.x, n);
    Panel<Tile::BM, Tile::DEPTH, Tile::BLOCK_THREADS, true> a(x, m, depth, corner.row);
    Panel<Tile::BN, Tile::DEPTH, Tile::BLOCK_THREADS, false> b(w, n, depth, corner.col);
    multiply_panels<Tile, true, false>(a, b, depth, corner, output);
}

// The first layer, fused with the gather of its input.
template <class Tile>
static __device__ __forceinline__ void first_layer_forward(
        const unsigned char* images, const int* order, const int* position, float pixel_scale, float pixel_shift,
        float* x, LAYER_PARAMETERS) {
    LayerOutput output = LAYER_OUTPUT_OF_PARAMETERS;
    Corner<Tile> corner(blockIdx.x, n);
    GatheredPanel<Tile::BM, Tile::DEPTH, Tile::BLOCK_THREADS> a(
            images, order, (unsigned) *position, m, depth, corner.row, pixel_scale, pixel_shift,
            corner.col == 0 ? x : 0);
    Panel<Tile::BN, Tile::DEPTH, Tile::BLOCK_THREADS, false> b(w, n, depth, corner.col);
    multiply_panels<Tile, true, false>(a, b, depth, corner, output);
}

// Epilogue of the GEMM with Wᵀ: dz of the layer below = (sum · mask) activation'(z).
struct LayerGradient {
    unsigned m;
    unsigned n;
    int activation;
    const float* y;
    const float* mask;
    float* dz;

    struct Loaded {
        Four mask;
        Four y;
    };

    __device__ __forceinline__ Loaded load(unsigned i, unsigned j) const {
        Loaded loaded = {};
        if (i < m && j < n) {
            unsigned e = i * n + j;
            if (mask != 0) {
                loaded.mask = load_four(mask + e, n - j);
            }
            if (activation != IDENTITY) {
                loaded.y = load_four(y + e, n - j);
            }
        }
        return loaded;
    }

    __device__ __forceinline__ void store(unsigned i, unsigned j, Four gradient, const Loaded& loaded) const {
        if (i >= m || j >= n) {
            return;
        }
#pragma unroll
        for (unsigned q = 0; q < 4; q++) {
            if (mask != 0) {
                gradient.v[q] = gradient.v[q] * loaded.mask.v[q];
            }
            if (activation != IDENTITY) {
                gradient.v[q] = activation_gradient(activation, loaded.y.v[q], gradient.v[q]);
            }
        }
        store_four(dz + i * n + j, n - j, gradient);
    }
};

// dy is [m, depth], W [n, depth].
template <class Tile>
static __device__ __forceinline__ void layer_backward(
        unsigned m, unsigned n, unsigned depth, const float* dy, const float* w, int activation, const float* y,
        const float* mask, float* dz) {
    LayerGradient gradient = {m, n, activation, y, mask, dz};
    Corner<Tile> corner(blockIdx.x, n);
    Panel<Tile::BM, Tile::DEPTH, Tile::BLOCK_THREADS, true> a(dy, m, depth, corner.row);
    Panel<Tile::BN, Tile::DEPTH, Tile::BLOCK_THREADS, true> b(w, n, depth, corner.col);
    multiply_panels<Tile, true, true>(a, b, depth, corner, gradient);
}

// The gradients of all weights, fused with the optimiser: the blocks of the grid are split among tasks and spans. Where the
// tiles are fewer than the blocks that a GPU holds, the batch is split as well: adjacent blocks sum parts of it, and the
// last one to finish adds their partial tiles.
#define MAX_TASKS 8
#define MAX_SPANS 18

// dW = xᵀ dz [in, out] in the blocks below `tiles_end`; db = Σ dz over the batch in those below `sums_end`.
struct WeightTask {
    const float* x;
    const float* dz;
    float* dw;
    float* dbias;
    unsigned in;
    unsigned out;
    unsigned tiles_end;
    unsigned sums_end;
};

// Parameters whose gradients are already computed.
struct Span {
    unsigned begin;
    unsigned end;
    unsigned blocks_end;
};

struct WeightWork {
    WeightTask task[MAX_TASKS];
    Span span[MAX_SPANS];
    unsigned tasks;
    unsigned spans;
    unsigned batch;
    unsigned step;
    int* clock;
    // Blocks that share the sum of a tile, and the rows of the batch that each but the last sums; room for the tile of each,
    // and how many blocks of each tile have finished, zero before and after.
    unsigned parts;
    unsigned rows_of_part;
    float* partials;
    unsigned* finished;
};

// Epilogue of a weight gradient: the optimiser step for the parameters at `offset` of the block.
struct WeightStep {
    unsigned in;
    unsigned out;
    float* dw;
    const Update& update;
    const Rates& rates;
    unsigned offset;

    using Loaded = Parameters;

    __device__ __forceinline__ Parameters load(unsigned i, unsigned j) const {
        Parameters none = {};
        bool inside = i < in && j < out && update.kind != NO_UPDATE;
        return inside ? load_parameters(update, offset + i * out + j, out - j) : none;
    }

    __device__ __forceinline__ void store(unsigned i, unsigned j, Four gradient, const Parameters& before) const {
        if (i < in && j < out) {
            unsigned e = i * out + j;
            store_four(dw + e, out - j, gradient);
            if (update.kind != NO_UPDATE) {
                update_four(update, rates, offset + e, out - j, gradient, before);
            }
        }
    }
};

// Epilogue of a part of a sum: the partial tile, row by row.
template <class Tile>
struct PartialTile {
    float* tile;
    Corner<Tile> corner;

    struct Loaded {};

    __device__ __forceinline__ Loaded load(unsigned, unsigned) const { return {}; }

    __device__ __forceinline__ void store(unsigned i, unsigned j, Four sums, Loaded) const {
        *(Four*) (tile + (i - corner.row) * Tile::BN + (j - corner.col)) = sums;
    }
};

// Adds the partial tiles in order, for the epilogue. Loads are grouped, since each waits for global memory.
template <class Tile, class Epilogue>
static __device__ __forceinline__ void add_partial_tiles(
        const float* partials, unsigned parts, Corner<Tile> corner, const Epilogue& epilogue) {
    const unsigned at_once = 4;
    const unsigned quads = Tile::BM * Tile::BN / 4;
    static_assert(quads % (at_once * Tile::BLOCK_THREADS) == 0, "each thread adds as much as every other");
    for (unsigned first = threadIdx.x; first < quads; first += at_once * Tile::BLOCK_THREADS) {
        typename Epilogue::Loaded loaded[at_once];
        Four sums[at_once] = {};
#pragma unroll
        for (unsigned c = 0; c < at_once; c++) {
            unsigned quad = first + c * Tile::BLOCK_THREADS;
            loaded[c] = epilogue.load(corner.row + quad / (Tile::BN / 4), corner.col + quad % (Tile::BN / 4) * 4);
        }
        for (unsigned part = 0; part < parts; part++) {
            const Four* tile = (const Four*) (partials + part * (Tile::BM * Tile::BN));
#pragma unroll
            for (unsigned c = 0; c < at_once; c++) {
                Four more = tile[first + c * Tile::BLOCK_THREADS];
#pragma unroll
                for (unsigned q = 0; q < 4; q++) {
                    sums[c].v[q] += more.v[q];
                }
            }
        }
#pragma unroll
        for (unsigned c = 0; c < at_once; c++) {
            unsigned quad = first + c * Tile::BLOCK_THREADS;
            epilogue.store(
                    corner.row + quad / (Tile::BN / 4), corner.col + quad % (Tile::BN / 4) * 4, sums[c], loaded[c]);
        }
    }
}

// Whether all other blocks of the tile have finished; what they stored can be read then. The barriers order the threads of
// a block before and behind the fences of the first.
static __device__ __forceinline__ bool is_last_part(unsigned* finished, unsigned parts) {
    __shared__ bool last;
    __syncthreads();
    if (threadIdx.x == 0) {
        __threadfence();
        last = atomicAdd(finished, 1u) == parts - 1;
        __threadfence();
        if (last) {
            *finished = 0;
        }
    }
    __syncthreads();
    return last;
}

// `block` counts within the task, `number` among the tile blocks of all tasks.
template <class Tile>
static __device__ __forceinline__ void weight_tile(
        const WeightWork& work, const WeightTask& task, unsigned block, unsigned number, const Update& update,
        const Rates& rates) {
    unsigned parts = Tile::SPLITS ? work.parts : 1;
    unsigned part = block % parts;
    unsigned begin = part * work.rows_of_part;
    unsigned count = part + 1 < parts ? work.rows_of_part : work.batch - begin;
    Corner<Tile> corner(block / parts, task.out);
    Panel<Tile::BM, Tile::DEPTH, Tile::BLOCK_THREADS, false> a(task.x + begin * task.in, task.in, count, corner.row);
    Panel<Tile::BN, Tile::DEPTH, Tile::BLOCK_THREADS, false> b(task.dz + begin * task.out, task.out, count, corner.col);
    WeightStep step = {task.in, task.out, task.dw, update, rates,
            update.kind == NO_UPDATE ? 0 : (unsigned) (task.dw - update.g)};
    if constexpr (Tile::SPLITS) {
        if (parts > 1) {
            PartialTile<Tile> partial = {work.partials + number * (Tile::BM * Tile::BN), corner};
            multiply_panels<Tile, false, false>(a, b, count, corner, partial);
            if (is_last_part(work.finished + number / parts, parts)) {
                add_partial_tiles<Tile>(
                        work.partials + (number - part) * (Tile::BM * Tile::BN), parts, corner, step);
            }
            return;
        }
    }
    multiply_panels<Tile, false, false>(a, b, count, corner, step);
}

template <unsigned BLOCK_THREADS>
static __device__ __forceinline__ void bias_sums(
        const WeightTask& task, unsigned batch, unsigned block, const Update& update, const Rates& rates) {
    unsigned j = block * COLUMNS + threadIdx.x % COLUMNS;
    float sum[1];
    fold_columns<Sum, COLUMNS, BLOCK_THREADS / COLUMNS>(batch, sum, [&](unsigned i, float (&v)[1]) {
        v[0] = j < task.out ? task.dz[i * task.out + j] : 0.0f;
    });
    if (threadIdx.x < COLUMNS && j < task.out) {
        task.dbias[j] = sum[0];
        if (update.kind != NO_UPDATE) {
            update_one(update, rates, (unsigned) (task.dbias + j - update.g), sum[0]);
        }
    }
}

template <class Tile>
static __device__ __forceinline__ void weight_gradients(const WeightWork& work, const Update& update) {
    Rates rates = rates_of(update);
    unsigned begin = 0;
    unsigned tiles = 0;
    for (unsigned t = 0; t < work.tasks; t++) {
        const WeightTask& task = work.task[t];
        if (blockIdx.x < task.tiles_end) {
            weight_tile<Tile>(work, task, blockIdx.x - begin, tiles + blockIdx.x - begin, update, rates);
            return;
        }
        tiles += task.tiles_end - begin;
        if (blockIdx.x < task.sums_end) {
            bias_sums<Tile::BLOCK_THREADS>(task, work.batch, blockIdx.x - task.tiles_end, update, rates);
            return;
        }
        begin = task.sums_end;
    }
    for (unsigned s = 0; s < work.spans; s++) {
        const Span& span = work.span[s];
        if (blockIdx.x < span.blocks_end) {
            unsigned e = span.begin + ((blockIdx.x - begin) * Tile::BLOCK_THREADS + threadIdx.x) * 4;
            if (e < span.end) {
                unsigned count = span.end - e;
                update_four(update, rates, e, count, load_four(update.g + e, count), load_parameters(update, e, count));
            }
            return;
        }
        begin = span.blocks_end;
    }
    // The last block advances the clock; no other block of this kernel reads it.
    if (work.clock != 0 && threadIdx.x == 0) {
        work.clock[STEP] += 1;
        work.clock[BATCH] += (int) work.step;
        work.clock[TOTAL] += 1;
    }
}

// The kernels of a tile, with the name suffix of Tile.java.
#define STEP_KERNELS(NAME, TILE) \
    extern "C" __global__ void __launch_bounds__(TILE::BLOCK_THREADS) layer_forward_##NAME( \
            const float* x, LAYER_PARAMETERS) { \
        layer_forward<TILE>(x, m, n, depth, w, bias, activation, y, key0, key1, layer, threshold, scale, per_batch, \
                clock, mask, dropped); \
    } \
    extern "C" __global__ void __launch_bounds__(TILE::BLOCK_THREADS) first_layer_forward_##NAME( \
            const unsigned char* images, const int* order, const int* position, float pixel_scale, float pixel_shift, \
            float* x, LAYER_PARAMETERS) { \
        first_layer_forward<TILE>(images, order, position, pixel_scale, pixel_shift, x, m, n, depth, w, bias, \
                activation, y, key0, key1, layer, threshold, scale, per_batch, clock, mask, dropped); \
    } \
    extern "C" __global__ void __launch_bounds__(TILE::BLOCK_THREADS) layer_backward_##NAME( \
            unsigned m, unsigned n, unsigned depth, const float* dy, const float* w, int activation, const float* y, \
            const float* mask, float* dz) { \
        layer_backward<TILE>(m, n, depth, dy, w, activation, y, mask, dz); \
    }
#define WEIGHT_KERNEL(NAME, TILE, ...) \
    extern "C" __global__ void __launch_bounds__(__VA_ARGS__) weight_gradients_##NAME( \
            WeightWork work, Update update) { \
        weight_gradients<TILE>(work, update); \
    }

// The tiles of Tile.java. TENSOR_PARTS is 0 for exact arithmetic, 3 or 1 for tensor cores, which support TF32 from sm_80.
#if TENSOR_PARTS == 0
using Small = ExactSmall;
using Middle = ExactTile<32, 64, 32, 4, 4, 4, 8>;
using Large = ExactLarge;
using LargeWeights = ExactLarge;
#else
using Small = TensorTile<16, 32, 128, 3, 1, 1, 8, TENSOR_PARTS>;
using Sevens = TensorTile<16, 32, 112, 3, 1, 1, 7, TENSOR_PARTS>;
using Middle = TensorTile<32, 64, 64, 3, 1, 2, 4, TENSOR_PARTS>;
using Large = TensorTile<128, 64, 32, 3, 2, 2, 1, TENSOR_PARTS>;
using LargeWeights = TensorTile<64, 64, 32, 3, 2, 2, 1, TENSOR_PARTS>;
#endif
// Tensor cores do not pay for the short sums of a small batch.
using SmallWeights = ExactTile<32, 64, 32, 3, 4, 4, 8>;
STEP_KERNELS(small, Small)
STEP_KERNELS(middle, Middle)
STEP_KERNELS(large, Large)
WEIGHT_KERNEL(small, SmallWeights, SmallWeights::BLOCK_THREADS)
WEIGHT_KERNEL(large, LargeWeights, LargeWeights::BLOCK_THREADS, 4)
WEIGHT_KERNEL(narrow, ExactSmall, ExactSmall::BLOCK_THREADS)
#if TENSOR_PARTS != 0
STEP_KERNELS(sevens, Sevens)
STEP_KERNELS(narrow, ExactSmall)
#endif

// ---- the last layer of a classifier, with few columns

#define MAX_CLASSES 32u
#define ROWS_OF_LOSS 2u
#define WARPS_OF_LOSS 4u
#define DEPTH_OF_LOSS 512u
#define WEIGHTS_OF_LOSS (DEPTH_OF_LOSS * 16)

// Sum over the lanes in order: Reduction.SUM of a row with at most 32 elements. Lanes beyond it add +0, which changes no
// sum that begins at +0.
static __device__ __forceinline__ float sum_of_lanes(float* shared, float value, unsigned count) {
    unsigned own = threadIdx.x % WARP;
    shared[own] = own < count ? value : 0.0f;
    __syncwarp();
    float sum = 0.0f;
#pragma unroll
    for (unsigned first = 0; first < MAX_CLASSES; first += 4) {
        Four four = *(const Four*) (shared + first);
#pragma unroll
        for (unsigned q = 0; q < 4; q++) {
            sum += four.v[q];
        }
    }
    __syncwarp();
    return sum;
}

// logits = x W + b, targets (gathered if necessary), loss and gradient as in softmax_cross_entropy. One warp per row, one
// lane per class. In exact mode each logit is one chain of fma; in fast mode all warps share the depth, and the lanes of a
// warp that have no class, too, each for all rows of the block.
extern "C" __global__ void __launch_bounds__(WARPS_OF_LOSS * WARP) last_layer_loss(
        unsigned rows, unsigned depth, unsigned classes, const float* x, const float* w, const float* bias,
        float* logits, const void* labels, int label_bytes, const int* order, const int* position, float target_scale,
        float target_shift, float* targets, float* losses, float* dlogits) {
    alignas(16) __shared__ float weights[WEIGHTS_OF_LOSS];
    alignas(16) __shared__ float inputs[ROWS_OF_LOSS][DEPTH_OF_LOSS];
    alignas(16) __shared__ float row[ROWS_OF_LOSS][WARP];
    const bool shares_depth = TENSOR_PARTS != 0;
    const unsigned rows_of_lane = shares_depth ? ROWS_OF_LOSS : 1;
    const unsigned threads = WARPS_OF_LOSS * WARP;
    static_assert(DEPTH_OF_LOSS <= 4 * threads, "a thread copies at most four elements of a row");
    unsigned warp = threadIdx.x / WARP;
    unsigned lane = threadIdx.x % WARP;
    unsigned first = blockIdx.x * ROWS_OF_LOSS;
    unsigned i = first + warp;
    bool inside = warp < ROWS_OF_LOSS && i < rows && lane < classes;
    unsigned e = i * classes + lane;
    unsigned groups = shares_depth ? WARP / classes : 1;
    unsigned parts = shares_depth ? WARPS_OF_LOSS * groups : 1;
    unsigned group = lane / classes;
    unsigned column = lane - group * classes;
    unsigned part = shares_depth ? warp * groups + group : 0;
    bool multiplies = group < groups && (shares_depth || warp < ROWS_OF_LOSS);
    unsigned most = WEIGHTS_OF_LOSS / classes / 4 * 4;
    most = most < DEPTH_OF_LOSS ? most : DEPTH_OF_LOSS;
    float sums[rows_of_lane] = {};
    float shift = 0.0f;
    unsigned target_bits = 0;
    for (unsigned k0 = 0; k0 < depth; k0 += most) {
        unsigned count = depth - k0 < most ? depth - k0 : most;
        const float* from = w + k0 * classes;
        bool wide = is_aligned(from) && is_aligned(x + k0) && depth % 4 == 0 && count % 4 == 0;
        if (wide) {
#pragma unroll 4
            for (unsigned c = 4 * threadIdx.x; c < count * classes; c += 4 * threads) {
                copy_async<16>(weights + c, from + c, true);
            }
#pragma unroll
            for (unsigned r = 0; r < ROWS_OF_LOSS; r++) {
                if (4 * threadIdx.x < count) {
                    copy_async<16>(inputs[r] + 4 * threadIdx.x, x + ((first + r) * depth + k0 + 4 * threadIdx.x),
                            first + r < rows);
                }
            }
        } else {
#pragma unroll 1
            for (unsigned c = threadIdx.x; c < count * classes; c += threads) {
                copy_async<4>(weights + c, from + c, true);
            }
#pragma unroll 1
            for (unsigned k = threadIdx.x; k < count; k += threads) {
                for (unsigned r = 0; r < ROWS_OF_LOSS; r++) {
                    copy_async<4>(inputs[r] + k, x + ((first + r) * depth + k0 + k), first + r < rows);
                }
            }
        }
        commit_copies();
        // On their way while the products are summed. The address of a target takes two loads.
        if (k0 == 0 && inside) {
            shift = bias == 0 ? 0.0f : bias[lane];
            target_bits = labels == 0
                    ? __float_as_uint(targets[e])
                    : gathered_bits(labels, label_bytes, order, (unsigned) *position, i, lane, classes);
        }
        wait_for_copies<0>();
        __syncthreads();
        if (multiplies) {
            const float* input = inputs[shares_depth ? 0 : warp];
            // In bytes, so that each step is one addition.
            unsigned stride = sizeof(float) * classes;
            unsigned at = 4 * part * stride + sizeof(float) * column;
            unsigned k = 4 * part;
            auto multiply_four = [&]() {
                Four four[rows_of_lane];
#pragma unroll
                for (unsigned r = 0; r < rows_of_lane; r++) {
                    four[r] = *(const Four*) (input + (r * DEPTH_OF_LOSS + k));
                }
#pragma unroll
                for (unsigned q = 0; q < 4; q++) {
                    float weight = *(const float*) ((const char*) weights + at);
#pragma unroll
                    for (unsigned r = 0; r < rows_of_lane; r++) {
                        sums[r] = __fmaf_rn(four[r].v[q], weight, sums[r]);
                    }
                    at += stride;
                }
                at += 4 * (parts - 1) * stride;
                k += 4 * parts;
            };
            // Without a check between them, so that loads are issued ahead.
            while (k + 12 * parts + 4 <= count) {
                multiply_four();
                multiply_four();
                multiply_four();
                multiply_four();
            }
#pragma unroll 1
            while (k + 4 <= count) {
                multiply_four();
            }
#pragma unroll 1
            for (k = count / 4 * 4; part == 0 && k < count; k++) {
#pragma unroll
                for (unsigned r = 0; r < rows_of_lane; r++) {
                    sums[r] = __fmaf_rn(input[r * DEPTH_OF_LOSS + k], weights[k * classes + column], sums[r]);
                }
            }
        }
        __syncthreads();
    }
    float sum = sums[0];
    if (shares_depth) {
        // The inputs are no longer needed.
        if (multiplies) {
#pragma unroll
            for (unsigned r = 0; r < rows_of_lane; r++) {
                inputs[r][part * classes + column] = sums[r];
            }
        }
        __syncthreads();
        float own = 0.0f;
#pragma unroll
        for (unsigned p = 0; p < WARPS_OF_LOSS; p++) {
            own += group < groups && warp < ROWS_OF_LOSS ? inputs[warp][p * groups * classes + lane] : 0.0f;
        }
        sum = own;
#pragma unroll 2
        for (unsigned g = 1; g < groups; g++) {
            sum += __shfl_sync(ALL_LANES, own, (lane + g * classes) % WARP);
        }
    }
    if (warp >= ROWS_OF_LOSS || i >= rows) {
        return;
    }
    float target = labels == 0 ? __uint_as_float(target_bits)
                               : scaled(target_bits, label_bytes, target_scale, target_shift);
    if (inside && labels != 0) {
        targets[e] = target;
    }
    float logit = inside ? (bias == 0 ? sum : sum + shift) : -INFINITE;
    float greatest = logit;
#pragma unroll
    for (unsigned distance = WARP / 2; distance > 0; distance /= 2) {
        greatest = greater(greatest, __shfl_sync(ALL_LANES, greatest, lane ^ distance));
    }
    float z = logit - greatest;
    float exponential = exact_exp(z);
    float total = sum_of_lanes(row[warp], exponential, classes);
    float loss = sum_of_lanes(row[warp], (z - exact_log(total)) * target, classes);
    if (lane == 0) {
        losses[i] = -1.0f * loss;
    }
    if (inside) {
        logits[e] = logit;
        dlogits[e] = __fdiv_rn(__fdiv_rn(exponential, total) - target, (float) rows);
    }
}

// Remaining outputs of the loss: its mean, the gradient of the last bias, and the rates of the step.
struct LossOutputs {
    const float* losses;
    const int* clock;
    float* history;
    float* dbias;
    const float* rate_table;
    float* rates;
    unsigned rate_count;
};

// The layer below the last one, for the backward pass: none (dz == 0), dense, or batch normalisation.
struct LayerBelow {
    int activation;
    const float* y;
    const float* mask;
    float* dz;
    float* dbias;
    const float* x;
    const float* gamma;
    const float* mean;
    const float* inverse;
    float* dgamma;
    float* dbeta;
};

#define ROWS_PER_PASS 128u
#define SUMS_PER_PASS (ROWS_PER_PASS / SUM_BLOCK)
#define LAST_COLUMNS 4u
#define LAST_LANES (THREADS / LAST_COLUMNS)
// Row strides in shared memory that avoid bank conflicts.
#define PADDED (LAST_COLUMNS + 1)
#define CLASS_STRIDE (MAX_CLASSES + 1)

// Rows row0 .. row0 + count - 1 of the gradient of the logits.
static __device__ __forceinline__ void load_rows(
        float (&to)[ROWS_PER_PASS][CLASS_STRIDE], const float* dlogits, unsigned classes, unsigned row0, unsigned count) {
    const float* from = dlogits + row0 * classes;
#pragma unroll 4
    for (unsigned e = threadIdx.x; e < count * classes; e += THREADS) {
        to[e / classes][e % classes] = from[e];
    }
}

// Computed by one block: thread c < classes of each part sums a column of the gradient of the logits, thread MAX_CLASSES
// the losses.
static __device__ __forceinline__ void write_loss_outputs(
        const LossOutputs& outputs, const float* dlogits, unsigned rows, unsigned classes,
        float (&gradients)[ROWS_PER_PASS][CLASS_STRIDE], float* losses, float* parts) {
    unsigned step = (unsigned) outputs.clock[STEP];
    if (outputs.rate_table != 0 && threadIdx.x < outputs.rate_count) {
        outputs.rates[threadIdx.x] = __fmaf_rn(outputs.rate_table[step * outputs.rate_count + threadIdx.x], 1.0f, 0.0f);
    }
    const unsigned width = 2 * MAX_CLASSES;
    unsigned what = threadIdx.x % width;
    unsigned block = threadIdx.x / width;
    bool sums_column = what < classes;
    bool sums_losses = what == MAX_CLASSES;
    float total = 0.0f;
    for (unsigned row0 = 0; row0 < rows; row0 += ROWS_PER_PASS) {
        unsigned count = rows - row0 < ROWS_PER_PASS ? rows - row0 : ROWS_PER_PASS;
        load_rows(gradients, dlogits, classes, row0, count);
        for (unsigned i = threadIdx.x; i < count; i += THREADS) {
            losses[i] = outputs.losses[row0 + i];
        }
        __syncthreads();
        if (block < SUMS_PER_PASS && (sums_column || sums_losses)) {
            unsigned end = (block + 1) * SUM_BLOCK < count ? (block + 1) * SUM_BLOCK : count;
            float sum = 0.0f;
#pragma unroll 16
            for (unsigned i = block * SUM_BLOCK; i < end; i++) {
                sum += sums_losses ? losses[i] : gradients[i][what];
            }
            parts[block * width + what] = sum;
        }
        __syncthreads();
        if (sums_column || sums_losses) {
            for (unsigned b = 0; b * SUM_BLOCK < count; b++) {
                total += parts[b * width + what];
            }
        }
    }
    if (block == 0 && sums_losses) {
        outputs.history[step] = __fdiv_rn(total, (float) rows);
    }
    if (block == 0 && sums_column && outputs.dbias != 0) {
        outputs.dbias[what] = total;
    }
}

// Backward pass of the last layer and the layer below: dW = xᵀ dlogits, dx and the gradients below. A block processes
// LAST_COLUMNS columns of x, in passes of ROWS_PER_PASS rows; a thread computes one element of dW. One additional block
// writes the loss outputs.
extern "C" __global__ void __launch_bounds__(THREADS) last_layer_backward(
        unsigned rows, unsigned cols, unsigned classes, const float* dlogits, const float* x, const float* w, float* dw,
        LayerBelow below, LossOutputs outputs) {
    __shared__ float gradients[ROWS_PER_PASS][CLASS_STRIDE];
    __shared__ float weights[LAST_COLUMNS][CLASS_STRIDE];
    __shared__ float inputs[ROWS_PER_PASS][PADDED];
    __shared__ float first[ROWS_PER_PASS][PADDED];
    __shared__ float second[ROWS_PER_PASS][PADDED];
    __shared__ float parts[2 * MAX_CLASSES * SUMS_PER_PASS];
    if (blockIdx.x == gridDim.x - 1) {
        write_loss_outputs(outputs, dlogits, rows, classes, gradients, &inputs[0][0], parts);
        return;
    }
    const unsigned each = ROWS_PER_PASS / LAST_LANES;
    bool normalises = below.gamma != 0;
    bool goes_on = below.dz != 0;
    unsigned column = threadIdx.x % LAST_COLUMNS;
    unsigned lane = threadIdx.x / LAST_COLUMNS;
    unsigned j = blockIdx.x * LAST_COLUMNS + column;
    bool inside = j < cols;
    float center = normalises && inside ? below.mean[j] : 0.0f;
    float s = normalises && inside ? below.inverse[j] : 0.0f;
    for (unsigned c = lane; c < classes; c += LAST_LANES) {
        weights[column][c] = inside ? w[j * classes + c] : 0.0f;
    }
    float gradient_of_weight = 0.0f;
    float sums[2] = {0.0f, 0.0f};
    for (unsigned row0 = 0; row0 < rows; row0 += ROWS_PER_PASS) {
        unsigned count = rows - row0 < ROWS_PER_PASS ? rows - row0 : ROWS_PER_PASS;
        float y[each];
        float mask[each];
        float standard[each];
#pragma unroll
        for (unsigned r = 0; r < each; r++) {
            unsigned i = lane + r * LAST_LANES;
            unsigned e = (row0 + i) * cols + j;
            bool valid = inside && i < count;
            inputs[i][column] = valid ? x[e] : 0.0f;
            y[r] = valid && goes_on && below.activation != IDENTITY ? below.y[e] : 0.0f;
            mask[r] = valid && below.mask != 0 ? below.mask[e] : 0.0f;
            standard[r] = valid && normalises ? (below.x[e] - center) * s : 0.0f;
        }
        load_rows(gradients, dlogits, classes, row0, count);
        __syncthreads();
#pragma unroll
        for (unsigned r = 0; r < each; r++) {
            unsigned i = lane + r * LAST_LANES;
            if (goes_on && i < count) {
                float dz = 0.0f;
                for (unsigned c = 0; c < classes; c++) {
                    dz = __fmaf_rn(gradients[i][c], weights[column][c], dz);
                }
                dz = below.mask == 0 ? dz : dz * mask[r];
                dz = below.activation == IDENTITY ? dz : activation_gradient(below.activation, y[r], dz);
                first[i][column] = dz;
                second[i][column] = dz * standard[r];
                if (inside && (!normalises || rows > ROWS_PER_PASS)) {
                    below.dz[(row0 + i) * cols + j] = dz;
                }
            }
        }
        __syncthreads();
        // The first warps compute dW, the last ones the sums over rows.
        if (lane < classes) {
#pragma unroll 16
            for (unsigned i = 0; i < count; i++) {
                gradient_of_weight = __fmaf_rn(inputs[i][column], gradients[i][lane], gradient_of_weight);
            }
        }
        unsigned from_end = (THREADS - 1 - threadIdx.x) / LAST_COLUMNS;
        unsigned block = from_end % SUMS_PER_PASS;
        unsigned which = from_end / SUMS_PER_PASS;
        if (goes_on && which < 2) {
            const float(&values)[ROWS_PER_PASS][PADDED] = which == 0 ? first : second;
            float sum = 0.0f;
            unsigned end = (block + 1) * SUM_BLOCK < count ? (block + 1) * SUM_BLOCK : count;
#pragma unroll 16
            for (unsigned i = block * SUM_BLOCK; i < end; i++) {
                sum += values[i][column];
            }
            parts[(which * SUMS_PER_PASS + block) * LAST_COLUMNS + column] = sum;
        }
        __syncthreads();
        if (goes_on) {
            for (unsigned b = 0; b * SUM_BLOCK < count; b++) {
                sums[0] += parts[b * LAST_COLUMNS + column];
                sums[1] += parts[(SUMS_PER_PASS + b) * LAST_COLUMNS + column];
            }
        }
    }
    if (!inside) {
        return;
    }
    if (lane < classes) {
        dw[j * classes + lane] = gradient_of_weight;
    }
    if (!goes_on) {
        return;
    }
    if (!normalises) {
        if (lane == 0 && below.dbias != 0) {
            below.dbias[j] = sums[0];
        }
        return;
    }
    if (lane == 0) {
        below.dbeta[j] = sums[0];
        below.dgamma[j] = sums[1];
    }
    float mean_dz = __fdiv_rn(sums[0], (float) rows);
    float mean_product = __fdiv_rn(sums[1], (float) rows);
    float scale = below.gamma[j] * s;
#pragma unroll 4
    for (unsigned i = lane; i < rows; i += LAST_LANES) {
        unsigned e = (i * cols) + j;
        float standard = (below.x[e] - center) * s;
        float dz = rows <= ROWS_PER_PASS ? first[i][column] : below.dz[e];
        below.dz[e] = ((dz - mean_dz) - standard * mean_product) * scale;
    }
}
