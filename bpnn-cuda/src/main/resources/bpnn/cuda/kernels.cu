// The kernels of the backend "cuda", in the order of bpnn.spi.Kernels.
//
// They repeat, operation by operation, what bpnn.spi.Reference, Composed and ExactMath define, so that exact mode has
// the bits of every other exact backend. For that NVRTC compiles them with --fmad=false, fused multiply-adds are written
// out, divisions and roots are the correctly rounded ones, and every sum has the order of bpnn.spi.Reduction.SUM.
// Indices are unsigned, since a stride added to an index below 2^31 still fits.

// bpnn.spi.UnaryOp, BinaryOp, Activation and Reduction, numbered as in Codes.java.
enum Unary { COPY, EXP, LOG, SQRT, TANH, SIGMOID, RELU };
enum Binary { ADD, SUBTRACT, MULTIPLY, DIVIDE, GREATER, EQUAL };
enum Activation { IDENTITY, ACTIVATION_TANH, ACTIVATION_SIGMOID, ACTIVATION_RELU };
enum Fold { SUM, MAX };

// The elements of bpnn.spi.Clock.
enum Clock { STEP, BATCH, TOTAL };

// bpnn.random.Purpose.DROPOUT.
#define PURPOSE_DROPOUT 3u

// Elements that are summed in sequence before the partial sum is put aside: bpnn.spi.Reduction.BLOCK.
#define SUM_BLOCK 64u

#define THREADS 256u
#define WARP 32u
#define ALL_LANES 0xffffffffu

#define INFINITE __int_as_float(0x7f800000)
#define NOT_A_NUMBER __int_as_float(0x7fc00000)

// ---- functions of one and two numbers

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

// ExactMath.tanh: a polynomial below 0.625, (1 - exp(-2x)) / (1 + exp(-2x)) from there on.
static __device__ __forceinline__ float exact_tanh(float x) {
    float a = fabsf(x);
    float y;
    if (a < 0.625f) {
        float u = a * a;
        float p = __fmaf_rn(-0x1.76ac1cp-8f, u, 0x1.5256d8p-6f);
        p = __fmaf_rn(p, u, -0x1.b84448p-5f);
        p = __fmaf_rn(p, u, 0x1.110768p-3f);
        p = __fmaf_rn(p, u, -0x1.555534p-2f);
        y = __fmaf_rn(p * u, a, a);
    } else {
        float e = exact_exp(-2.0f * a);
        y = __fdiv_rn(1.0f - e, 1.0f + e);
    }
    return copysignf(y, x);
}

static __device__ __forceinline__ float exact_sigmoid(float x) {
    return __fdiv_rn(1.0f, 1.0f + exact_exp(-x));
}

// max(x, +0); NaN stays NaN.
static __device__ __forceinline__ float rectified(float x) {
    return x > 0.0f || x != x ? x : 0.0f;
}

// Java's Math.max: NaN if either is, and +0 is greater than -0.
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
        case RELU: return rectified(x);
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
        case ACTIVATION_RELU: return rectified(x);
        default: return x;
    }
}

// dy · activation'(x) in terms of y: tanh dy (1 - y²), sigmoid dy (y (1 - y)), relu dy [y > 0].
static __device__ __forceinline__ float through_activation(int activation, float y, float dy) {
    switch (activation) {
        case ACTIVATION_TANH: return dy * __fmaf_rn(-1.0f, y * y, 1.0f);
        case ACTIVATION_SIGMOID: return dy * (__fmaf_rn(-1.0f, y, 1.0f) * y);
        case ACTIVATION_RELU: return dy * (y > 0.0f ? 1.0f : 0.0f);
        default: return dy;
    }
}

// α x + β y; y is not used where β is 0.
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

// Folds `count` values for each of COLUMNS columns, N folds at a time. The block has COLUMNS · LANES threads; thread t
// works for column t % COLUMNS. value(i, v) gives the N values of element i of the thread's column. Each lane takes
// SUM_BLOCK elements in sequence; then every thread joins the lanes' results in sequence, so all hold the result.
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

