// The driver functions that the backend needs; all others are stubs that report an error.
#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "device.h"
#include "grid.h"

#define EXPORT extern "C" __attribute__((visibility("default")))

namespace {

struct Module {
  int file;
  void *library;
  Statics statics;
  std::vector<struct Function *> functions;
};

struct Function {
  std::string name;
  const StandinKernel *kernel;
  Module *module;
  unsigned most_shared;
};

constexpr unsigned SHARED_BYTES = 48 * 1024;
// Reserve for static arrays of a kernel, whose size is unknown here.
constexpr unsigned STATIC_SHARED_BYTES = 1024;
// The minimum on GPUs from sm_80.
constexpr unsigned SHARED_BYTES_ON_REQUEST = 99 * 1024;

thread_local bool has_context = false;

// Common checks of most functions.
CUresult ready() {
  if (!device().initialised) return CUDA_ERROR_NOT_INITIALIZED;
  if (!has_context || device().retained == 0) return CUDA_ERROR_INVALID_CONTEXT;
  return device().sticky();
}

#define BEGIN                                     \
  Locked locked(device().lock);                   \
  if (CUresult not_ready = ready()) return not_ready;

CUresult finish_waiting() {
  Device &d = device();
  d.counters[SYNCHRONISATIONS]++;
  if (d.settings[SYNCHRONISATION_FAILS] != 0) {
    d.fail((CUresult)d.settings[SYNCHRONISATION_FAILS], "a wait fails, as the test asked for");
    d.settings[SYNCHRONISATION_FAILS] = 0;
  }
  d.check_guards("an operation");
  return d.sticky();
}

// An operation on device memory, checked for out-of-bounds access.
CUresult submit_on(void *stream, uint64_t address, size_t bytes, std::function<void()> work) {
  if (bytes == 0) return CUDA_SUCCESS;
  if (!device().contains(address, bytes)) return CUDA_ERROR_INVALID_VALUE;
  return device().submit(device().stream(stream), [=] {
    if (!device().contains(address, bytes)) {
      device().fail(CUDA_ERROR_ILLEGAL_ADDRESS, "a copy or fill uses memory that has been freed");
      return;
    }
    work();
  });
}

// The same for an operation that writes all these bytes.
CUresult submit_write(void *stream, uint64_t address, size_t bytes, std::function<void()> work) {
  return submit_on(stream, address, bytes, [=] {
    work();
    if (STANDIN_SANITIZED) sanitizer::written_by_host(address, bytes);
  });
}

std::function<void()> copy_within(uint64_t to, uint64_t from, size_t bytes) {
  return [=] {
    memmove((void *)to, (const void *)from, bytes);
    if (STANDIN_SANITIZED) sanitizer::copied(to, from, bytes);
  };
}

template <class T>
CUresult fill(void *stream, uint64_t address, T value, size_t count) {
  return submit_write(stream, address, count * sizeof(T), [=] {
    for (size_t i = 0; i < count; i++) ((T *)address)[i] = value;
  });
}

// A call without a stream works on the null stream and waits.
CUresult blocking(CUresult submitted) {
  if (submitted != CUDA_SUCCESS) return submitted;
  device().drain_blocking();
  return finish_waiting();
}

CUresult invalidate(Capture &capture) {
  capture.invalid = true;
  return CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
}

CUresult before_blocking() {
  CUresult forbidden = device().forbid_while_capturing();
  if (forbidden == CUDA_SUCCESS) device().drain_blocking();
  return forbidden;
}

uint64_t base_of(void *library) {
  struct link_map *map = nullptr;
  dlinfo(library, RTLD_DI_LINKMAP, &map);
  return map->l_addr;
}

// Where a loaded object has its writable data.
Statics writable(const void *image, uint64_t base) {
  const Elf64_Ehdr *header = (const Elf64_Ehdr *)image;
  const Elf64_Phdr *segments = (const Elf64_Phdr *)((const char *)image + header->e_phoff);
  for (int i = 0; i < header->e_phnum; i++) {
    const Elf64_Phdr &segment = segments[i];
    if (segment.p_type == PT_LOAD && (segment.p_flags & PF_W) != 0) {
      return {(char *)(base + segment.p_vaddr / 4 * 4), segment.p_memsz + 4};
    }
  }
  return {nullptr, 0};
}

// File and line of an instruction, as the compiler noted them.
std::string line_of(const Module &module, const void *instruction) {
  char command[200];
  snprintf(command, sizeof command, "addr2line -s -e /proc/%d/fd/%d 0x%llx", (int)getpid(), module.file,
           (unsigned long long)((uint64_t)instruction - 1 - base_of(module.library)));
  std::string line;
  if (FILE *pipe = popen(command, "r")) {
    char buffer[300];
    if (fgets(buffer, sizeof buffer, pipe) != nullptr) line = buffer;
    pclose(pipe);
  }
  return line.substr(0, line.find_first_of(" \n"));
}

void execute(const Function &function, const Shape &shape, const std::vector<char> &arguments) {
  Device &d = device();
  d.counters[LAUNCHES]++;
  if (d.is_due(LAUNCH_FAILS)) {
    d.fail(CUDA_ERROR_LAUNCH_FAILED, "kernel " + function.name + " fails, as the test asked for");
    return;
  }
  if (d.is_due(DEVICE_IS_LOST)) {
    d.fail(CUDA_ERROR_UNKNOWN, "the device is lost, as the test asked for");
    return;
  }
  std::vector<void *> pointers;
  size_t offset = 0;
  for (int i = 0; i < function.kernel->parameters; i++) {
    pointers.push_back((void *)(arguments.data() + offset));
    offset += ((size_t)function.kernel->sizes[i] + 15) / 16 * 16;
  }
  Statics *statics = &function.module->statics;
  std::string failure = run_grid(*function.kernel, shape, pointers.data(), d.settings[LAZY] != 0, statics);
  if (STANDIN_SANITIZED && failure.empty() && sanitizer::finding() != NO_FINDING) {
    d.counters[FINDING] = sanitizer::finding();
    failure = sanitizer::sentence() + " (" + line_of(*function.module, sanitizer::place()) + ")";
    sanitizer::forget();
  }
  if (!failure.empty()) d.fail(CUDA_ERROR_LAUNCH_FAILED, "kernel " + function.name + ": " + failure);
  d.check_guards("kernel " + function.name);
}

bool is_possible(const Function &function, const Shape &shape) {
  uint64_t threads = (uint64_t)shape.block.x * shape.block.y * shape.block.z;
  return threads > 0 && threads <= (uint64_t)function.kernel->max_threads && shape.grid.x > 0 &&
         shape.grid.x <= 0x7fffffffu && shape.grid.y > 0 && shape.grid.y <= 65535 && shape.grid.z > 0 &&
         shape.grid.z <= 65535 && shape.shared_bytes <= function.most_shared;
}

// The size of a shared object, from its headers.
size_t length_of(const void *image) {
  const Elf64_Ehdr *header = (const Elf64_Ehdr *)image;
  if (memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 || header->e_machine != EM_X86_64) return 0;
  return header->e_shoff + (size_t)header->e_shentsize * header->e_shnum;
}

// The file stays open as long as the module is loaded: dlopen takes an equal path for the same library.
Module *load(const void *image, size_t length) {
  int file = memfd_create("kernels", MFD_CLOEXEC);
  if (file < 0) return nullptr;
  size_t done = 0;
  while (done < length) {
    ssize_t written = write(file, (const char *)image + done, length - done);
    if (written <= 0) break;
    done += (size_t)written;
  }
  std::string path = "/proc/self/fd/" + std::to_string(file);
  void *library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library != nullptr) return new Module{file, library, writable(image, base_of(library)), {}};
  fprintf(stderr, "CUDA stand-in: %s\n", dlerror());
  close(file);
  return nullptr;
}

