// GEMM of cuBLAS, column-major, on the streams of the stand-in.
//
// Sums are split into blocks of 64 along k, so that, as with cuBLAS, the last bits differ from a single fma chain: tests
// that mistake fast for exact arithmetic fail here too.
#include <cstdint>
#include <cstring>
#include <vector>

#define EXPORT extern "C" __attribute__((visibility("default")))

extern "C" {
int standin_has_context();
void standin_count(int counter, int by);
int standin_submit(void *stream, void (*work)(const void *), const void *data, size_t bytes);
int standin_contains(const void *address, size_t bytes);
void standin_illegal_address(const char *sentence);
void standin_written(const void *address, size_t bytes);
}

enum cublasStatus {
  CUBLAS_STATUS_SUCCESS = 0,
  CUBLAS_STATUS_NOT_INITIALIZED = 1,
  CUBLAS_STATUS_INVALID_VALUE = 7,
  CUBLAS_STATUS_EXECUTION_FAILED = 13,
  CUBLAS_STATUS_NOT_SUPPORTED = 15
};

namespace {

constexpr int PRODUCTS = 10;  // of enum Counter in device.h
constexpr int LIVE_CUBLAS_HANDLES = 12;
constexpr int TF32_TENSOR_OP_MATH = 3;
constexpr int COMPUTE_32F = 68, COMPUTE_32F_PEDANTIC = 69, COMPUTE_32F_FAST_TF32 = 77;
constexpr int R_32F = 0;
constexpr int VERSION = 129900;  // of no release

struct Handle {
  void *stream;
  int math_mode;
  int pointer_mode;  // 1: alpha and beta lie on the device
};

struct Matrix {
  const float *data;
  long row_step, column_step;  // in floats, of the matrix as it enters the product
};

struct Product {
  int m, n, k;
  Matrix a, b;
  float *c;
  long ldc;
  float alpha, beta;
  const float *device_alpha, *device_beta;
  bool tf32;
};

constexpr int ROWS = 32;
constexpr int COLUMNS = 4;
constexpr int DEPTH = 64;

typedef float Vector __attribute__((vector_size(32)));
constexpr int LANES = 8;
constexpr int VECTORS = ROWS / LANES;

// The ten fraction bits of TF32.
float to_tf32(float value) {
  uint32_t bits;
  memcpy(&bits, &value, 4);
  bits = (bits + 0x1000) & 0xffffe000;
  memcpy(&value, &bits, 4);
  return value;
}

// Packs panels of `width` rows (or columns), k-major, padded with zeros.
std::vector<float> pack(const Matrix &matrix, bool rows, int count, int k, int width, bool tf32) {
  long across = rows ? matrix.row_step : matrix.column_step;
  long along = rows ? matrix.column_step : matrix.row_step;
  int strips = (count + width - 1) / width;
  std::vector<float> packed((size_t)strips * width * k + LANES, 0.0f);
  for (int i = 0; i < count; i++) {
    const float *from = matrix.data + i * across;
    float *to = packed.data() + (size_t)(i / width) * width * k + i % width;
    for (int p = 0; p < k; p++) to[(size_t)p * width] = tf32 ? to_tf32(from[p * along]) : from[p * along];
  }
  return packed;
}

// sum over k of a[row, k] b[k, column] for one tile
void tile(const float *a, const float *b, int k, float *sums) {
  Vector total[COLUMNS][VECTORS] = {};
  for (int begin = 0; begin < k; begin += DEPTH) {
    Vector part[COLUMNS][VECTORS] = {};
    int end = begin + DEPTH < k ? begin + DEPTH : k;
    for (int p = begin; p < end; p++) {
      Vector column[VECTORS];
      memcpy(column, a + (size_t)p * ROWS, sizeof column);
      for (int j = 0; j < COLUMNS; j++) {
        float factor = b[(size_t)p * COLUMNS + j];
        for (int i = 0; i < VECTORS; i++) part[j][i] += column[i] * factor;
      }
    }
    for (int j = 0; j < COLUMNS; j++) {
      for (int i = 0; i < VECTORS; i++) total[j][i] += part[j][i];
    }
  }
  memcpy(sums, total, sizeof total);
}

bool lies_in_memory(const Matrix &matrix, int rows, int columns) {
  if (rows == 0 || columns == 0) return true;
  long last = (rows - 1) * matrix.row_step + (columns - 1) * matrix.column_step;
  return standin_contains(matrix.data, (size_t)(last + 1) * sizeof(float));
}

void multiply(const void *data) {
  const Product &p = *(const Product *)data;
  if (!lies_in_memory(p.a, p.m, p.k) || !lies_in_memory(p.b, p.k, p.n) ||
      !lies_in_memory({p.c, 1, p.ldc}, p.m, p.n)) {
    standin_illegal_address("a matrix product uses memory outside of an allocation");
    return;
  }
  standin_count(PRODUCTS, 1);
  float alpha = p.device_alpha == nullptr ? p.alpha : *p.device_alpha;
  float beta = p.device_beta == nullptr ? p.beta : *p.device_beta;
  std::vector<float> a = pack(p.a, true, p.m, p.k, ROWS, p.tf32);
  std::vector<float> b = pack(p.b, false, p.n, p.k, COLUMNS, p.tf32);
  float sums[COLUMNS][ROWS];
  for (int row = 0; row < p.m; row += ROWS) {
    for (int column = 0; column < p.n; column += COLUMNS) {
      tile(a.data() + (size_t)row * p.k, b.data() + (size_t)column * p.k, p.k, sums[0]);
      for (int j = 0; j < COLUMNS && column + j < p.n; j++) {
        float *c = p.c + (column + j) * p.ldc + row;
        standin_written(c, sizeof(float) * (size_t)(p.m - row < ROWS ? p.m - row : ROWS));
        for (int i = 0; i < ROWS && row + i < p.m; i++) {
          c[i] = beta == 0 ? alpha * sums[j][i] : alpha * sums[j][i] + beta * c[i];  // beta 0: C is not read
        }
      }
    }
  }
}

Matrix operand(const float *data, int transposed, int ld) {
  return transposed != 0 ? Matrix{data, ld, 1} : Matrix{data, 1, ld};
}

cublasStatus submit(Handle *handle, int ta, int tb, int m, int n, int k, const float *alpha, const float *a, int lda,
                    const float *b, int ldb, const float *beta, float *c, int ldc, bool tf32) {
  if (handle == nullptr) return CUBLAS_STATUS_NOT_INITIALIZED;
  int a_rows = ta != 0 ? k : m;
  int b_rows = tb != 0 ? n : k;
  if (m < 0 || n < 0 || k < 0 || ta < 0 || ta > 2 || tb < 0 || tb > 2 || lda < (a_rows > 1 ? a_rows : 1) ||
      ldb < (b_rows > 1 ? b_rows : 1) || ldc < (m > 1 ? m : 1)) {
    return CUBLAS_STATUS_INVALID_VALUE;
  }
  if (m == 0 || n == 0) return CUBLAS_STATUS_SUCCESS;
  bool on_device = handle->pointer_mode == 1;
  Product product{m, n, k, operand(a, ta, lda), operand(b, tb, ldb), c, ldc, on_device ? 0 : *alpha,
                  on_device ? 0 : *beta, on_device ? alpha : nullptr, on_device ? beta : nullptr,
                  tf32 || handle->math_mode == TF32_TENSOR_OP_MATH};
  int submitted = standin_submit(handle->stream, multiply, &product, sizeof product);
  return submitted == 0 ? CUBLAS_STATUS_SUCCESS : CUBLAS_STATUS_EXECUTION_FAILED;
}

}  // namespace