// Columns that one block works on where a kernel folds over the rows: 32 bytes, what memory delivers at once.
#define COLUMNS 8u
#define LANES (THREADS / COLUMNS)

// The sum over the lanes of a warp's values in the order of the lanes, `count` of them, added to `sum`.
static __device__ __forceinline__ float add_lanes(float sum, float value, unsigned count) {
    for (unsigned lane = 0; lane < WARP && lane < count; lane++) {
        sum += __shfl_sync(ALL_LANES, value, lane);
    }
    return sum;
}

// Reduction.SUM over a row of n values by one warp; value(j) gives them.
template <class Value>
static __device__ __forceinline__ float sum_row(unsigned n, Value value) {
    unsigned lane = threadIdx.x % WARP;
    float total = 0.0f;
    float block = 0.0f;
    for (unsigned first = 0; first < n; first += WARP) {
        block = add_lanes(block, first + lane < n ? value(first + lane) : 0.0f, n - first);
        if ((first + WARP) % SUM_BLOCK == 0 || first + WARP >= n) {
            total += block;
            block = 0.0f;
        }
    }
    return total;
}

// The maximum of a row by one warp.
static __device__ __forceinline__ float maximum_of_row(const float* x, unsigned n) {
    float result = -INFINITE;
    for (unsigned j = threadIdx.x % WARP; j < n; j += WARP) {
        result = greater(result, x[j]);
    }
    for (unsigned distance = WARP / 2; distance > 0; distance /= 2) {
        result = greater(result, __shfl_sync(ALL_LANES, result, (threadIdx.x % WARP) ^ distance));
    }
    return result;
}

// ---- four elements at once

struct alignas(16) Four {
    float v[4];
};

static __device__ __forceinline__ bool is_aligned(const float* p) {
    return ((unsigned long long) p & 15) == 0;
}

// p[0 .. count), at most four, in one go where memory allows it.
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

// A dropout layer: bpnn.spi.DropoutSpec, and the clock that chooses the step.
struct Dropout {
    unsigned key0;
    unsigned key1;
    unsigned layer;
    unsigned threshold;
    float scale;
    int per_batch;
    unsigned step;
};

// The parameters of a kernel with dropout, and the layer that they make.
#define DROPOUT_PARAMETERS \
    unsigned key0, unsigned key1, unsigned layer, unsigned threshold, float scale, int per_batch, const int* clock
#define DROPOUT_OF_PARAMETERS {key0, key1, layer, threshold, scale, per_batch, (unsigned) clock[TOTAL]}

// What an element is multiplied with: 0 where its word is below the threshold, else the scale.
static __device__ __forceinline__ float factor(const Dropout& dropout, unsigned word) {
    return word < dropout.threshold ? 0.0f : dropout.scale;
}

static __device__ __forceinline__ Words words_of(const Dropout& dropout, unsigned block) {
    return philox(dropout.key0, dropout.key1, PURPOSE_DROPOUT, dropout.step, dropout.layer, block);
}

// The factors of four elements whose words are index .. index + 3.
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

// The factors of the elements e .. e + 3 of a matrix with `cols` columns; of the columns alone with a mask per batch.
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