void unload(Module *module) {
  for (Function *function : module->functions) delete function;
  dlclose(module->library);
  close(module->file);
  delete module;
}

struct ErrorText {
  CUresult error;
  const char *name;
  const char *text;
};

const ErrorText ERRORS[] = {
    {CUDA_SUCCESS, "CUDA_SUCCESS", "no error"},
    {CUDA_ERROR_INVALID_VALUE, "CUDA_ERROR_INVALID_VALUE", "invalid argument"},
    {CUDA_ERROR_OUT_OF_MEMORY, "CUDA_ERROR_OUT_OF_MEMORY", "out of memory"},
    {CUDA_ERROR_NOT_INITIALIZED, "CUDA_ERROR_NOT_INITIALIZED", "initialization error"},
    {CUDA_ERROR_NO_DEVICE, "CUDA_ERROR_NO_DEVICE", "no CUDA-capable device is detected"},
    {CUDA_ERROR_INVALID_DEVICE, "CUDA_ERROR_INVALID_DEVICE", "invalid device ordinal"},
    {CUDA_ERROR_INVALID_IMAGE, "CUDA_ERROR_INVALID_IMAGE", "device kernel image is invalid"},
    {CUDA_ERROR_INVALID_CONTEXT, "CUDA_ERROR_INVALID_CONTEXT", "invalid device context"},
    {CUDA_ERROR_NO_BINARY_FOR_GPU, "CUDA_ERROR_NO_BINARY_FOR_GPU",
     "no kernel image is available for execution on the device"},
    {CUDA_ERROR_INVALID_HANDLE, "CUDA_ERROR_INVALID_HANDLE", "invalid resource handle"},
    {CUDA_ERROR_NOT_FOUND, "CUDA_ERROR_NOT_FOUND", "named symbol not found"},
    {CUDA_ERROR_NOT_READY, "CUDA_ERROR_NOT_READY", "device not ready"},
    {CUDA_ERROR_ILLEGAL_ADDRESS, "CUDA_ERROR_ILLEGAL_ADDRESS", "an illegal memory access was encountered"},
    {CUDA_ERROR_LAUNCH_FAILED, "CUDA_ERROR_LAUNCH_FAILED", "unspecified launch failure"},
    {CUDA_ERROR_NOT_SUPPORTED, "CUDA_ERROR_NOT_SUPPORTED", "operation not supported"},
    {CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED, "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED",
     "operation not permitted when stream is capturing"},
    {CUDA_ERROR_STREAM_CAPTURE_INVALIDATED, "CUDA_ERROR_STREAM_CAPTURE_INVALIDATED",
     "operation failed due to a previous error during capture"},
    {CUDA_ERROR_UNKNOWN, "CUDA_ERROR_UNKNOWN", "unknown error"},
};

