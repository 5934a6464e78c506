#!/usr/bin/env python3
"""Measures bpnn's CUDA backend on a machine with an NVIDIA GPU, and PyTorch beside it.

    mvn -B -Pportable package             # anywhere on Linux x86-64; then copy the bundle and this folder to the GPU host
    python3 gpu.py                        # there; BUNDLE as an argument if it lies neither here nor in bpnn-app/target

The host needs the NVIDIA driver, NVRTC and cuBLAS of CUDA 12 or 13 (a PyTorch with CUDA brings both, and is where they are
looked for first), and Python 3.8; neither a JDK nor a network. In this order it

    prove     runs the conformance kit, NVIDIA's compute-sanitizer where it is installed, and what can go wrong: too little
              memory, two processes at once, Ctrl-C, a training that goes on on the CPU (prove.py),
    exact     compares the weights of an exact training with those of the CPU backend,
    same      compares losses with PyTorch's from the same weights and images, so that both train the same network,
    table     measures the time of a training step: bpnn fast and exact, PyTorch eager, as a CUDA graph and compiled, in turns,
    profile   tells where the time of a step goes, kernel by kernel, with NVIDIA's ncu where it is installed,
    cpu       compares with the host's CPU, two threads: from which batch on is the GPU faster?

and after every step of this writes the page gpu.md and the figures gpu.json, so that what was measured is not lost when it
is interrupted. What fails is told there, and the rest goes on. It takes some minutes; --parts does it in pieces, and with
--budget SECONDS nothing is begun after that time. It ends
with 0 if everything that was asked for could be done and holds; whether the goals are met does not matter for that.

To try other kernels against those of the bundle, in turns on the same GPU:

    python3 gpu.py --kernels kernels.cu --contenders fast other --parts table --batch 128 --variant plain
"""

import argparse
import csv
import glob
import json
import math
import os
import platform
import random
import shutil
import statistics
import struct
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile

import prove

HERE = os.path.dirname(os.path.abspath(__file__))
VARIANTS = {"plain": [], "dropout": ["--dropout", "0.5"], "batch-norm": ["--batch-norm"]}
CONTENDERS = {
    "fast": "bpnn fast",
    "exact": "bpnn exact",
    "other": "bpnn fast, other kernels",
    "eager": "PyTorch eager",
    "graph": "PyTorch CUDA graph",
    "compile": "torch.compile",
}
OURS = ("fast", "exact", "other")
NUMERICS = ("fast", "exact")
KERNELS = "bpnn/cuda/kernels.cu"
PARTS = ("prove", "exact", "same", "table", "profile", "cpu")
STAND_IN = "CUDA stand-in"
# A network that knows nothing has the loss ln 10; whoever is not below that after so many steps does not train.
GUESSING = math.log(10) - 0.1
LEARNT_AFTER = 100
# Batch and steps of the comparison of losses, and how far they may be apart: rounding grows from step to step.
SAME_BATCH, SAME_STEPS = 128, 20
SAME_LOSS = 1e-3
SAME_LEVEL = 0.2
# Of a failure that the page tells; the figures have all.
MOST_PLACES = 3


Failure = prove.Failure


def write_images(folder, count):
    """Noise with a bright stripe for the class, two labels of five drawn by lot: as four IDX files, always the same ones."""
    os.makedirs(folder)
    lots = random.Random(1)
    noise = [lots.getrandbits(8 * 784).to_bytes(784, "little") for _ in range(1021)]
    for name, images in (("train", count), ("t10k", 100)):
        stripes = bytes(lots.randrange(10) for _ in range(images))
        labels = bytes(lots.randrange(10) if lots.randrange(5) < 2 else stripe for stripe in stripes)
        with open(os.path.join(folder, name + "-labels-idx1-ubyte"), "wb") as out:
            out.write(struct.pack(">II", 0x801, images) + labels)
        with open(os.path.join(folder, name + "-images-idx3-ubyte"), "wb") as out:
            out.write(struct.pack(">IIII", 0x803, images, 28, 28))
            for i, stripe in enumerate(stripes):
                row, begin = noise[i % len(noise)], 78 * stripe
                out.write(row[:begin] + b"\xff" * 78 + row[begin + 78:])