// A tile of C = α op(A) op(B) + β C, BM by BN, by (BM / TM)(BN / TN) threads with TM by TN elements each. Each element is
// one chain of fused multiply-adds over k from +0. The next BK columns of op(A) and rows of op(B) are fetched while
// those in shared memory are multiplied. op(A)(i, k) is a[i * a_row + k * a_col], op(B)(k, j) is b[k * b_row + j * b_col].
template <unsigned BM, unsigned BN, unsigned BK, unsigned TM, unsigned TN>
static __device__ __forceinline__ void multiply_tile(
        unsigned m, unsigned n, unsigned depth,
        float alpha, const float* __restrict__ a, int trans_a, const float* __restrict__ b, int trans_b,
        float beta, float* __restrict__ c) {
    const unsigned threads = (BM / TM) * (BN / TN);
    const unsigned fetches_a = BM * BK / threads;
    const unsigned fetches_b = BK * BN / threads;
    // Elements that a thread owns side by side, so that it reads them from shared memory in one go.
    const unsigned vm = TM < 4 ? TM : 4;
    const unsigned vn = TN < 4 ? TN : 4;
    const unsigned pad = 4;
    alignas(16) __shared__ float tile_a[2][BK][BM + pad];
    alignas(16) __shared__ float tile_b[2][BK][BN + pad];
    unsigned t = threadIdx.x;
    unsigned tx = t % (BN / TN);
    unsigned ty = t / (BN / TN);
    unsigned across = (n + BN - 1) / BN;
    unsigned row0 = blockIdx.x / across * BM;
    unsigned col0 = blockIdx.x % across * BN;
    unsigned a_row = trans_a ? 1 : depth;
    unsigned a_col = trans_a ? m : 1;
    unsigned b_row = trans_b ? 1 : n;
    unsigned b_col = trans_b ? depth : 1;

    float fetched_a[fetches_a];
    float fetched_b[fetches_b];
    float sum[TM][TN];
#pragma unroll
    for (unsigned r = 0; r < TM; r++) {
#pragma unroll
        for (unsigned s = 0; s < TN; s++) {
            sum[r][s] = 0.0f;
        }
    }

    // Neighbouring threads fetch neighbouring elements of memory.
    auto place_a = [&](unsigned f, unsigned& i, unsigned& k) {
        unsigned e = t + f * threads;
        i = trans_a ? e % BM : e / BK;
        k = trans_a ? e / BM : e % BK;
    };
    auto place_b = [&](unsigned f, unsigned& k, unsigned& j) {
        unsigned e = t + f * threads;
        k = trans_b ? e % BK : e / BN;
        j = trans_b ? e / BK : e % BN;
    };
    auto fetch = [&](unsigned k0) {
#pragma unroll
        for (unsigned f = 0; f < fetches_a; f++) {
            unsigned i, k;
            place_a(f, i, k);
            bool inside = row0 + i < m && k0 + k < depth;
            fetched_a[f] = inside ? a[(row0 + i) * a_row + (k0 + k) * a_col] : 0.0f;
        }
#pragma unroll
        for (unsigned f = 0; f < fetches_b; f++) {
            unsigned k, j;
            place_b(f, k, j);
            bool inside = k0 + k < depth && col0 + j < n;
            fetched_b[f] = inside ? b[(k0 + k) * b_row + (col0 + j) * b_col] : 0.0f;
        }
    };
    auto store = [&](unsigned half) {
#pragma unroll
        for (unsigned f = 0; f < fetches_a; f++) {
            unsigned i, k;
            place_a(f, i, k);
            tile_a[half][k][i] = fetched_a[f];
        }
#pragma unroll
        for (unsigned f = 0; f < fetches_b; f++) {
            unsigned k, j;
            place_b(f, k, j);
            tile_b[half][k][j] = fetched_b[f];
        }
    };
    auto row_of = [&](unsigned r) { return (r / vm) * (BM / TM * vm) + ty * vm + r % vm; };
    auto col_of = [&](unsigned s) { return (s / vn) * (BN / TN * vn) + tx * vn + s % vn; };
    auto multiply = [&](unsigned half, unsigned k) {
        float left[TM];
        float right[TN];
#pragma unroll
        for (unsigned r = 0; r < TM; r++) {
            left[r] = tile_a[half][k][row_of(r)];
        }
#pragma unroll
        for (unsigned s = 0; s < TN; s++) {
            right[s] = tile_b[half][k][col_of(s)];
        }
#pragma unroll
        for (unsigned r = 0; r < TM; r++) {
#pragma unroll
            for (unsigned s = 0; s < TN; s++) {
                sum[r][s] = __fmaf_rn(left[r], right[s], sum[r][s]);
            }
        }
    };

    unsigned half = 0;
    fetch(0);
    store(half);
    __syncthreads();
    for (unsigned k0 = 0; k0 < depth; k0 += BK) {
        bool more = k0 + BK < depth;
        if (more) {
            fetch(k0 + BK);
        }
        if (k0 + BK <= depth) {
#pragma unroll
            for (unsigned k = 0; k < BK; k++) {
                multiply(half, k);
            }
        } else {
            // Zeros beyond the end must not be multiplied: -0 + 0 · 0 would lose its sign.
            for (unsigned k = 0; k < depth - k0; k++) {
                multiply(half, k);
            }
        }
        if (more) {
            half ^= 1;
            store(half);
        }
        __syncthreads();
    }

#pragma unroll
    for (unsigned r = 0; r < TM; r++) {
#pragma unroll
        for (unsigned s = 0; s < TN; s++) {
            unsigned i = row0 + row_of(r);
            unsigned j = col0 + col_of(s);
            if (i < m && j < n) {
                float product = alpha * sum[r][s];
                c[i * n + j] = beta == 0.0f ? product : __fmaf_rn(beta, c[i * n + j], product);
            }
        }
    }
}