const ErrorText *find_error(int error) {
  for (const ErrorText &known : ERRORS) {
    if (known.error == error) return &known;
  }
  return nullptr;
}

}  // namespace

// ---------------------------------------------------------------- for cublas.cpp

EXPORT int standin_has_context() { return has_context && device().retained > 0; }

EXPORT void standin_count(int counter, int by) {
  Locked locked(device().lock);
  device().counters[counter] += by;
}

// Runs in stream order, with a copy of the data made now.
EXPORT int standin_submit(void *stream, void (*work)(const void *), const void *data, size_t bytes) {
  BEGIN
  std::vector<char> copy((const char *)data, (const char *)data + bytes);
  return device().submit(device().stream(stream), [=] { work(copy.data()); });
}

EXPORT int standin_contains(const void *address, size_t bytes) { return device().contains((uint64_t)address, bytes); }

EXPORT void standin_illegal_address(const char *sentence) { device().fail(CUDA_ERROR_ILLEGAL_ADDRESS, sentence); }

// ---------------------------------------------------------------- the device

EXPORT CUresult cuInit(unsigned) {
  Locked locked(device().lock);
  if (device().settings[DEVICES] == 0) return CUDA_ERROR_NO_DEVICE;
  device().initialised = true;
  return CUDA_SUCCESS;
}

EXPORT CUresult cuDriverGetVersion(int *version) {
  *version = (int)device().settings[DRIVER_VERSION];
  return CUDA_SUCCESS;
}

EXPORT CUresult cuGetErrorName(int error, const char **name) {
  const ErrorText *known = find_error(error);
  *name = known == nullptr ? nullptr : known->name;
  return known == nullptr ? CUDA_ERROR_INVALID_VALUE : CUDA_SUCCESS;
}

EXPORT CUresult cuGetErrorString(int error, const char **text) {
  const ErrorText *known = find_error(error);
  *text = known == nullptr ? nullptr : known->text;
  return known == nullptr ? CUDA_ERROR_INVALID_VALUE : CUDA_SUCCESS;
}