class Images:
    """The data sets, made when they are needed."""

    def __init__(self, folder):
        self.folder = folder

    def of(self, count):
        folder = os.path.join(self.folder, "images-%d" % count)
        if not os.path.isdir(folder):
            write_images(folder, count)
        return folder


class Program:
    """The unpacked bundle, with other kernels if a file is named."""

    def __init__(self, folder, options, kernels=None):
        with tarfile.open(options.bundle) as archive:
            archive.extractall(folder)
        (self.path,) = glob.glob(os.path.join(folder, "*", "bpnn"))
        if kernels is not None:
            replace_kernels(glob.glob(os.path.join(folder, "*", "lib", "bpnn-cuda-*.jar"))[0], kernels)
        self.folder = folder
        self.backend = options.backend
        self.limit = options.limit
        properties = list(options.properties)
        if not any(entry.startswith("bpnn.cache=") for entry in properties):
            properties.append("bpnn.cache=" + os.path.join(folder, "cache"))
        if not any(entry.startswith("bpnn.cuda.libraries=") for entry in properties):
            properties.extend(libraries_of(options.python))
        self.properties = ["-D" + entry for entry in properties]

    def run(self, *arguments):
        """What it says; a Failure if it does not end with 0."""
        return self.call(self.command(*arguments), "bpnn " + arguments[0])

    def command(self, *arguments):
        return [self.path, *self.properties, *arguments]

    def call(self, command, name):
        done = self.result_of(command, name)
        if done.returncode != 0:
            said = (done.stderr.strip() or done.stdout.strip() or "nothing").splitlines()[-1]
            raise Failure("%s ended with %d: %s" % (name, done.returncode, said))
        return done.stdout

    def result_of(self, command, name):
        """What it says and how it ends; a Failure if it takes too long or cannot be started."""
        print("$ " + " ".join(command), file=sys.stderr, flush=True)
        try:
            done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=self.folder,
                                  timeout=self.limit)
        except subprocess.TimeoutExpired:
            raise Failure("%s took more than %d s" % (name, self.limit))
        except OSError as failure:
            raise Failure("%s cannot be started: %s" % (name, failure))
        sys.stderr.write(done.stderr)
        return done

    def train(self, name, *arguments):
        """The result, and the folder of the run."""
        folder = os.path.join(self.folder, "runs", name)
        said = self.run("train", "--validation", "0", "--seed", "1", "--schedule", "constant", "--out", folder, "--json",
                        "--quiet", *arguments)
        return json.loads(said.strip().splitlines()[-1]), folder


def replace_kernels(jar, kernels):
    with zipfile.ZipFile(jar) as archive:
        entries = [(entry, archive.read(entry)) for entry in archive.infolist()]
    with open(kernels, "rb") as source:
        content = source.read()
    with zipfile.ZipFile(jar, "w") as archive:
        for entry, old in entries:
            archive.writestr(entry, content if entry.filename == KERNELS else old)


