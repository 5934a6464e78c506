// Run-time compilation with g++: the "cubin" is a shared object that the stand-in's driver loads.
#include <dlfcn.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "kernel.h"

#define EXPORT extern "C" __attribute__((visibility("default")))

extern char **environ;

enum nvrtcResult {
  NVRTC_SUCCESS = 0,
  NVRTC_ERROR_INVALID_INPUT = 3,
  NVRTC_ERROR_INVALID_PROGRAM = 4,
  NVRTC_ERROR_INVALID_OPTION = 5,
  NVRTC_ERROR_COMPILATION = 6,
  NVRTC_ERROR_BUILTIN_OPERATION_FAILURE = 7,
  NVRTC_ERROR_INTERNAL_ERROR = 11
};

struct Program {
  std::string source;
  std::string name;
  std::string log;
  std::string cubin;
};

namespace {

constexpr int MAJOR = 12;
const char *const BUILTINS = "libnvrtc-builtins.so.12.99";

typedef std::vector<std::string> Words;

std::string read(const std::string &path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

void write(const std::string &path, const std::string &text) { std::ofstream(path, std::ios::binary) << text; }

std::string own_folder() {
  Dl_info info;
  dladdr((const void *)&own_folder, &info);
  std::string path = info.dli_fname;
  return path.substr(0, path.find_last_of('/'));
}

struct Scratch {
  std::string path;

  Scratch() {
    const char *parent = getenv("TMPDIR");
    std::string pattern = std::string(parent == nullptr ? "/tmp" : parent) + "/cuda-stand-in-XXXXXX";
    if (mkdtemp(&pattern[0]) != nullptr) path = pattern;
  }

  ~Scratch() {
    for (const char *name : {"/in.cpp", "/preprocessed.ii", "/kernels.cpp", "/kernels.o", "/kernels.so", "/log"}) {
      unlink((path + name).c_str());
    }
    rmdir(path.c_str());
  }
};

// Runs g++ with its messages in the file; returns whether it succeeded.
bool run(const Words &words, const std::string &log) {
  std::vector<char *> arguments;
  for (const std::string &word : words) arguments.push_back((char *)word.c_str());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 2, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  pid_t child;
  int failed = posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) {
    write(log, std::string("The CUDA stand-in cannot start g++: ") + strerror(failed) + "\n");
    return false;
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

struct Request {
  Words definitions;
  bool contract = true;   // NVRTC fuses multiply and add unless told not to
  bool virtual_architecture = false;
};

// Parses the options that matter here; rejects any other, like NVRTC.
bool read_options(int count, const char *const *options, Request &request) {
  for (int i = 0; i < count; i++) {
    std::string option = options[i];
    if (option.compare(0, 2, "--") == 0) option = option.substr(1);
    std::string value;
    size_t equals = option.find('=');
    if (option.compare(0, 2, "-D") != 0 && equals != std::string::npos) {
      value = option.substr(equals + 1);
      option = option.substr(0, equals);
    }
    if (option == "-arch" || option == "-gpu-architecture") {
      request.virtual_architecture = value.compare(0, 8, "compute_") == 0;
    } else if (option == "-fmad") {
      request.contract = value == "true";
    } else if (option.compare(0, 2, "-D") == 0) {
      request.definitions.push_back(option);
    } else if (option != "-std" && option != "-ftz" && option != "-prec-div" && option != "-prec-sqrt" &&
               option != "-lineinfo" && option != "-default-device" && option != "-restrict") {
      return false;
    }
  }
  return true;
}

// Position of the parenthesis that closes the one at `open`.
size_t closing(const std::string &text, size_t open) {
  int depth = 0;
  for (size_t i = open; i < text.size(); i++) {
    depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
    if (depth == 0) return i;
  }
  return text.size();
}

// The function whose declaration continues at `at`, after __global__: [__launch_bounds__(most threads, …)] void NAME(
std::string registration(const std::string &text, size_t at) {
  static const std::regex word(R"(\w+)");
  std::string bound = "1024";
  std::smatch found;
  while (std::regex_search(text.begin() + (long)at, text.end(), found, word)) {
    std::string name = found.str();
    at += (size_t)found.position() + name.size();
    size_t open = text.find_first_not_of(" \t\r\n", at);
    if (open == std::string::npos || text[open] != '(') continue;
    if (name != "__launch_bounds__") return "STANDIN_KERNEL(" + name + ", (int)(" + bound + "))\n";
    at = closing(text, open);
    bound = "standin_first(" + text.substr(open + 1, at - open - 1) + ")";
  }
  return "";
}

// Device functions and variables are found in the preprocessed text, after macro expansion, and registered at its end,
// where their types are complete.
std::string registrations(const std::string &text) {
  static const std::string keyword = "__global__";
  std::string result;
  for (size_t at = text.find(keyword); at != std::string::npos; at = text.find(keyword, at + 1)) {
    result += registration(text, at + keyword.size());
  }
  static const std::regex variable(R"(__(?:constant|device)__\s+(?:[\w:]+\s+)+(\w+)\s*(?:\[[^\]]*\]\s*)*(?:=|;))");
  for (std::sregex_iterator i(text.begin(), text.end(), variable), end; i != end; ++i) {
    result += "STANDIN_GLOBAL(" + (*i)[1].str() + ")\n";
  }
  return result;
}

// An anonymous namespace gives internal linkage, so that shared arrays in templates are plain statics.
std::string translation_unit(const std::string &preprocessed) {
  static const std::regex dynamic(R"(extern\s+__shared__\s+([\w ]+?)\s*(\w+)\s*\[\s*\]\s*;)");
  std::string text = std::regex_replace(preprocessed, dynamic, "$1 *$2 = ($1 *)standin_dynamic_shared();");
  return "#include \"cuda_on_cpu.h\"\nnamespace {\n" + text + "\n}\n# 1 \"registrations\"\n" +
         "STANDIN_EXPORT const int standin_version;\nconst int standin_version = STANDIN_VERSION;\n" + registrations(preprocessed);
}

nvrtcResult compile(Program &program, const Request &request) {
  Scratch scratch;
  std::string log = scratch.path + "/log";
  std::string in = scratch.path + "/in.cpp";
  std::string preprocessed = scratch.path + "/preprocessed.ii";
  std::string unit = scratch.path + "/kernels.cpp";
  std::string object = scratch.path + "/kernels.o";
  std::string library = scratch.path + "/kernels.so";
  write(in, "# 1 \"" + program.name + "\"\n" + program.source);
  Words first = {"g++", "-E", "-x", "c++", "-std=c++17", "-nostdinc", "-D__CUDACC_RTC__", "-D__CUDACC__", "-DCUDA_STAND_IN",
                 "-D__CUDA_ARCH__=800", in, "-o", preprocessed};
  first.insert(first.end(), request.definitions.begin(), request.definitions.end());
  bool good = run(first, log);
  if (good) {
    write(unit, translation_unit(read(preprocessed)));
    Words second = {"g++", "-std=c++17", "-O1", "-fexpensive-optimizations", "-ftree-vectorize", "-march=native",
                    "-mprefer-vector-width=256", request.contract ? "-ffp-contract=fast" : "-ffp-contract=off",
                    "-fno-math-errno", "-fno-trapping-math", "-fno-exceptions", "-fno-rtti", "-fno-strict-aliasing",
                    "-fvisibility=hidden", "-fPIC", "-w", "-fdiagnostics-color=never", "-I" + own_folder(), "-c", unit,
                    "-o", object};
    // With lines for its messages. What the instrumentation calls is defined in sanitizer.cpp, not in g++'s library.
    if (STANDIN_SANITIZED) second.insert(second.end(), {"-fsanitize=thread", "-g1"});
    Words third = {"g++", "-shared", object, own_folder() + "/libcuda.so.1", "-o", library};
    if (!STANDIN_SANITIZED) third.push_back("-s");
    good = run(second, log) && run(third, log);
  }
  program.log = read(log);
  if (!good) return NVRTC_ERROR_COMPILATION;
  program.cubin = request.virtual_architecture ? "" : read(library);
  return NVRTC_SUCCESS;
}

}  // namespace

EXPORT const char *nvrtcGetErrorString(int result) {
  switch (result) {
    case NVRTC_SUCCESS: return "NVRTC_SUCCESS";
    case NVRTC_ERROR_INVALID_INPUT: return "NVRTC_ERROR_INVALID_INPUT";
    case NVRTC_ERROR_INVALID_PROGRAM: return "NVRTC_ERROR_INVALID_PROGRAM";
    case NVRTC_ERROR_INVALID_OPTION: return "NVRTC_ERROR_INVALID_OPTION";
    case NVRTC_ERROR_COMPILATION: return "NVRTC_ERROR_COMPILATION";
    case NVRTC_ERROR_BUILTIN_OPERATION_FAILURE: return "NVRTC_ERROR_BUILTIN_OPERATION_FAILURE";
    default: return "NVRTC_ERROR_INTERNAL_ERROR";
  }
}

EXPORT nvrtcResult nvrtcVersion(int *major, int *minor) {
  *major = MAJOR;
  *minor = STANDIN_VERSION;  // no release of NVRTC has such a number
  return NVRTC_SUCCESS;
}

EXPORT nvrtcResult nvrtcGetNumSupportedArchs(int *count) {
  *count = 1;
  return NVRTC_SUCCESS;
}

EXPORT nvrtcResult nvrtcGetSupportedArchs(int *architectures) {
  architectures[0] = 80;
  return NVRTC_SUCCESS;
}

EXPORT nvrtcResult nvrtcCreateProgram(Program **program, const char *source, const char *name, int headers,
                                      const char *const *, const char *const *) {
  if (source == nullptr || headers != 0) return NVRTC_ERROR_INVALID_INPUT;
  *program = new Program{source, name == nullptr ? "default_program" : name, "", ""};
  return NVRTC_SUCCESS;
}

EXPORT nvrtcResult nvrtcDestroyProgram(Program **program) {
  delete *program;
  *program = nullptr;
  return NVRTC_SUCCESS;
}

EXPORT nvrtcResult nvrtcCompileProgram(Program *program, int count, const char *const *options) {
  if (program == nullptr) return NVRTC_ERROR_INVALID_PROGRAM;
  // NVRTC finds its second library only by name, so it must already be loaded.
  void *builtins = dlopen(BUILTINS, RTLD_NOW);
  if (builtins == nullptr) {
    program->log = std::string("nvrtc: error: failed to open ") + BUILTINS + ".\n";
    return NVRTC_ERROR_BUILTIN_OPERATION_FAILURE;
  }
  dlclose(builtins);
  Request request;
  if (!read_options(count, options, request)) return NVRTC_ERROR_INVALID_OPTION;
  return compile(*program, request);
}

EXPORT nvrtcResult nvrtcGetProgramLogSize(Program *program, size_t *size) {
  *size = program->log.size() + 1;
  return NVRTC_SUCCESS;
}

EXPORT nvrtcResult nvrtcGetProgramLog(Program *program, char *log) {
  memcpy(log, program->log.c_str(), program->log.size() + 1);
  return NVRTC_SUCCESS;
}

EXPORT nvrtcResult nvrtcGetCUBINSize(Program *program, size_t *size) {
  *size = program->cubin.size();
  return NVRTC_SUCCESS;
}

EXPORT nvrtcResult nvrtcGetCUBIN(Program *program, char *cubin) {
  memcpy(cubin, program->cubin.data(), program->cubin.size());
  return NVRTC_SUCCESS;
}
