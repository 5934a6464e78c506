"""What gpu.py shows of the backend beside its speed. Each check gives a sentence, or raises a Failure."""

import json
import os
import shutil
import signal
import subprocess
import time

# A training of twenty steps that uses every kernel of a step.
SHORT = ("--epochs", "2", "--dropout", "0.3", "--batch-norm")
# More memory than any GPU has, asked for before weights are drawn on the host.
TOO_LARGE = ("--hidden", ",".join(20 * ["10000"]), "--dropout", "0.5", "--batch-size", "60000")
# The checkpoint from which another backend goes on, and the end of that training.
INTERRUPTED, EPOCHS = 30, 40


class Failure(Exception):
    """Something could not be done: a sentence."""


def images(measurement):
    return measurement.images.of(640 if measurement.options.tiny else 60000)


def verify(measurement, *options):
    program, backend = measurement.program, measurement.options.backend
    said = program.run("verify", "--backend", backend, *options)
    return "`bpnn verify %s`: %s" % (" ".join(("--backend", backend) + options), said.strip().splitlines()[-1])


def tf32(measurement):
    """Rounded operands are no float32: the kit must notice, and name the reason."""
    done = measurement.program.result_of(
        measurement.program.command("verify", "--backend", measurement.options.backend, "--tf32"), "bpnn verify --tf32")
    if done.returncode != 1 or "TF32 is on" not in done.stdout + done.stderr:
        raise Failure("bpnn verify --tf32 ended with %d and did not name TF32" % done.returncode)
    return "`bpnn verify --tf32`: the kit says that TF32 is on, and fails it."


def mnist(measurement):
    """Two epochs of MNIST have the weights of the CPU, here and, if it is known, elsewhere."""
    folder = measurement.options.mnist
    if folder is None:
        return "MNIST was not tried: --mnist DIR names it."
    hashes = [measurement.options.expect_hash] if measurement.options.expect_hash else []
    for backend in ("cpu", measurement.options.backend):
        said = measurement.program.run(
            "train", "--backend", backend, "--numerics", "exact", "--dataset", "mnist", "--data-dir",
            os.path.abspath(folder), "--dropout", "0.3", "--batch-norm", "--epochs", "2", "--seed", "1", "--json",
            "--quiet", "--out", os.path.join(measurement.program.folder, "runs", "mnist-" + backend))
        hashes.append(json.loads(said.strip().splitlines()[-1])["weightsSha256"])
    if len(set(hashes)) != 1:
        raise Failure("two exact epochs of MNIST gave different weights: " + ", ".join(hashes))
    return "Two exact epochs of MNIST, dropout 0.3 and batch normalisation: the CPU's weights, %s." % hashes[0]


def sanitizer(measurement, tool, numerics):
    path = shutil.which("compute-sanitizer")
    if path is None:
        return "compute-sanitizer is not installed; %s was not run." % tool
    program = measurement.program
    folder = os.path.join(program.folder, "runs", "sanitizer-%s-%s" % (tool, numerics))
    done = program.result_of(
        [path, "--tool", tool, "--target-processes", "all"] + program.command(
            "train", "--backend", measurement.options.backend, "--numerics", numerics, "--dataset",
            measurement.images.of(1280), "--validation", "0", "--quiet", "--out", folder, *SHORT), "compute-sanitizer")
    said = [line for line in (done.stdout + done.stderr).splitlines() if "SUMMARY" in line]
    if done.returncode != 0 or not said or not any(
            " 0 errors" in line or "0 hazards displayed (0 errors" in line for line in said):
        raise Failure("compute-sanitizer, %s, %s: %s" % (tool, numerics, "; ".join(said) or "no summary"))
    return "compute-sanitizer, %s, a %s training of 20 steps: nothing found." % (tool, numerics)


def memory(measurement):
    """A sentence and the exit code of a backend that cannot do it; no stack trace."""
    program = measurement.program
    done = program.result_of(
        program.command("train", "--backend", measurement.options.backend, "--dataset", images(measurement),
                        "--validation", "0", "--quiet", "--out", os.path.join(program.folder, "runs", "memory"), *TOO_LARGE),
        "bpnn train")
    said = done.stderr.strip().splitlines()
    if done.returncode != 3 or "There is no room for" not in done.stderr or "\tat " in done.stderr:
        raise Failure("a network that does not fit ended with %d: %s" % (done.returncode, said[-1] if said else "nothing"))
    return "A network that does not fit: exit code 3, \"%s\"" % said[-1]


def arguments_of(measurement, name, backend, epochs):
    return measurement.program.command(
        "train", "--backend", backend, "--numerics", "exact", "--dataset", images(measurement), "--validation",
        "0", "--dropout", "0.3", "--epochs", str(epochs), "--quiet", "--json", "--out",
        os.path.join(measurement.program.folder, "runs", name))


def hash_of(said):
    return json.loads(said.strip().splitlines()[-1])["weightsSha256"]