#define GEMM(NAME, BLOCK_THREADS, BM, BN, BK, TM, TN) \
    extern "C" __global__ void __launch_bounds__(BLOCK_THREADS) NAME( \
            unsigned m, unsigned n, unsigned depth, float alpha, const float* a, int trans_a, \
            const float* b, int trans_b, float beta, float* c) { \
        multiply_tile<BM, BN, BK, TM, TN>(m, n, depth, alpha, a, trans_a, b, trans_b, beta, c); \
    }

GEMM(gemm_128x128, 256, 128, 128, 8, 8, 8)
GEMM(gemm_64x64, 256, 64, 64, 16, 4, 4)
GEMM(gemm_32x32, 256, 32, 32, 32, 2, 2)
GEMM(gemm_16x32, 128, 16, 32, 32, 2, 2)

// The elements of a grid's threads: i, i + the number of threads, … below n.
#define EACH(i, n) \
    for (unsigned i = blockIdx.x * blockDim.x + threadIdx.x; i < (n); i += gridDim.x * blockDim.x)

extern "C" __global__ void __launch_bounds__(THREADS) fill(float* y, unsigned n, float value) {
    EACH(i, n) {
        y[i] = value;
    }
}

extern "C" __global__ void __launch_bounds__(THREADS) map(int op, const float* x, float* y, unsigned n) {
    EACH(i, n) {
        y[i] = apply_unary(op, x[i]);
    }
}

// b is read at i * row_stride + j * col_stride: the whole, a row, a column or a scalar.
extern "C" __global__ void __launch_bounds__(THREADS) zip(
        int op, const float* a, const float* b, unsigned row_stride, unsigned col_stride, float* y, unsigned n,
        unsigned cols) {
    EACH(e, n) {
        unsigned i = e / cols;
        unsigned j = e - i * cols;
        y[e] = apply_binary(op, a[e], b[i * row_stride + j * col_stride]);
    }
}