EXPORT CUresult cuDeviceGetCount(int *count) {
  if (!device().initialised) return CUDA_ERROR_NOT_INITIALIZED;
  *count = (int)device().settings[DEVICES];
  return CUDA_SUCCESS;
}

EXPORT CUresult cuDeviceGet(int *handle, int ordinal) {
  if (!device().initialised) return CUDA_ERROR_NOT_INITIALIZED;
  if (ordinal < 0 || ordinal >= device().settings[DEVICES]) return CUDA_ERROR_INVALID_DEVICE;
  *handle = ordinal;
  return CUDA_SUCCESS;
}

EXPORT CUresult cuDeviceGetName(char *name, int length, int) {
  snprintf(name, (size_t)length, "CUDA stand-in (CPU)");
  return CUDA_SUCCESS;
}

EXPORT CUresult cuDeviceTotalMem_v2(size_t *bytes, int) {
  *bytes = (size_t)device().settings[MEMORY];
  return CUDA_SUCCESS;
}

EXPORT CUresult cuDeviceGetUuid(char *uuid, int) {
  memcpy(uuid, "CUDA stand-in  ", 16);
  return CUDA_SUCCESS;
}

EXPORT CUresult cuDeviceGetAttribute(int *value, int attribute, int) {
  static const std::map<int, int> ATTRIBUTES = {
      {1, 1024}, {2, 1024}, {3, 1024}, {4, 64}, {5, 0x7fffffff}, {6, 65535}, {7, 65535}, {8, (int)SHARED_BYTES},
      {10, 32}, {12, 65536}, {13, 1000000}, {19, 1}, {31, 0}, {36, 1000000}, {37, 64}, {39, 1024}, {41, 1},
      {75, 8}, {76, 0}, {81, (int)SHARED_BYTES_ON_REQUEST}, {82, 65536}, {97, (int)SHARED_BYTES_ON_REQUEST}};
  Locked locked(device().lock);
  if (attribute >= FIRST_COUNTER && attribute < FIRST_COUNTER + COUNTERS) {
    *value = (int)device().counters[attribute - FIRST_COUNTER];
    return CUDA_SUCCESS;
  }
  if (attribute == 16) {
    *value = (int)device().settings[MULTIPROCESSORS];
    return CUDA_SUCCESS;
  }
  auto found = ATTRIBUTES.find(attribute);
  *value = found == ATTRIBUTES.end() ? 0 : found->second;
  return CUDA_SUCCESS;
}

// ---------------------------------------------------------------- contexts

EXPORT CUresult cuDevicePrimaryCtxRetain(void **context, int) {
  Locked locked(device().lock);
  if (!device().initialised) return CUDA_ERROR_NOT_INITIALIZED;
  device().retained++;
  *context = &device();
  return CUDA_SUCCESS;
}

EXPORT CUresult cuDevicePrimaryCtxRelease_v2(int) {
  Locked locked(device().lock);
  if (device().retained == 0) return CUDA_ERROR_INVALID_CONTEXT;
  if (--device().retained == 0) {
    device().drain_all();
    device().destroy_context();
  }
  return CUDA_SUCCESS;
}

EXPORT CUresult cuDevicePrimaryCtxReset_v2(int) {
  Locked locked(device().lock);
  device().destroy_context();
  return CUDA_SUCCESS;
}

EXPORT CUresult cuDevicePrimaryCtxSetFlags_v2(int, unsigned) { return CUDA_SUCCESS; }

EXPORT CUresult cuCtxCreate_v2(void **context, unsigned, int ordinal) {
  CUresult result = cuDevicePrimaryCtxRetain(context, ordinal);
  has_context = result == CUDA_SUCCESS;
  return result;
}

EXPORT CUresult cuCtxDestroy_v2(void *) { return cuDevicePrimaryCtxRelease_v2(0); }

EXPORT CUresult cuCtxSetCurrent(void *context) {
  has_context = context != nullptr;
  return CUDA_SUCCESS;
}

EXPORT CUresult cuCtxPushCurrent_v2(void *context) { return cuCtxSetCurrent(context); }

EXPORT CUresult cuCtxPopCurrent_v2(void **context) {
  *context = has_context ? &device() : nullptr;
  has_context = false;
  return CUDA_SUCCESS;
}