def libraries_of(python):
    """Where the packages of a Python hold NVIDIA's libraries: those that its PyTorch uses."""
    script = ("import os, sys; print(os.pathsep.join(os.path.abspath(p) for p in sys.path"
              " if os.path.isdir(os.path.join(p, 'nvidia'))))")
    try:
        folders = subprocess.run([python, "-c", script], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return []
    return ["bpnn.cuda.libraries=" + folders] if folders else []


def history(folder):
    with open(os.path.join(folder, "history.jsonl"), encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


class PyTorch:
    """A process with PyTorch, started when it is first asked, and anew after it died."""

    def __init__(self, folder, options):
        self.command = [options.python, os.path.join(HERE, "pytorch_step.py"), "--device", options.torch_device]
        self.log = os.path.join(folder, "pytorch.log")
        self.process = None
        self.about = None

    def ask(self, **request):
        if self.process is None:
            self.start()
        print("$ PyTorch " + json.dumps(request), file=sys.stderr, flush=True)
        reply = self.exchange(json.dumps(request))
        if "error" in reply:
            raise Failure(reply["error"])
        return reply

    def start(self):
        try:
            with open(self.log, "w", encoding="utf-8") as log:
                self.process = subprocess.Popen(
                    self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True)
        except OSError as failure:
            raise Failure("%s cannot be started: %s" % (self.command[0], failure))
        self.about = self.exchange(None)

    def exchange(self, line):
        try:
            if line is not None:
                self.process.stdin.write(line + "\n")
                self.process.stdin.flush()
            answer = self.process.stdout.readline()
        except OSError:
            answer = ""
        if answer:
            return json.loads(answer)
        code = self.process.wait()
        self.process = None
        with open(self.log, encoding="utf-8") as log:
            said = log.read().strip()
        sys.stderr.write(said + "\n")
        raise Failure("PyTorch (%s) ended with %d: %s" % (self.command[0], code, (said or "nothing").splitlines()[-1]))

    def close(self):
        if self.process is not None:
            self.process.stdin.close()
            self.process.wait()


class Measurement:
    """Everything that is known so far."""

    def __init__(self, options, folder):
        self.options = options
        self.began = time.monotonic()
        self.images = Images(folder)
        self.program = Program(folder, options)
        self.other = Program(os.path.join(folder, "other"), options, options.kernels) if options.kernels else None
        self.pytorch = PyTorch(folder, options)
        self.device = None
        self.facts = {}
        self.version = ""
        self.checks = []
        self.profiles = []
        self.cpu = {}
        self.times = {}
        self.failures = {}

    def attempt(self, what, action):
        """Does it, and notes why it fails; what it gives, or None."""
        if self.options.budget and time.monotonic() - self.began > self.options.budget:
            self.failures.setdefault("not begun within %d s" % self.options.budget, []).append(what)
            return None
        try:
            return action()
        except Failure as failure:
            self.failures.setdefault(str(failure), []).append(what)
            return None
        finally:
            self.write()

    @property
    def contenders(self):
        return [name for name in CONTENDERS if name in self.options.contenders and (name != "other" or self.other)]

    # ---- the parts

    def find_device(self):
        self.version = self.program.run("--version").strip().replace("\n", ", ")
        result, folder = self.program.train(
            "device", "--backend", self.options.backend, "--dataset", self.images.of(1280), "--steps", "1")
        self.device = result["device"]
        with open(os.path.join(folder, "run.json"), encoding="utf-8") as run:
            self.facts = json.load(run)["backend"]["facts"]

    def exact(self):
        steps = self.options.exact_steps
        data = self.images.of(128 * max(1, steps // 2))
        hashes = []
        for backend in ("cpu", self.options.backend):
            result, _ = self.program.train(
                "exact-" + backend, "--backend", backend, "--numerics", "exact", "--dataset", data, "--steps",
                str(steps), "--dropout", "0.5", "--batch-norm")
            hashes.append(result["weightsSha256"])
        if hashes[0] != hashes[1]:
            raise Failure("after %d exact steps the weights are not those of the CPU backend: %s, but there %s" % (
                steps, hashes[1], hashes[0]))
        self.checks.append("Weights after %d exact steps with dropout and batch normalisation: those of the CPU backend"
                           " to the last bit (SHA-256 %s)." % (steps, hashes[0]))

    def same(self, variant, mode):
        data = self.images.of(SAME_BATCH * SAME_STEPS)
        weights = os.path.join(self.program.folder, "%s.safetensors" % variant)
        self.pytorch.ask(do="weights", variant=variant, file=weights)
        theirs = self.pytorch.ask(do="losses", variant=variant, mode=mode, data=data, batch=SAME_BATCH)["losses"]
        _, folder = self.program.train(
            "same-%s-%s" % (variant, mode), "--backend", self.options.backend, "--dataset", data, "--batch-size",
            str(SAME_BATCH), "--epochs", "1", "--no-shuffle", "--log-steps", "1", "--init", weights, *VARIANTS[variant])
        ours = [entry["loss"] for entry in history(folder) if "step" in entry]
        if len(ours) != len(theirs):
            raise Failure("bpnn made %d steps, PyTorch %d" % (len(ours), len(theirs)))
        if variant == "dropout":
            # The masks are others, so only the level can be compared.
            apart = abs(statistics.mean(ours) / statistics.mean(theirs) - 1)
            said = "mean losses of %d steps apart by %.1f %%" % (len(ours), 100 * apart)
            good = apart < SAME_LEVEL
        else:
            apart = max(abs(a - b) for a, b in zip(ours, theirs))
            said = "losses of %d steps from the same weights apart by at most %.1e" % (len(ours), apart)
            good = apart < SAME_LOSS
        said = "%s, PyTorch %s: %s (first %.4f and %.4f, last %.4f and %.4f)" % (
            variant, mode, said, ours[0], theirs[0], ours[-1], theirs[-1])
        if not good:
            raise Failure("not the same network: " + said)
        self.checks.append("The same network, " + said + ".")

    def steps(self, batch):
        return max(1, min(self.options.steps, self.options.images // batch))

    def milliseconds(self, contender, variant, batch):
        """For a step: the median over the epochs of one round."""
        steps = self.steps(batch)
        data = self.images.of(steps * batch)
        if contender not in OURS:
            # What is not replayed is slow, and needs no clock that has risen: two epochs behind one are enough.
            few = contender == "eager"
            reply = self.pytorch.ask(do="time", variant=variant, mode=contender, data=data, batch=batch,
                                     before=1 if few else self.options.warm_up, epochs=2 if few else self.options.epochs)
            self.require_learning(reply["loss"], steps)
            return reply["msPerStep"]
        program, numerics = (self.other, "fast") if contender == "other" else (self.program, contender)
        _, folder = program.train(
            "%s-%d-%s" % (variant, batch, contender), "--backend", self.options.backend, "--numerics", numerics,
            "--dataset", data, "--batch-size", str(batch), "--epochs", str(self.options.warm_up + self.options.epochs),
            *VARIANTS[variant])
        epochs = history(folder)
        shutil.rmtree(folder)
        seconds = statistics.median(entry["seconds"] for entry in epochs[self.options.warm_up:])
        self.require_learning(epochs[-1]["trainLoss"], steps)
        return seconds / steps * 1e3

    def require_learning(self, loss, steps):
        if not math.isfinite(loss) or (steps * self.options.epochs >= LEARNT_AFTER and loss >= GUESSING):
            raise Failure("it does not learn: its loss is %s" % loss)

    def verify_other(self):
        said = self.other.run("verify", "--backend", self.options.backend)
        self.checks.append("With %s, `bpnn verify`: %s" % (self.options.kernels, said.strip().splitlines()[-1]))

    def table(self):
        if "other" in self.contenders:
            self.attempt("other kernels", self.verify_other)
        cells = [(variant, batch) for variant in self.options.variant for batch in self.options.batch]
        failed = set()
        for number in range(self.options.rounds):
            for variant, batch in cells:
                turns = self.contenders
                for contender in turns[number % len(turns):] + turns[:number % len(turns)]:
                    cell = (contender, variant, batch)
                    if cell in failed or (contender == "compile" and batch not in self.options.compile):
                        continue
                    time_of_round = self.attempt(
                        "%s, %s, batch %d" % (CONTENDERS[contender], variant, batch),
                        lambda: self.milliseconds(contender, variant, batch))
                    if time_of_round is None:
                        failed.add(cell)
                        self.times.pop(cell, None)
                    else:
                        self.times.setdefault(cell, []).append(time_of_round)

    def all_parts(self):
        self.attempt("the device", self.find_device)
        if self.device is None:
            return
        if "prove" in self.options.parts:
            for what, check in prove.CHECKS:
                said = self.attempt(what, lambda: check(self))
                if said:
                    self.checks.append(said)
        if "exact" in self.options.parts:
            self.attempt("exact", self.exact)
        if "same" in self.options.parts:
            for variant in self.options.variant:
                for mode in ("eager", "graph", "compile"):
                    self.attempt("same network, %s, %s" % (variant, mode), lambda: self.same(variant, mode))
        if "table" in self.options.parts:
            self.table()
            self.write()
        if "profile" in self.options.parts:
            for mode in NUMERICS:
                for variant, batch in (("plain", 128), ("batch-norm", 128), ("plain", 4096)):
                    self.attempt("profile, %s, %s, batch %d" % (mode, variant, batch),
                                 lambda: self.profiles.append(self.profile(mode, variant, batch)))
        if "cpu" in self.options.parts:
            for batch in (1, 8, 32, 128):
                self.attempt("against the CPU, batch %d" % batch, lambda: self.against_cpu(batch))
            self.write()

    def profile(self, mode, variant, batch):
        """Kernel by kernel: launches of a step, and their microseconds."""
        ncu = shutil.which("ncu")
        if ncu is None:
            raise Failure("NVIDIA's ncu is not installed")
        steps = 4
        folder = os.path.join(self.program.folder, "runs", "profile-%s-%s-%d" % (mode, variant, batch))
        arguments = ["train", "--backend", self.options.backend, "--numerics", mode, "--dataset",
                     self.images.of(12 * batch), "--batch-size", str(batch), "--epochs", "1", "--validation", "0", "--out",
                     folder, "--quiet", *VARIANTS[variant]]
        # Neither clocks nor caches are touched; the first launches belong to steps that are not replayed yet.
        command = [ncu, "--clock-control", "none", "--cache-control", "none", "--target-processes", "all",
                   "--kernel-name-base", "function", "--metrics", "gpu__time_duration.sum", "--csv", "--launch-skip", "60",
                   "--launch-count", str(25 * steps), self.program.path, *self.program.properties, *arguments]
        said = self.program.call(command, "ncu")
        rows = list(csv.DictReader(line for line in said.splitlines() if line.startswith('"')))
        names = [row["Kernel Name"] for row in rows]
        # A step ends where the weights have their gradients; what comes first and last may be parts of one.
        ends = [i for i, name in enumerate(names) if name.startswith("weight_gradients")
                and not names[i + 1:i + 2] == [name]]
        if len(ends) < 2:
            raise Failure("ncu saw %d kernels, not two whole steps" % len(rows))
        whole = rows[ends[0] + 1:ends[-1] + 1]
        count = len(ends) - 1
        kernels = {}
        for row in whole:
            entry = kernels.setdefault(row["Kernel Name"], [0, 0.0])
            entry[0] += 1
            entry[1] += float(row["Metric Value"].replace(",", "")) / 1e3
        return {"numerics": mode, "variant": variant, "batch": batch, "launches": len(whole) / count,
                "kernels": {name: [n / count, us / count] for name, (n, us) in kernels.items()}}

    def against_cpu(self, batch):
        images = min(1280 if self.options.tiny else 60000, 400 * batch)
        for backend, more in (("cpu", ("--threads", "2")), (self.options.backend, ())):
            _, folder = self.program.train(
                "cpu-%d-%s" % (batch, backend), "--backend", backend, "--dataset", self.images.of(images), "--batch-size",
                str(batch), "--epochs", "5", *more)
            seconds = statistics.median(entry["seconds"] for entry in history(folder)[2:])
            self.cpu.setdefault(batch, []).append(seconds / (images // batch) * 1e3)

    # ---- the page

    def median(self, contender, variant, batch):
        times = self.times.get((contender, variant, batch))
        return statistics.median(times) if times else None

    def write(self):
        page = "\n".join(self.page()) + "\n"
        with open(self.options.out, "w", encoding="utf-8") as out:
            out.write(page)
        figures = {
            "device": self.device,
            "facts": self.facts,
            "pytorch": self.pytorch.about,
            "checks": self.checks,
            "failures": self.failures,
            "profiles": self.profiles,
            "millisecondsPerStepOnCpuAndGpu": self.cpu,
            "millisecondsPerStep": [
                {"contender": contender, "variant": variant, "batch": batch, "rounds": times}
                for (contender, variant, batch), times in self.times.items()],
        }
        with open(os.path.splitext(self.options.out)[0] + ".json", "w", encoding="utf-8") as out:
            json.dump(figures, out, indent=2)
        return page

    def page(self):
        yield "# Training steps of 784-512-512-10 on %s" % (self.device or "no device")
        yield ""
        if self.device and self.device.startswith(STAND_IN):
            yield "**No GPU was used: this is the CUDA stand-in (CPU), a double for tests. Its times say nothing of a GPU.**"
            yield ""
        if self.times:
            yield from self.rows()
            yield ""
            yield from self.goals()
            yield ""
        for check in self.checks:
            yield "* " + check
        for reason, places in self.failures.items():
            more = " and %d more" % (len(places) - MOST_PLACES) if len(places) > MOST_PLACES else ""
            yield "* FAILED: %s (%s%s)." % (reason.rstrip("."), "; ".join(places[:MOST_PLACES]), more)
        yield ""
        for profile in self.profiles:
            yield from self.profiled(profile)
        if self.cpu:
            yield "| batch | CPU, two threads | GPU |"
            yield "|---|---|---|"
            for batch, times in self.cpu.items():
                yield "| %d | %s |" % (batch, " | ".join("%.3f ms" % time for time in times))
            yield ""
        yield from self.about()

    @staticmethod
    def profiled(profile):
        total = sum(us for _, us in profile["kernels"].values())
        yield "Where a step goes, %s, %s, batch %d: %g launches, %.1f us by themselves." % (
            profile["numerics"], profile["variant"], profile["batch"], profile["launches"], total)
        yield ""
        yield "| kernel | launches of a step | us |"
        yield "|---|---|---|"
        for name, (launches, us) in sorted(profile["kernels"].items(), key=lambda entry: -entry[1][1]):
            yield "| `%s` | %g | %.1f |" % (name, launches, us)
        yield ""

    def rows(self):
        yield "| network | batch | %s | against eager | against the graph |" % " | ".join(
            CONTENDERS[contender] for contender in self.contenders)
        yield "|---|---|" + len(self.contenders) * "---|" + "---|---|"
        for variant in self.options.variant:
            for batch in self.options.batch:
                times = {contender: self.median(contender, variant, batch) for contender in CONTENDERS}
                ratios = [ratio(times["eager"], times["fast"]), ratio(times["graph"], times["fast"])]
                shown = [times[contender] for contender in self.contenders]
                yield "| %s | %d | %s | %s |" % (
                    variant, batch, " | ".join("%.4f" % time if time else "–" for time in shown),
                    " | ".join("%.2f ×" % value if value else "–" for value in ratios))
        counts = sorted({len(times) for times in self.times.values()})
        yield ""
        yield ("Milliseconds for a step, the less the better: the median of %s rounds in which the contenders take turns; a"
               " round is the median of %d epochs, from the shuffling to the last loss, behind %d that warm up. Steps of an epoch: %s. The"
               " last columns: PyTorch's time by that of bpnn fast. Eager: two epochs behind one.") % (
                   " to ".join(map(str, (counts[0], counts[-1])[:len(counts)])), self.options.epochs, self.options.warm_up,
                   ", ".join("%d at batch %d" % (self.steps(batch), batch) for batch in self.options.batch))

    def goals(self):
        yield "Goals" + (" (judged for practice; no GPU was used)" if self.device.startswith(STAND_IN) else "") + ":"
        yield ""
        yield self.goal("faster than PyTorch with CUDA graphs at every size", "graph", "fast", 1, self.options.batch)
        yield self.goal("four times as fast as PyTorch eager at batch 128", "eager", "fast", 4, [128])
        yield self.goal("faster than torch.compile", "compile", "fast", 1, self.options.compile)
        yield self.goal_of_time("at most 40 us for a step, plain at batch 128", 0.040)
        yield self.goal("exact at least half as fast as fast", "fast", "exact", 0.5, self.options.batch)

    def goal_of_time(self, words, most):
        value = self.median("fast", "plain", 128)
        if value is None:
            return "* %s: not measured" % words
        return "* %s: %s (%.1f us)" % (words, "met" if value <= most else "MISSED", 1e3 * value)

    def goal(self, words, other, own, least, batches):
        """Whether own is faster than the other by a factor, for all networks."""
        missed, missing, lowest = [], [], None
        for variant in VARIANTS:
            for batch in batches:
                value = ratio(self.median(other, variant, batch), self.median(own, variant, batch))
                place = "%s at %d" % (variant, batch)
                if value is None:
                    missing.append(place)
                else:
                    lowest = value if lowest is None else min(lowest, value)
                    if value < least or (least == 1 and value <= least):
                        missed.append("%s: %.2f ×" % (place, value))
        if lowest is None:
            return "* %s: not measured" % words
        state = "MISSED (" + ", ".join(missed) + ")" if missed else "met (at least %.2f ×)" % lowest
        if missing:
            state += " where it was measured, which it was not for " + ", ".join(missing)
        return "* %s: %s" % (words, state)

    def about(self):
        yield "%s; %s." % (", ".join([self.version or "bpnn", *("%s %s" % fact for fact in self.facts.items())]),
                           time.strftime("%Y-%m-%d"))
        theirs = self.pytorch.about
        if theirs:
            yield "PyTorch %s, CUDA %s, on %s, %s." % (
                theirs["torch"], theirs["cuda"], theirs["device"], "TF32" if theirs["tf32"] else "float32")
        yield "%s, %d cores, Python %s.%s" % (
            platform.platform(), os.cpu_count() or 0, platform.python_version(), driver())


def ratio(other, own):
    return None if other is None or own is None else other / own


def driver():
    """What nvidia-smi says, if it is there."""
    try:
        said = subprocess.run(
            ["nvidia-smi", "--query-gpu=name,driver_version,clocks.max.sm,power.limit", "--format=csv,noheader"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, timeout=60).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return " nvidia-smi: %s." % "; ".join(said.splitlines()) if said else ""


def found_bundle():
    for folder in (os.getcwd(), HERE, os.path.join(HERE, "..", "..", "bpnn-app", "target")):
        bundles = sorted(glob.glob(os.path.join(folder, "bpnn-*-linux-x86_64.tar.gz")))
        if bundles:
            return bundles[-1]
    return None


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", nargs="?", default=found_bundle())
    parser.add_argument("--out", default="gpu.md", help="the page; the figures go beside it")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--variant", nargs="+", choices=list(VARIANTS), default=list(VARIANTS))
    parser.add_argument("--batch", type=int, nargs="+", default=[64, 128, 512, 4096])
    parser.add_argument("--mnist", help="a folder with MNIST's four files, for the hash of two epochs")
    parser.add_argument("--expect-hash", help="what these two epochs gave elsewhere")
    parser.add_argument("--tiny", action="store_true", help="little to do, to try the script without a GPU")
    parser.add_argument("--budget", type=int, metavar="SECONDS", help="begin nothing after that time")
    parser.add_argument("--compile", type=int, nargs="*", default=[128], metavar="BATCH",
                        help="where torch.compile takes part: compiling takes it half a minute each time")
    parser.add_argument("--contenders", nargs="+", choices=list(CONTENDERS), default=list(CONTENDERS),
                        help="of the table; \"other\" with --kernels only")
    parser.add_argument("--kernels", metavar="FILE", help="a kernels.cu to compare with the bundle's")
    parser.add_argument("--steps", type=int, default=400, help="of an epoch, if --images are enough for them")
    parser.add_argument("--images", type=int, default=409600, help="of an epoch, at most")
    parser.add_argument("--epochs", type=int, default=5, help="of a round")
    parser.add_argument("--warm-up", type=int, default=4, metavar="EPOCHS",
                        help="in front of them: the GPU's clock rises, kernels are compiled, the step is recorded")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--exact-steps", type=int, default=200)
    parser.add_argument("--limit", type=int, default=900, metavar="SECONDS", help="for one command")
    parser.add_argument("--backend", default="cuda")
    parser.add_argument("--python", default=sys.executable, help="a Python that has PyTorch")
    parser.add_argument("--torch-device", default="cuda", help="cpu to try this script without a GPU")
    parser.add_argument("-D", dest="properties", action="append", default=[], metavar="NAME=VALUE",
                        help="for bpnn, such as bpnn.cuda.libraries=FOLDER")
    options = parser.parse_args()
    if options.bundle is None or not os.path.isfile(options.bundle):
        parser.error("there is no bundle %s: make it with mvn -B -Pportable package, and name it" % (
            options.bundle or "bpnn-*-linux-x86_64.tar.gz here or in bpnn-app/target"))
    options.bundle = os.path.abspath(options.bundle)
    if options.kernels is not None and not os.path.isfile(options.kernels):
        parser.error("there is no file %s: --kernels names a kernels.cu" % options.kernels)
    if options.kernels is None and options.contenders == ["other"]:
        parser.error("the contender \"other\" needs --kernels FILE")
    return options


def main():
    options = arguments()
    with tempfile.TemporaryDirectory() as folder:
        measurement = Measurement(options, folder)
        try:
            measurement.all_parts()
        finally:
            measurement.pytorch.close()
            print(measurement.write())
    sys.exit(1 if measurement.failures else 0)


if __name__ == "__main__":
    main()