extern "C" __global__ void __launch_bounds__(THREADS) axpby(
        float alpha, const float* x, float beta, float* y, unsigned n) {
    EACH(i, n) {
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

// One block for each COLUMNS columns.
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

// Blocks take row after row.
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

// y[i, j] = fma(table[row(i), j], scale, shift), row(i) = order[p + i], or p + i without an order; element e of y.
static __device__ __forceinline__ void gather(
        const void* table, int bytes, const int* order, unsigned start, float scale, float shift, float* y,
        unsigned e, unsigned cols) {
    unsigned i = e / cols;
    unsigned row = order == 0 ? start + i : (unsigned) order[start + i];
    unsigned at = row * cols + (e - i * cols);
    float value = bytes ? (float) ((const unsigned char*) table)[at] : ((const float*) table)[at];
    y[e] = __fmaf_rn(value, scale, shift);
}

extern "C" __global__ void __launch_bounds__(THREADS) gather_rows(
        const void* table, int bytes, const int* order, const int* position, float scale, float shift, float* y,
        unsigned n, unsigned cols) {
    unsigned start = (unsigned) *position;
    EACH(e, n) {
        gather(table, bytes, order, start, scale, shift, y, e, cols);
    }
}

// ---- whole layers

// The inputs and the targets of a batch, one behind the other.
extern "C" __global__ void __launch_bounds__(THREADS) gather_batch(
        const void* images, int image_bytes, const void* labels, int label_bytes, const int* order,
        const int* position, float scale, float shift, float target_scale, float target_shift, float* x,
        unsigned inputs, unsigned features, float* targets, unsigned outputs, unsigned classes) {
    unsigned start = (unsigned) *position;
    EACH(e, inputs + outputs) {
        if (e < inputs) {
            gather(images, image_bytes, order, start, scale, shift, x, e, features);
        } else {
            gather(labels, label_bytes, order, start, target_scale, target_shift, targets, e - inputs, classes);
        }
    }
}

static __device__ __forceinline__ float finished(const float* bias, int activation, float product, unsigned j) {
    return activate(activation, bias == 0 ? product : product + bias[j]);
}

// Behind a product: y = activation(y + bias).
extern "C" __global__ void __launch_bounds__(THREADS) dense_finish(
        const float* bias, int activation, float* y, unsigned n, unsigned cols) {
    EACH(e, n) {
        y[e] = finished(bias, activation, y[e], e % cols);
    }
}

// y = activation(y + bias), dropped = y · mask. A thread takes four elements, whose words are one block of Philox.
extern "C" __global__ void __launch_bounds__(THREADS) dense_dropout_finish(
        const float* bias, int activation, float* y, unsigned n, unsigned cols, DROPOUT_PARAMETERS, float* mask,
        float* dropped) {
    Dropout dropout = DROPOUT_OF_PARAMETERS;
    EACH(quad, (n + 3) / 4) {
        unsigned e = 4 * quad;
        Four value = load_four(y + e, n - e);
        Four factors = draw_elements(dropout, e, cols);
        Four product;
#pragma unroll
        for (unsigned q = 0; q < 4; q++) {
            value.v[q] = finished(bias, activation, value.v[q], (e + q) % cols);
            product.v[q] = value.v[q] * factors.v[q];
        }
        store_four(y + e, n - e, value);
        store_four(mask + e, n - e, factors);
        store_four(dropped + e, n - e, product);
    }
}

extern "C" __global__ void __launch_bounds__(THREADS) activation_backward(
        int activation, const float* y, const float* dy, float* dx, unsigned n) {
    EACH(i, n) {
        dx[i] = through_activation(activation, y[i], dy[i]);
    }
}

// dz = (dy · mask) activation'(z) for this block's column of the thread, a row for each lane; dz may be dy.
static __device__ __forceinline__ void through_layer(
        int activation, const float* y, const float* mask, const float* dy, float* dz, unsigned rows, unsigned cols,
        unsigned j) {
    for (unsigned i = threadIdx.x / COLUMNS; i < rows; i += LANES) {
        unsigned e = i * cols + j;
        float gradient = mask == 0 ? dy[e] : dy[e] * mask[e];
        dz[e] = through_activation(activation, y[e], gradient);
    }
}

// dz = (dy · mask) activation'(z), dbias = Σ dz over the batch. One block for each COLUMNS columns.
extern "C" __global__ void __launch_bounds__(THREADS) dense_layer_gradient(
        int activation, const float* y, const float* mask, const float* dy, float* dz, unsigned rows, unsigned cols,
        float* dbias) {
    unsigned j = blockIdx.x * COLUMNS + threadIdx.x % COLUMNS;
    if (j < cols) {
        through_layer(activation, y, mask, dy, dz, rows, cols, j);
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

// ---- batch normalisation: one block for each COLUMNS columns

// ((x - μ) s) γ + β
static __device__ __forceinline__ float normalised(float x, float mean, float inverse, float gamma, float beta) {
    return (x - mean) * inverse * gamma + beta;
}

static __device__ __forceinline__ float inverse_deviation(float variance, float epsilon) {
    return __fdiv_rn(1.0f, __fsqrt_rn(variance + epsilon));
}

// What a column is normalised with.
struct Column {
    float mean;
    float inverse;
    float gamma;
    float beta;
};

#define BATCH_NORM_PARAMETERS \
    const float* x, unsigned batch, unsigned n, const float* gamma, const float* beta, float epsilon, float momentum, \
    float keep, float unbiased, float* running_mean, float* running_variance, float* mean, float* inverse

// μ = Σ x / batch, σ² = Σ (x - μ)² / batch, s = 1 / √(σ² + ε) of the thread's column; the running statistics move on.
static __device__ __forceinline__ Column statistics(BATCH_NORM_PARAMETERS) {
    unsigned j = blockIdx.x * COLUMNS + threadIdx.x % COLUMNS;
    bool inside = j < n;
    float sum[1];
    fold_columns<Sum, COLUMNS, LANES>(batch, sum, [&](unsigned i, float (&v)[1]) {
        v[0] = inside ? x[i * n + j] : 0.0f;
    });
    float center = __fdiv_rn(sum[0], (float) batch);
    fold_columns<Sum, COLUMNS, LANES>(batch, sum, [&](unsigned i, float (&v)[1]) {
        float difference = inside ? x[i * n + j] - center : 0.0f;
        v[0] = difference * difference;
    });
    float variance = __fdiv_rn(sum[0], (float) batch);
    Column column = {center, inverse_deviation(variance, epsilon), inside ? gamma[j] : 0.0f, inside ? beta[j] : 0.0f};
    if (inside && threadIdx.x < COLUMNS) {
        running_mean[j] = scaled_sum(momentum, center, keep, running_mean[j]);
        running_variance[j] = scaled_sum(unbiased, variance, keep, running_variance[j]);
        mean[j] = center;
        inverse[j] = column.inverse;
    }
    return column;
}

// y = activation(((x - μ) s) γ + β)
extern "C" __global__ void __launch_bounds__(THREADS) batch_norm_train(
        BATCH_NORM_PARAMETERS, int activation, float* y) {
    Column c = statistics(
            x, batch, n, gamma, beta, epsilon, momentum, keep, unbiased, running_mean, running_variance, mean, inverse);
    unsigned j = blockIdx.x * COLUMNS + threadIdx.x % COLUMNS;
    if (j < n) {
        for (unsigned i = threadIdx.x / COLUMNS; i < batch; i += LANES) {
            float value = normalised(x[i * n + j], c.mean, c.inverse, c.gamma, c.beta);
            y[i * n + j] = activate(activation, value);
        }
    }
}

// The same, and dropped = y · mask. Behind the statistics a thread takes four columns of a row.
extern "C" __global__ void __launch_bounds__(THREADS) batch_norm_dropout_train(
        BATCH_NORM_PARAMETERS, int activation, float* y, DROPOUT_PARAMETERS, float* mask, float* dropped) {
    __shared__ Column columns[COLUMNS];
    Column own = statistics(
            x, batch, n, gamma, beta, epsilon, momentum, keep, unbiased, running_mean, running_variance, mean, inverse);
    if (threadIdx.x < COLUMNS) {
        columns[threadIdx.x] = own;
    }
    __syncthreads();
    Dropout dropout = DROPOUT_OF_PARAMETERS;
    unsigned first = 4 * (threadIdx.x % (COLUMNS / 4));
    unsigned j = blockIdx.x * COLUMNS + first;
    if (j >= n) {
        return;
    }
    for (unsigned i = threadIdx.x / (COLUMNS / 4); i < batch; i += THREADS / (COLUMNS / 4)) {
        unsigned e = i * n + j;
        Four value = load_four(x + e, n - j);
        Four factors = draw_four(dropout, dropout.per_batch ? j : e);
        Four product;
#pragma unroll
        for (unsigned q = 0; q < 4; q++) {
            Column c = columns[first + q];
            value.v[q] = activate(activation, normalised(value.v[q], c.mean, c.inverse, c.gamma, c.beta));
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
    EACH(e, size) {
        unsigned j = e % n;
        float s = inverse_deviation(running_variance[j], epsilon);
        y[e] = activate(activation, normalised(x[e], running_mean[j], s, gamma[j], beta[j]));
    }
}

// dβ = Σ dy, dγ = Σ dy x̂, dx = ((dy - dβ/batch) - x̂ (dγ/batch)) (γ s), x̂ = (x - μ) s, for the thread's column.
static __device__ __forceinline__ void batch_norm_gradients(
        const float* x, unsigned batch, unsigned n, const float* gamma, const float* mean, const float* inverse,
        const float* dy, float* dgamma, float* dbeta, float* dx, unsigned j) {
    bool inside = j < n;
    float center = inside ? mean[j] : 0.0f;
    float s = inside ? inverse[j] : 0.0f;
    float sums[2];
    fold_columns<Sum, COLUMNS, LANES>(batch, sums, [&](unsigned i, float (&v)[2]) {
        float gradient = inside ? dy[i * n + j] : 0.0f;
        v[0] = gradient;
        v[1] = inside ? gradient * ((x[i * n + j] - center) * s) : 0.0f;
    });
    if (!inside) {
        return;
    }
    if (threadIdx.x < COLUMNS) {
        dbeta[j] = sums[0];
        dgamma[j] = sums[1];
    }
    float mean_dy = __fdiv_rn(sums[0], (float) batch);
    float mean_product = __fdiv_rn(sums[1], (float) batch);
    float scale = gamma[j] * s;
    for (unsigned i = threadIdx.x / COLUMNS; i < batch; i += LANES) {
        unsigned e = i * n + j;
        float standard = (x[e] - center) * s;
        dx[e] = ((dy[e] - mean_dy) - standard * mean_product) * scale;
    }
}

extern "C" __global__ void __launch_bounds__(THREADS) batch_norm_backward(
        const float* x, unsigned batch, unsigned n, const float* gamma, const float* mean, const float* inverse,
        const float* dy, float* dgamma, float* dbeta, float* dx) {
    unsigned j = blockIdx.x * COLUMNS + threadIdx.x % COLUMNS;
    batch_norm_gradients(x, batch, n, gamma, mean, inverse, dy, dgamma, dbeta, dx, j);
}

// The same behind dropout and activation: the gradient in front of the activation is put into dx first.
extern "C" __global__ void __launch_bounds__(THREADS) batch_norm_layer_backward(
        const float* x, unsigned batch, unsigned n, const float* gamma, const float* mean, const float* inverse,
        int activation, const float* y, const float* mask, const float* dy, float* dgamma, float* dbeta, float* dx) {
    unsigned j = blockIdx.x * COLUMNS + threadIdx.x % COLUMNS;
    if (j < n) {
        through_layer(activation, y, mask, dy, dx, batch, n, j);
    }
    __syncthreads();
    batch_norm_gradients(x, batch, n, gamma, mean, inverse, dx, dgamma, dbeta, dx, j);
}

// ---- dropout

// mask = 0 where the element's word is below the threshold, else the scale; y = x · mask.
extern "C" __global__ void __launch_bounds__(THREADS) dropout(
        const float* x, DROPOUT_PARAMETERS, float* mask, float* y, unsigned n, unsigned cols) {
    Dropout dropout = DROPOUT_OF_PARAMETERS;
    EACH(quad, (n + 3) / 4) {
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
    float greatest = maximum_of_row(x, n);
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
static __device__ __forceinline__ void note_mean(
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
    note_mean<THREADS>(losses, batch, clock, history);
}

// Both at once for a batch that a single block takes.
extern "C" __global__ void __launch_bounds__(1024) training_loss(
        const float* logits, const float* targets, float* losses, float* dlogits, unsigned rows, unsigned n,
        const int* clock, float* history) {
    for (unsigned i = threadIdx.x / WARP; i < rows; i += 1024 / WARP) {
        loss_of_row(logits, targets, losses, dlogits, rows, n, i);
    }
    __syncthreads();
    note_mean<1024>(losses, rows, clock, history);
}

extern "C" __global__ void advance(int* clock, int batch) {
    clock[STEP] += 1;
    clock[BATCH] += batch;
    clock[TOTAL] += 1;
}

// The place of the first maximum, n for a row with a NaN. A warp takes a row.
extern "C" __global__ void __launch_bounds__(THREADS) argmax(const float* x, float* y, unsigned rows, unsigned n) {
    unsigned i = (blockIdx.x * blockDim.x + threadIdx.x) / WARP;
    if (i >= rows) {
        return;
    }
    float greatest = maximum_of_row(x + i * n, n);
    float place = (float) n;
    for (unsigned j = threadIdx.x % WARP; j < n; j += WARP) {
        if (x[i * n + j] == greatest && (float) j < place) {
            place = (float) j;
        }
    }
    for (unsigned distance = WARP / 2; distance > 0; distance /= 2) {
        float other = __shfl_sync(ALL_LANES, place, (threadIdx.x % WARP) ^ distance);
        place = other < place ? other : place;
    }
    if (threadIdx.x % WARP == 0) {
        y[i] = place;
    }
}

// ---- optimisers

// w - (g · η)
extern "C" __global__ void __launch_bounds__(THREADS) sgd(float* w, const float* g, const float* rates, unsigned n) {
    float rate = rates[0];
    EACH(i, n) {
        w[i] = w[i] - g[i] * rate;
    }
}

// v = fma(1, g, μ v), w - (v · η)
extern "C" __global__ void __launch_bounds__(THREADS) momentum(
        float* w, const float* g, float* velocity, float momentum, const float* rates, unsigned n) {
    float rate = rates[0];
    EACH(i, n) {
        float v = scaled_sum(1.0f, g[i], momentum, velocity[i]);
        velocity[i] = v;
        w[i] = w[i] - v * rate;
    }
}

// m = fma(1 - β₁, g, β₁ m), v = fma(1 - β₂, g², β₂ v), w - (m / (√v · rates₁ + rates₂)) · rates₀. A thread takes four
// elements: this kernel moves more memory than all others of a step.
extern "C" __global__ void __launch_bounds__(THREADS) adam(
        float* w, const float* g, float* m, float* v, float beta1, float keep1, float beta2, float keep2,
        const float* rates, unsigned n) {
    float rate0 = rates[0];
    float rate1 = rates[1];
    float rate2 = rates[2];
    EACH(quad, (n + 3) / 4) {
        unsigned e = 4 * quad;
        Four weight = load_four(w + e, n - e);
        Four gradient = load_four(g + e, n - e);
        Four mean = load_four(m + e, n - e);
        Four variance = load_four(v + e, n - e);
#pragma unroll
        for (unsigned q = 0; q < 4; q++) {
            float slope = gradient.v[q];
            mean.v[q] = scaled_sum(keep1, slope, beta1, mean.v[q]);
            variance.v[q] = scaled_sum(keep2, slope * slope, beta2, variance.v[q]);
            float denominator = __fsqrt_rn(variance.v[q]) * rate1 + rate2;
            weight.v[q] = weight.v[q] - __fdiv_rn(mean.v[q], denominator) * rate0;
        }
        store_four(m + e, n - e, mean);
        store_four(v + e, n - e, variance);
        store_four(w + e, n - e, weight);
    }
}