EXPORT CUresult cuCtxGetCurrent(void **context) {
  *context = has_context ? &device() : nullptr;
  return CUDA_SUCCESS;
}

EXPORT CUresult cuCtxGetDevice(int *ordinal) {
  *ordinal = 0;
  return has_context ? CUDA_SUCCESS : CUDA_ERROR_INVALID_CONTEXT;
}

EXPORT CUresult cuCtxSetLimit(int limit, size_t value) {
  Locked locked(device().lock);
  if (limit < FIRST_SETTING || limit >= FIRST_SETTING + SETTINGS) return ready();
  device().settings[limit - FIRST_SETTING] = (int64_t)value;
  return CUDA_SUCCESS;
}

EXPORT CUresult cuCtxSynchronize() {
  BEGIN
  if (CUresult forbidden = device().forbid_while_capturing()) return forbidden;
  device().drain_all();
  return finish_waiting();
}

// ---------------------------------------------------------------- memory

EXPORT CUresult cuMemAlloc_v2(uint64_t *address, size_t bytes) {
  BEGIN
  if (CUresult forbidden = device().forbid_while_capturing()) return forbidden;
  return device().allocate(bytes, address);
}

EXPORT CUresult cuMemFree_v2(uint64_t address) {
  BEGIN
  if (CUresult forbidden = device().forbid_while_capturing()) return forbidden;
  device().drain_all();
  CUresult freed = device().free(address);
  return freed == CUDA_SUCCESS ? device().sticky() : freed;
}

EXPORT CUresult cuMemGetInfo_v2(size_t *free, size_t *total) {
  BEGIN
  *free = device().free_bytes();
  *total = (size_t)device().settings[MEMORY];
  return CUDA_SUCCESS;
}

EXPORT CUresult cuMemHostAlloc(void **host, size_t bytes, unsigned) {
  BEGIN
  if (bytes == 0) return CUDA_ERROR_INVALID_VALUE;
  *host = aligned_alloc(4096, (bytes + 4095) / 4096 * 4096);
  if (*host == nullptr) return CUDA_ERROR_OUT_OF_MEMORY;
  memset(*host, 0xff, bytes);
  device().pinned[(uint64_t)*host] = bytes;
  device().counters[LIVE_PINNED]++;
  return CUDA_SUCCESS;
}

EXPORT CUresult cuMemAllocHost_v2(void **host, size_t bytes) { return cuMemHostAlloc(host, bytes, 0); }

EXPORT CUresult cuMemFreeHost(void *host) {
  Locked locked(device().lock);
  if (device().pinned.erase((uint64_t)host) == 0) return CUDA_ERROR_INVALID_VALUE;
  device().drain_all();
  device().counters[LIVE_PINNED]--;
  free(host);
  return device().sticky();
}

// Pageable memory is read immediately, like by a driver that stages it; pinned memory in stream order.
EXPORT CUresult cuMemcpyHtoDAsync_v2(uint64_t to, const void *from, size_t bytes, void *stream) {
  BEGIN
  if (device().is_pinned(from)) return submit_write(stream, to, bytes, [=] { memcpy((void *)to, from, bytes); });
  if (device().stream(stream)->capture != nullptr) return invalidate(*device().stream(stream)->capture);
  std::vector<char> staged((const char *)from, (const char *)from + bytes);
  return submit_write(stream, to, bytes, [=] { memcpy((void *)to, staged.data(), bytes); });
}

// A copy to pageable memory returns when it is done.
EXPORT CUresult cuMemcpyDtoHAsync_v2(void *to, uint64_t from, size_t bytes, void *stream) {
  BEGIN
  bool pinned = device().is_pinned(to);
  if (!pinned && device().stream(stream)->capture != nullptr) return invalidate(*device().stream(stream)->capture);
  CUresult submitted = submit_on(stream, from, bytes, [=] { memcpy(to, (const void *)from, bytes); });
  if (submitted != CUDA_SUCCESS || pinned) return submitted;
  device().drain(device().stream(stream));
  return finish_waiting();
}

EXPORT CUresult cuMemcpyDtoDAsync_v2(uint64_t to, uint64_t from, size_t bytes, void *stream) {
  BEGIN
  if (bytes != 0 && !device().contains(from, bytes)) return CUDA_ERROR_INVALID_VALUE;
  return submit_on(stream, to, bytes, copy_within(to, from, bytes));
}