def neighbours(measurement):
    """Two processes on one GPU train what one alone trains."""
    backend = measurement.options.backend
    alone = hash_of(measurement.program.call(arguments_of(measurement, "alone", backend, 10), "bpnn train"))
    both = [subprocess.Popen(arguments_of(measurement, "neighbour-%d" % i, backend, 10), stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, text=True) for i in range(2)]
    said = [process.communicate(timeout=measurement.options.limit)[0] for process in both]
    if any(process.returncode != 0 for process in both) or {hash_of(text) for text in said} != {alone}:
        raise Failure("two processes on one GPU ended with %s" % [process.returncode for process in both])
    return "Two processes at once on one GPU: both end with the weights of one alone."


def interrupt(measurement):
    """Ctrl-C in the middle keeps what was learnt; the CPU goes on with it, and ends with the same weights."""
    backend = measurement.options.backend
    whole = hash_of(measurement.program.call(arguments_of(measurement, "whole", backend, EPOCHS), "bpnn train"))
    folder = os.path.join(measurement.program.folder, "runs", "interrupted")
    process = subprocess.Popen(arguments_of(measurement, "interrupted", backend, EPOCHS), stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True, start_new_session=True)
    until = time.monotonic() + measurement.options.limit
    while epochs_in(folder) < INTERRUPTED and process.poll() is None and time.monotonic() < until:
        time.sleep(0.002)
    os.killpg(process.pid, signal.SIGINT)
    said = process.communicate(timeout=measurement.options.limit)[1].strip().splitlines()
    if process.returncode != 130 or not os.path.isfile(os.path.join(folder, "model.safetensors")):
        raise Failure("Ctrl-C ended with %d: %s" % (process.returncode, said[-1] if said else "nothing"))
    done = epochs_in(folder)
    ended = hash_of(measurement.program.call(
        arguments_of(measurement, "interrupted", "cpu", EPOCHS) + ["--resume"], "bpnn train --resume"))
    if ended != whole:
        raise Failure("a training of %d epochs on the GPU that went on on the CPU has other weights" % done)
    return "Ctrl-C after %d of %d epochs: exit code 130; the CPU went on and ended with the weights of the GPU alone." % (
        done, EPOCHS)


def epochs_in(folder):
    try:
        with open(os.path.join(folder, "history.csv"), encoding="utf-8") as lines:
            return max(0, len(lines.readlines()) - 1)
    except OSError:
        return 0


def drawing(measurement, *arguments):
    """What it wrote, or None where the bundle cannot draw."""
    done = measurement.program.result_of(measurement.program.command(*arguments), "bpnn " + arguments[0])
    if done.returncode == 2 and "java.desktop" in done.stderr:
        return None
    if done.returncode != 0:
        raise Failure("bpnn %s ended with %d: %s" % (arguments[0], done.returncode, done.stderr.strip().splitlines()[-1]))
    return done.stdout


NO_PICTURES = "%s was not run: the bundle has no java.desktop (make it with -Dportable.pictures=yes)."


def compare(measurement):
    folder = os.path.join(measurement.program.folder, "runs", "compared")
    said = drawing(measurement, "compare", "--backends", "cpu," + measurement.options.backend, "--dataset",
                   images(measurement), "--epochs", "1", "--quiet", "--out", folder)
    if said is None:
        return NO_PICTURES % "compare"
    return "`bpnn compare --backends cpu,%s`: %s" % (measurement.options.backend, said.strip().splitlines()[-1])


def experiment(measurement):
    folder = os.path.join(measurement.program.folder, "runs", "experiment")
    said = drawing(measurement, "experiment", "batch-norm", "--backend", measurement.options.backend, "--dataset",
                   images(measurement), "--seeds", "2", "--epochs", "3", "--quiet", "--out", folder)
    if said is None:
        return NO_PICTURES % "experiment batch-norm"
    report = os.path.join(folder, "report.html")
    if not os.path.isfile(report) or os.path.getsize(report) < 10000:
        raise Failure("experiment batch-norm wrote no report")
    return "`bpnn experiment batch-norm --backend %s`: report of %d bytes." % (
        measurement.options.backend, os.path.getsize(report))


CHECKS = (
    ("verify", verify),
    ("verify, exact", lambda measurement: verify(measurement, "--numerics", "exact")),
    ("verify, TF32", tf32),
    ("MNIST", mnist),
    ("memcheck", lambda measurement: sanitizer(measurement, "memcheck", "exact")),
    ("memcheck, fast", lambda measurement: sanitizer(measurement, "memcheck", "fast")),
    ("racecheck", lambda measurement: sanitizer(measurement, "racecheck", "exact")),
    ("racecheck, fast", lambda measurement: sanitizer(measurement, "racecheck", "fast")),
    ("initcheck", lambda measurement: sanitizer(measurement, "initcheck", "exact")),
    ("synccheck", lambda measurement: sanitizer(measurement, "synccheck", "exact")),
    ("out of memory", memory),
    ("two processes", neighbours),
    ("Ctrl-C and resume", interrupt),
    ("compare", compare),
    ("experiment", experiment),
)
