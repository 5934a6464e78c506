#!/usr/bin/env python3
"""Measures bpnn's CUDA backend on a machine with an NVIDIA GPU, and PyTorch beside it.

    mvn -B -Pportable package                        # anywhere; then copy the bundle and this folder to the GPU host
    python3 gpu.py bpnn-0.1.0-SNAPSHOT-linux-x86_64.tar.gz --out gpu.md

The host needs the NVIDIA driver, NVRTC and cuBLAS (a PyTorch of CUDA 12 brings both), and Python 3; neither a JDK nor a
network. It unpacks the bundle, runs the conformance kit, compares the weights of an exact training with those of the CPU
backend, measures the time of a step, and writes a page in Markdown. It ends with 1 if something did not hold.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time

VARIANTS = {"plain": [], "dropout": ["--dropout", "0.5"], "batch-norm": ["--batch-norm"]}
HERE = os.path.dirname(os.path.abspath(__file__))


class Program:
    """The unpacked bundle."""

    def __init__(self, bundle, folder, properties):
        with tarfile.open(bundle) as archive:
            archive.extractall(folder)
        (name,) = os.listdir(folder)
        self.path = os.path.join(folder, name, "bpnn")
        self.folder = folder
        self.properties = ["-D" + entry for entry in properties]

    def run(self, *arguments):
        command = [self.path, *self.properties, *arguments]
        print("$ bpnn " + " ".join(arguments), file=sys.stderr, flush=True)
        return subprocess.run(command, stdout=subprocess.PIPE, text=True, cwd=self.folder)

    def json(self, *arguments):
        done = self.run(*arguments, "--json", "--quiet")
        if done.returncode != 0:
            raise SystemExit("bpnn ended with %d." % done.returncode)
        return json.loads(done.stdout.strip().splitlines()[-1])

    def train(self, out, *arguments):
        return self.json("train", "--dataset", "synthetic", "--seed", "1", "--out",
                         os.path.join(self.folder, "runs", out), *arguments)

    def milliseconds_per_step(self, variant, batch, numerics, options):
        """The median over the epochs but the first, in which the kernels are compiled and the step is recorded."""
        out = "%s-%d-%s" % (variant, batch, numerics)
        images = batch * options.steps
        self.train(out, "--backend", options.backend, "--numerics", numerics, "--batch-size", str(batch), "--epochs",
                   str(options.epochs), "--limit", str(images + 10), "--validation", "10", *VARIANTS[variant])
        with open(os.path.join(self.folder, "runs", out, "history.jsonl")) as lines:
            epochs = [entry for entry in map(json.loads, lines) if "seconds" in entry]
        return statistics.median(entry["seconds"] for entry in epochs[1:]) / options.steps * 1e3


def shown(value):
    return "–" if value is None else "%.3f" % value


def pytorch(options):
    """PyTorch's figures by (mode, variant, batch), and its versions; or the reason why there are none."""
    command = [options.python, os.path.join(HERE, "pytorch_step.py"), "--batch", *map(str, options.batch)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    figures = {(line["mode"], line["variant"], line["batch"]): line["msPerStep"] for line in lines[1:]}
    if done.returncode != 0:
        reason = done.stderr.strip().splitlines()[-1:] or ["no reason given"]
        return figures, "PyTorch was not measured: " + reason[0]
    return figures, "PyTorch %s, CUDA %s" % (lines[0]["torch"], lines[0]["cuda"])


def exact_hashes(program, options):
    arguments = ["--numerics", "exact", "--steps", str(options.exact_steps), "--dropout", "0.5", "--batch-norm",
                 "--limit", "26000", "--validation", "400"]
    return [program.train("exact-" + backend, "--backend", backend, *arguments)["weightsSha256"]
            for backend in ("cpu", options.backend)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle")
    parser.add_argument("--out", default="gpu.md")
    parser.add_argument("--batch", type=int, nargs="+", default=[64, 128, 512, 4096])
    parser.add_argument("--steps", type=int, default=400, help="steps of an epoch")
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--exact-steps", type=int, default=200)
    parser.add_argument("--backend", default="cuda")
    parser.add_argument("--python", default=sys.executable, help="a Python that has PyTorch")
    parser.add_argument("-D", dest="properties", action="append", default=[], metavar="NAME=VALUE",
                        help="for bpnn, such as bpnn.cuda.libraries=FOLDER")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        program = Program(options.bundle, folder, options.properties)
        verified = program.run("verify", "--backend", options.backend)
        print(verified.stdout, file=sys.stderr)
        hashes = exact_hashes(program, options)
        device = program.train("device", "--backend", options.backend, "--steps", "1", "--limit", "1000",
                               "--validation", "100")["device"]
        rows = []
        theirs, about = pytorch(options)
        for variant in VARIANTS:
            for batch in options.batch:
                fast, exact = (program.milliseconds_per_step(variant, batch, numerics, options)
                               for numerics in ("fast", "exact"))
                rows.append((variant, batch, fast, exact, theirs.get(("eager", variant, batch)),
                             theirs.get(("graph", variant, batch))))
        version = program.run("--version").stdout.strip().replace("\n", ", ")

    same = hashes[0] == hashes[1]
    with open(options.out, "w", encoding="utf-8") as page:
        page.write("Milliseconds for a training step of 784-512-512-10 on %s.\n\n" % device)
        page.write("| network | batch | bpnn fast | bpnn exact | PyTorch eager | PyTorch CUDA graph |\n")
        page.write("|---|---|---|---|---|---|\n")
        for variant, batch, *figures in rows:
            page.write("| %s | %d | %s |\n" % (variant, batch, " | ".join(map(shown, figures))))
        page.write("\n%s. %s. %s, %s.\n" % (version, about, platform.platform(), time.strftime("%Y-%m-%d")))
        page.write("`bpnn verify --backend %s`: %s.\n" % (
            options.backend, "passed" if verified.returncode == 0 else "FAILED (%d)" % verified.returncode))
        page.write("Weights after %d exact steps with dropout and batch norm: %s those of the CPU backend (%s).\n" % (
            options.exact_steps, "equal to" if same else "DIFFERENT from", hashes[1][:16]))
    print(open(options.out, encoding="utf-8").read())
    sys.exit(0 if same and verified.returncode == 0 else 1)


if __name__ == "__main__":
    main()