EXPORT CUresult cuMemcpyHtoD_v2(uint64_t to, const void *from, size_t bytes) {
  BEGIN
  if (CUresult forbidden = before_blocking()) return forbidden;
  return blocking(submit_write(nullptr, to, bytes, [=] { memcpy((void *)to, from, bytes); }));
}

EXPORT CUresult cuMemcpyDtoH_v2(void *to, uint64_t from, size_t bytes) {
  BEGIN
  if (CUresult forbidden = before_blocking()) return forbidden;
  return blocking(submit_on(nullptr, from, bytes, [=] { memcpy(to, (const void *)from, bytes); }));
}

EXPORT CUresult cuMemcpyDtoD_v2(uint64_t to, uint64_t from, size_t bytes) {
  BEGIN
  if (CUresult forbidden = before_blocking()) return forbidden;
  if (bytes != 0 && !device().contains(from, bytes)) return CUDA_ERROR_INVALID_VALUE;
  return blocking(submit_on(nullptr, to, bytes, copy_within(to, from, bytes)));
}

EXPORT CUresult cuMemsetD8Async(uint64_t to, unsigned char value, size_t count, void *stream) {
  BEGIN
  return fill(stream, to, value, count);
}

EXPORT CUresult cuMemsetD32Async(uint64_t to, unsigned value, size_t count, void *stream) {
  BEGIN
  return fill(stream, to, value, count);
}

EXPORT CUresult cuMemsetD8_v2(uint64_t to, unsigned char value, size_t count) {
  BEGIN
  return blocking(fill(nullptr, to, value, count));
}

EXPORT CUresult cuMemsetD32_v2(uint64_t to, unsigned value, size_t count) {
  BEGIN
  return blocking(fill(nullptr, to, value, count));
}

// ---------------------------------------------------------------- modules and kernels

EXPORT CUresult cuModuleLoadData(Module **module, const void *image) {
  BEGIN
  size_t length = length_of(image);
  if (length == 0) return CUDA_ERROR_NO_BINARY_FOR_GPU;
  Module *loaded = load(image, length);
  if (loaded == nullptr) return CUDA_ERROR_INVALID_IMAGE;
  const int *version = (const int *)dlsym(loaded->library, "standin_version");
  if (version == nullptr || *version != STANDIN_VERSION) {
    unload(loaded);
    return CUDA_ERROR_NO_BINARY_FOR_GPU;
  }
  *module = loaded;
  device().counters[LIVE_MODULES]++;
  return CUDA_SUCCESS;
}

EXPORT CUresult cuModuleLoadDataEx(Module **module, const void *image, unsigned, void *, void *) {
  return cuModuleLoadData(module, image);
}

EXPORT CUresult cuModuleUnload(Module *module) {
  BEGIN
  device().drain_all();
  unload(module);
  device().counters[LIVE_MODULES]--;
  return device().sticky();
}

EXPORT CUresult cuModuleGetFunction(Function **function, Module *module, const char *name) {
  BEGIN
  void *found = dlsym(module->library, (std::string("standin_kernel_") + name).c_str());
  if (found == nullptr) return CUDA_ERROR_NOT_FOUND;
  *function = new Function{name, (const StandinKernel *)found, module, SHARED_BYTES - STATIC_SHARED_BYTES};
  module->functions.push_back(*function);
  return CUDA_SUCCESS;
}

EXPORT CUresult cuModuleGetGlobal_v2(uint64_t *address, size_t *bytes, Module *module, const char *name) {
  BEGIN
  void *found = dlsym(module->library, (std::string("standin_global_") + name).c_str());
  if (found == nullptr) return CUDA_ERROR_NOT_FOUND;
  if (address != nullptr) *address = (uint64_t)((const StandinGlobal *)found)->address;
  if (bytes != nullptr) *bytes = ((const StandinGlobal *)found)->size;
  return CUDA_SUCCESS;
}

