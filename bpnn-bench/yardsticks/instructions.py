#!/usr/bin/env python3
"""Counts the machine instructions of the CUDA kernels' inner loops. No GPU is needed.

    .ci/nvrtc                                   # once: fetches NVIDIA's compiler to bpnn-cuda/target/nvrtc
    python3 instructions.py --cuobjdump PATH    # of the CUDA toolkit; PyTorch's package triton has one in backends/nvidia/bin

For each kernel: its registers, bytes spilled from them, and the longest run of instructions without a branch or barrier that
multiplies. Such a run is what a warp does for one panel of the operands, so fewer instructions for the same multiplications
(HMMA on tensor cores, FFMA elsewhere) are less work.
"""

import argparse
import collections
import ctypes
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
MULTIPLICATIONS = ("HMMA", "FFMA")
# A run with fewer is no loop over a panel.
FEWEST = 20


def compiled(options):
    """The machine code, and what the assembler says of each kernel."""
    libraries = glob.glob(os.path.join(options.nvrtc, "**", "libnvrtc.so.*"), recursive=True)
    if not libraries:
        sys.exit("There is no libnvrtc.so below %s; .ci/nvrtc fetches it, or --nvrtc says where it is." % options.nvrtc)
    folder = os.path.dirname(libraries[0])
    for library in glob.glob(os.path.join(folder, "libnvrtc-builtins.so.*")):
        ctypes.CDLL(library, mode=ctypes.RTLD_GLOBAL)
    nvrtc = ctypes.CDLL(libraries[0])
    program, size = ctypes.c_void_p(), ctypes.c_size_t()
    with open(options.source, "rb") as source:
        nvrtc.nvrtcCreateProgram(ctypes.byref(program), source.read(), b"kernels.cu", 0, None, None)
    # Those of KernelCompiler.java.
    flags = ["--gpu-architecture=" + options.arch, "--std=c++17", "--fmad=false", "-DTENSOR_PARTS=%d" % options.parts,
             "--ptxas-options=-v"]
    result = nvrtc.nvrtcCompileProgram(program, len(flags), (ctypes.c_char_p * len(flags))(*map(str.encode, flags)))
    nvrtc.nvrtcGetProgramLogSize(program, ctypes.byref(size))
    log = ctypes.create_string_buffer(size.value)
    nvrtc.nvrtcGetProgramLog(program, log)
    if result != 0:
        sys.exit("NVRTC does not compile %s:\n%s" % (options.source, log.value.decode()))
    nvrtc.nvrtcGetCUBINSize(program, ctypes.byref(size))
    cubin = ctypes.create_string_buffer(size.value)
    nvrtc.nvrtcGetCUBIN(program, cubin)
    return cubin.raw, log.value.decode()


def resources(log):
    """Registers and spilled bytes by kernel."""
    found, kernel = {}, None
    for line in log.splitlines():
        kernel = (re.search(r"entry function '(\w+)'", line) or [None, kernel])[1]
        for what, pattern in (("registers", r"Used (\d+) registers"), ("spilled", r"(\d+) bytes spill stores")):
            number = re.search(pattern, line)
            if number and kernel:
                found.setdefault(kernel, {})[what] = int(number[1])
    return found


def longest_run(listing):
    """The longest run of instructions that multiplies, as counts by name; None without one."""
    runs = [collections.Counter()]
    for line in listing.splitlines():
        instruction = re.match(r"\s+/\*[0-9a-f]{4,}\*/\s+(?:@!?U?P\w+\s+)?([A-Z0-9]+)", line)
        if instruction:
            runs[-1][instruction[1]] += 1
            if instruction[1] in ("BRA", "BAR", "EXIT", "RET"):
                runs.append(collections.Counter())
    runs = [run for run in runs if sum(run[name] for name in MULTIPLICATIONS) >= FEWEST]
    return max(runs, key=lambda run: sum(run.values()), default=None)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cuobjdump", default="cuobjdump")
    parser.add_argument("--nvrtc", default=os.path.join(ROOT, "bpnn-cuda/target/nvrtc/12"), help="a folder with libnvrtc")
    parser.add_argument("--source", default=os.path.join(ROOT, "bpnn-cuda/src/main/resources/bpnn/cuda/kernels.cu"))
    parser.add_argument("--arch", default="sm_90")
    parser.add_argument("--parts", type=int, default=3, choices=(0, 1, 3), help="0: exact, 1: TF32, 3: fast")
    parser.add_argument("--kernels", default="layer_(for|back)ward|weight_gradients", help="a regular expression")
    options = parser.parse_args()
    if shutil.which(options.cuobjdump) is None:
        parser.error("%s cannot be started; --cuobjdump says where it is" % options.cuobjdump)
    cubin, log = compiled(options)
    # cuobjdump calls nvdisasm, which lies beside it.
    environment = dict(os.environ, PATH=os.path.dirname(os.path.abspath(options.cuobjdump)) + ":" + os.environ["PATH"])
    print("| kernel | registers | bytes spilled | instructions | of them HMMA or FFMA | loads from shared memory |")
    print("|---|---|---|---|---|---|")
    with tempfile.NamedTemporaryFile(suffix=".cubin") as file:
        file.write(cubin)
        file.flush()
        for kernel, used in sorted(resources(log).items()):
            if not re.search(options.kernels, kernel):
                continue
            listing = subprocess.run([options.cuobjdump, "-sass", "-fun", kernel, file.name], stdout=subprocess.PIPE,
                                     text=True, check=True, env=environment).stdout
            run = longest_run(listing)
            if run:
                print("| `%s` | %d | %d | %d | %d | %d |" % (
                    kernel, used["registers"], used.get("spilled", 0), sum(run.values()),
                    sum(run[name] for name in MULTIPLICATIONS), run["LDS"]))


if __name__ == "__main__":
    main()