EXPORT cublasStatus cublasCreate_v2(Handle **handle) {
  if (!standin_has_context()) return CUBLAS_STATUS_NOT_INITIALIZED;
  *handle = new Handle{nullptr, 0, 0};
  standin_count(LIVE_CUBLAS_HANDLES, 1);
  return CUBLAS_STATUS_SUCCESS;
}

EXPORT cublasStatus cublasDestroy_v2(Handle *handle) {
  if (handle == nullptr) return CUBLAS_STATUS_NOT_INITIALIZED;
  delete handle;
  standin_count(LIVE_CUBLAS_HANDLES, -1);
  return CUBLAS_STATUS_SUCCESS;
}

EXPORT cublasStatus cublasGetVersion_v2(Handle *, int *version) {
  *version = VERSION;
  return CUBLAS_STATUS_SUCCESS;
}

EXPORT cublasStatus cublasSetStream_v2(Handle *handle, void *stream) {
  handle->stream = stream;
  return CUBLAS_STATUS_SUCCESS;
}

EXPORT cublasStatus cublasSetWorkspace_v2(Handle *, void *workspace, size_t bytes) {
  return bytes == 0 || standin_contains(workspace, bytes) ? CUBLAS_STATUS_SUCCESS : CUBLAS_STATUS_INVALID_VALUE;
}