EXPORT CUresult cuFuncSetAttribute(Function *function, int attribute, int value) {
  constexpr int MAX_DYNAMIC_SHARED_SIZE_BYTES = 8;
  BEGIN
  if (attribute != MAX_DYNAMIC_SHARED_SIZE_BYTES) return CUDA_SUCCESS;
  if (value < 0 || (unsigned)value > SHARED_BYTES_ON_REQUEST - STATIC_SHARED_BYTES) return CUDA_ERROR_INVALID_VALUE;
  function->most_shared = (unsigned)value;
  return CUDA_SUCCESS;
}

EXPORT CUresult cuFuncGetAttribute(int *value, int attribute, Function *function) {
  *value = attribute == 0 ? function->kernel->max_threads : 0;
  return CUDA_SUCCESS;
}

EXPORT CUresult cuFuncSetCacheConfig(Function *, int) { return CUDA_SUCCESS; }

EXPORT CUresult cuOccupancyMaxActiveBlocksPerMultiprocessor(int *blocks, Function *, int threads, size_t) {
  *blocks = threads <= 0 ? 0 : 1024 / threads;
  return CUDA_SUCCESS;
}

EXPORT CUresult cuLaunchKernel(Function *function, unsigned grid_x, unsigned grid_y, unsigned grid_z,
                               unsigned block_x, unsigned block_y, unsigned block_z, unsigned shared_bytes,
                               void *stream, void **parameters, void **extra) {
  BEGIN
  if (extra != nullptr) return CUDA_ERROR_NOT_SUPPORTED;
  Shape shape{{grid_x, grid_y, grid_z}, {block_x, block_y, block_z}, shared_bytes};
  if (!is_possible(*function, shape)) return CUDA_ERROR_INVALID_VALUE;
  std::vector<char> arguments;
  for (int i = 0; i < function->kernel->parameters; i++) {
    size_t size = (size_t)function->kernel->sizes[i];
    size_t offset = arguments.size();
    arguments.resize(offset + (size + 15) / 16 * 16);
    memcpy(arguments.data() + offset, parameters[i], size);
  }
  Function copy = *function;
  return device().submit(device().stream(stream), [=] { execute(copy, shape, arguments); });
}

// ---------------------------------------------------------------- streams and events

EXPORT CUresult cuStreamCreate(Stream **stream, unsigned flags) {
  BEGIN
  *stream = new Stream{(flags & 1) == 0, {}, nullptr, false};
  device().streams.insert(*stream);
  device().counters[LIVE_STREAMS]++;
  return CUDA_SUCCESS;
}

EXPORT CUresult cuStreamCreateWithPriority(Stream **stream, unsigned flags, int) {
  return cuStreamCreate(stream, flags);
}

EXPORT CUresult cuStreamDestroy_v2(Stream *stream) {
  BEGIN
  if (device().streams.erase(stream) == 0) return CUDA_ERROR_INVALID_HANDLE;
  device().drain(stream);
  delete stream;
  device().counters[LIVE_STREAMS]--;
  return device().sticky();
}

EXPORT CUresult cuStreamSynchronize(void *handle) {
  BEGIN
  Stream *stream = device().stream(handle);
  if (stream->capture != nullptr) return invalidate(*stream->capture);
  if (stream == &device().null_stream) {
    device().drain_blocking();
  } else {
    device().drain(stream);
  }
  return finish_waiting();
}

EXPORT CUresult cuStreamQuery(void *handle) {
  BEGIN
  Stream *stream = device().stream(handle);
  if (stream->pending.empty()) return CUDA_SUCCESS;
  device().drain(stream, stream->pending.front().ticket);
  return CUDA_ERROR_NOT_READY;
}

EXPORT CUresult cuEventCreate(Event **event, unsigned) {
  BEGIN
  *event = new Event{nullptr, 0, true, 0, nullptr};
  device().events.insert(*event);
  device().counters[LIVE_EVENTS]++;
  return CUDA_SUCCESS;
}

EXPORT CUresult cuEventDestroy_v2(Event *event) {
  BEGIN
  if (device().events.erase(event) == 0) return CUDA_ERROR_INVALID_HANDLE;
  device().drain_all();
  delete event;
  device().counters[LIVE_EVENTS]--;
  return CUDA_SUCCESS;
}

