#!/usr/bin/env python3
"""The training of `bench compare` in PyTorch on the CPU, as one would write it for speed.

    pytorch_cpu.py VARIANT BATCH THREADS COUNT FOLDER [--compile]

VARIANT is PLAIN, DROPOUT or BATCH_NORM; FOLDER has IDX files as MNIST has them, packed or not. It answers as the other contenders do: a
line that says what runs, then for each line on standard input an epoch, and its seconds, 0 and its mean loss on standard
output.

The images are one tensor of bytes, of which a batch's rows are selected, converted and scaled in place; gradients are set
to none instead of zeroed; Adam is the fused one; denormals are flushed. With --compile, torch.compile makes kernels of the
forward and the backward pass.
"""

import gzip
import os
import struct
import sys
import time

import torch
from torch import nn

MARK = "bpnn-bench"
HIDDEN = 512
CLASSES = 10


def say(*words):
    print(MARK, *words, flush=True)


def read_idx(file):
    packed = not os.path.exists(file)
    with gzip.open(file + ".gz") if packed else open(file, "rb") as data:
        rank = data.read(4)[3]
        shape = struct.unpack(">%dI" % rank, data.read(4 * rank))
        return torch.frombuffer(bytearray(data.read()), dtype=torch.uint8).reshape(shape[0], -1)


def network(variant, inputs):
    """784-512-512-10 with tanh; a layer in front of a batch normalisation has no bias."""
    layers = []
    for size in (inputs, HIDDEN):
        layers.append(nn.Linear(size, HIDDEN, bias=variant != "BATCH_NORM"))
        if variant == "BATCH_NORM":
            layers.append(nn.BatchNorm1d(HIDDEN))
        layers.append(nn.Tanh())
        if variant == "DROPOUT":
            layers.append(nn.Dropout(0.3))
    return nn.Sequential(*layers, nn.Linear(HIDDEN, CLASSES)).train()


def main(variant, batch, threads, count, folder, compiled):
    torch.set_num_threads(threads)
    torch.set_flush_denormal(True)
    torch.manual_seed(1)
    images = read_idx(os.path.join(folder, "train-images-idx3-ubyte"))[:count]
    labels = read_idx(os.path.join(folder, "train-labels-idx1-ubyte")).flatten().long()[:count]
    model = network(variant, images.shape[1])
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)
    criterion = nn.CrossEntropyLoss()

    def loss_of(x, y):
        return criterion(model(x), y)

    forward = torch.compile(loss_of) if compiled else loss_of
    mode = "torch.compile" if compiled else "eager"
    say("PyTorch %s, %s, %s, %d threads" % (
        torch.__version__, mode, torch.backends.cpu.get_cpu_capability(), torch.get_num_threads()))
    for _ in sys.stdin:
        start = time.perf_counter()
        order = torch.randperm(count)
        total = torch.zeros(1)
        steps = 0
        for chosen in order.split(batch):
            x = images.index_select(0, chosen).float().mul_(1 / 255)
            loss = forward(x, labels.index_select(0, chosen))
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
            total += loss.detach()
            steps += 1
        mean = total.item() / steps
        # As Java spells it.
        say(time.perf_counter() - start, 0, "NaN" if mean != mean else mean)


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if word != "--compile"]
    if len(words) != 5:
        sys.exit(__doc__)
    main(words[0], int(words[1]), int(words[2]), int(words[3]), words[4], "--compile" in sys.argv)