EXPORT cublasStatus cublasSetMathMode(Handle *handle, int mode) {
  handle->math_mode = mode & 15;
  return CUBLAS_STATUS_SUCCESS;
}

EXPORT cublasStatus cublasGetMathMode(Handle *handle, int *mode) {
  *mode = handle->math_mode;
  return CUBLAS_STATUS_SUCCESS;
}

EXPORT cublasStatus cublasSetPointerMode_v2(Handle *handle, int mode) {
  handle->pointer_mode = mode;
  return CUBLAS_STATUS_SUCCESS;
}

EXPORT cublasStatus cublasSetAtomicsMode(Handle *, int) { return CUBLAS_STATUS_SUCCESS; }

EXPORT const char *cublasGetStatusName(int status) {
  switch (status) {
    case CUBLAS_STATUS_SUCCESS: return "CUBLAS_STATUS_SUCCESS";
    case CUBLAS_STATUS_NOT_INITIALIZED: return "CUBLAS_STATUS_NOT_INITIALIZED";
    case CUBLAS_STATUS_INVALID_VALUE: return "CUBLAS_STATUS_INVALID_VALUE";
    case CUBLAS_STATUS_EXECUTION_FAILED: return "CUBLAS_STATUS_EXECUTION_FAILED";
    case CUBLAS_STATUS_NOT_SUPPORTED: return "CUBLAS_STATUS_NOT_SUPPORTED";
    default: return "an unknown status";
  }
}

EXPORT const char *cublasGetStatusString(int status) { return cublasGetStatusName(status); }

EXPORT cublasStatus cublasSgemm_v2(Handle *handle, int ta, int tb, int m, int n, int k, const float *alpha,
                                   const float *a, int lda, const float *b, int ldb, const float *beta, float *c,
                                   int ldc) {
  return submit(handle, ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc, false);
}

EXPORT cublasStatus cublasGemmEx(Handle *handle, int ta, int tb, int m, int n, int k, const void *alpha, const void *a,
                                 int a_type, int lda, const void *b, int b_type, int ldb, const void *beta, void *c,
                                 int c_type, int ldc, int compute, int) {
  bool is_float = a_type == R_32F && b_type == R_32F && c_type == R_32F;
  if (!is_float || (compute != COMPUTE_32F && compute != COMPUTE_32F_PEDANTIC && compute != COMPUTE_32F_FAST_TF32)) {
    return CUBLAS_STATUS_NOT_SUPPORTED;
  }
  return submit(handle, ta, tb, m, n, k, (const float *)alpha, (const float *)a, lda, (const float *)b, ldb,
                (const float *)beta, (float *)c, ldc, compute == COMPUTE_32F_FAST_TF32);
}

EXPORT cublasStatus cublasSgemmStridedBatched(Handle *handle, int ta, int tb, int m, int n, int k, const float *alpha,
                                              const float *a, int lda, long long a_stride, const float *b, int ldb,
                                              long long b_stride, const float *beta, float *c, int ldc,
                                              long long c_stride, int batch) {
  cublasStatus status = CUBLAS_STATUS_SUCCESS;
  for (int i = 0; i < batch && status == CUBLAS_STATUS_SUCCESS; i++) {
    status = submit(handle, ta, tb, m, n, k, alpha, a + i * a_stride, lda, b + i * b_stride, ldb, beta,
                    c + i * c_stride, ldc, false);
  }
  return status;
}