EXPORT CUresult cuEventRecord(Event *event, void *handle) {
  BEGIN
  Stream *stream = device().stream(handle);
  event->stream = stream;
  event->done = false;
  event->capture = stream->capture;
  CUresult submitted = device().submit(stream, [=] {
    auto now = std::chrono::steady_clock::now().time_since_epoch();
    event->milliseconds = std::chrono::duration<double, std::milli>(now).count();
    event->done = true;
  });
  event->ticket = device().last_ticket();
  return submitted;
}

EXPORT CUresult cuEventSynchronize(Event *event) {
  BEGIN
  if (event->capture != nullptr) return invalidate(*event->capture);
  if (!event->done) device().drain(event->stream, event->ticket);
  return finish_waiting();
}

EXPORT CUresult cuEventQuery(Event *event) {
  BEGIN
  if (event->done) return CUDA_SUCCESS;
  device().drain(event->stream, event->ticket);
  return CUDA_ERROR_NOT_READY;
}

EXPORT CUresult cuEventElapsedTime(float *milliseconds, Event *start, Event *end) {
  BEGIN
  if (!start->done || !end->done) return CUDA_ERROR_NOT_READY;
  *milliseconds = (float)(end->milliseconds - start->milliseconds);
  return CUDA_SUCCESS;
}

EXPORT CUresult cuStreamWaitEvent(void *handle, Event *event, unsigned) {
  BEGIN
  Stream *stream = device().stream(handle);
  if (event->capture != nullptr) {
    stream->capture = event->capture;  // the stream joins the capture; the call order is a valid order of the graph
    return CUDA_SUCCESS;
  }
  if (event->stream == nullptr || event->stream == stream) return CUDA_SUCCESS;
  Stream *other = event->stream;
  uint64_t ticket = event->ticket;
  return device().submit(stream, [=] { device().drain(other, ticket); });
}

// ---------------------------------------------------------------- graphs

EXPORT CUresult cuStreamBeginCapture_v2(Stream *stream, int mode) {
  BEGIN
  if (stream == nullptr || stream->capture != nullptr) return CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
  stream->capture = std::make_shared<Capture>(Capture{mode, false, {}});
  stream->is_origin = true;
  return CUDA_SUCCESS;
}

EXPORT CUresult cuStreamIsCapturing(void *handle, int *status) {
  BEGIN
  const auto &capture = device().stream(handle)->capture;
  *status = capture == nullptr ? 0 : capture->invalid ? 2 : 1;
  return CUDA_SUCCESS;
}

EXPORT CUresult cuStreamEndCapture(Stream *stream, Graph **graph) {
  BEGIN
  *graph = nullptr;
  if (stream == nullptr || stream->capture == nullptr || !stream->is_origin) return CUDA_ERROR_INVALID_VALUE;
  std::shared_ptr<Capture> capture = stream->capture;
  for (Stream *other : device().streams) {
    if (other->capture == capture) other->capture = nullptr;
  }
  stream->is_origin = false;
  if (capture->invalid) return CUDA_ERROR_STREAM_CAPTURE_INVALIDATED;
  *graph = new Graph{std::move(capture->operations)};
  device().counters[LIVE_GRAPHS]++;
  return CUDA_SUCCESS;
}

EXPORT CUresult cuGraphInstantiateWithFlags(Graph **executable, Graph *graph, unsigned long long) {
  BEGIN
  *executable = new Graph{graph->operations};
  device().counters[LIVE_GRAPHS]++;
  return CUDA_SUCCESS;
}

EXPORT CUresult cuGraphUpload(Graph *, void *) { return ready(); }

EXPORT CUresult cuGraphLaunch(Graph *executable, void *stream) {
  BEGIN
  device().counters[GRAPH_LAUNCHES]++;
  return device().submit(device().stream(stream), [operations = executable->operations] {
    for (const auto &operation : operations) {
      if (device().sticky() == CUDA_SUCCESS) operation();
    }
  });
}

EXPORT CUresult cuGraphExecDestroy(Graph *executable) {
  BEGIN
  delete executable;
  device().counters[LIVE_GRAPHS]--;
  return CUDA_SUCCESS;
}

EXPORT CUresult cuGraphDestroy(Graph *graph) { return cuGraphExecDestroy(graph); }

EXPORT CUresult cuGraphGetNodes(Graph *graph, void **, size_t *count) {
  *count = graph->operations.size();
  return CUDA_SUCCESS;
}
