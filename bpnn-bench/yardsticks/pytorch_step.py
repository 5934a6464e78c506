#!/usr/bin/env python3
"""Time of a training step in PyTorch: the network of `bpnn train` (784-512-512-10, tanh, Adam), on one device.

Everything is as favourable to PyTorch as in bpnn: images lie on the device as uint8 and are gathered there, Adam is the
fused one, products are in float32 (TF32 off, unless --tf32). Eagerly, and with the whole step as one CUDA graph.

One JSON object per line: {"mode": "eager" | "graph", "variant": …, "batch": …, "msPerStep": …}, before them one with the
versions. A figure is the least of several rounds.
"""

import argparse
import json
import sys
import time

import torch
from torch import nn

VARIANTS = ("plain", "dropout", "batch-norm")


def network(variant):
    layers = []
    for inputs in (784, 512):
        layers.append(nn.Linear(inputs, 512, bias=variant != "batch-norm"))
        if variant == "batch-norm":
            layers.append(nn.BatchNorm1d(512))
        layers.append(nn.Tanh())
        if variant == "dropout":
            layers.append(nn.Dropout(0.5))
    layers.append(nn.Linear(512, 10))
    return nn.Sequential(*layers)


class Training:
    """Network, optimiser and data on a device, and steps that take the next batch."""

    def __init__(self, variant, batch, images, device):
        torch.manual_seed(1)
        self.batch = batch
        self.pixels = torch.randint(0, 256, (images, 784), dtype=torch.uint8, device=device)
        self.labels = torch.randint(0, 10, (images,), device=device)
        self.order = torch.randperm(images, device=device)
        self.within = torch.arange(batch, device=device)
        self.position = torch.zeros((), dtype=torch.int64, device=device)
        self.taken = 0
        self.batches = images // batch
        self.model = network(variant).to(device).train()
        on_gpu = device.type == "cuda"
        self.optimiser = torch.optim.Adam(
            self.model.parameters(), lr=1e-3, capturable=on_gpu, fused=True if on_gpu else None)
        self.loss = nn.CrossEntropyLoss()

    def eager_step(self):
        start = self.taken % self.batches * self.batch
        self.taken += 1
        self.train_on(self.order[start:start + self.batch])

    def graph_step(self):
        """In a graph the batch can be chosen only by what lies on the device."""
        self.train_on(self.order[self.position * self.batch + self.within])
        self.position.add_(1).remainder_(self.batches)

    def train_on(self, chosen):
        inputs = self.pixels[chosen].float() / 255
        self.optimiser.zero_grad(set_to_none=True)
        self.loss(self.model(inputs), self.labels[chosen]).backward()
        self.optimiser.step()


def captured(training):
    """The step as one CUDA graph: what PyTorch's documentation calls whole-network capture."""
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(5):
            training.graph_step()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    training.optimiser.zero_grad(set_to_none=True)
    with torch.cuda.graph(graph):
        training.graph_step()
    return graph.replay


def synchronize(device):
    if device.type == "cuda":
        torch.cuda.synchronize()


def least_milliseconds(step, steps, rounds, device):
    for _ in range(max(1, steps // 4)):
        step()
    best = float("inf")
    for _ in range(rounds):
        synchronize(device)
        start = time.perf_counter()
        for _ in range(steps):
            step()
        synchronize(device)
        best = min(best, (time.perf_counter() - start) / steps)
    return best * 1e3


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", default="cuda", help="cuda, or cpu to try the script (eager only)")
    parser.add_argument("--batch", type=int, nargs="+", default=[64, 128, 512, 4096])
    parser.add_argument("--variant", nargs="+", choices=VARIANTS, default=list(VARIANTS))
    parser.add_argument("--images", type=int, default=50000)
    parser.add_argument("--steps", type=int, default=400, help="steps of a round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--tf32", action="store_true", help="let products round their operands to TF32")
    options = parser.parse_args()
    device = torch.device(options.device)
    if device.type == "cuda" and not torch.cuda.is_available():
        sys.exit("PyTorch %s finds no CUDA device." % torch.__version__)
    torch.backends.cuda.matmul.allow_tf32 = options.tf32
    torch.backends.cudnn.allow_tf32 = options.tf32
    print(json.dumps({
        "torch": torch.__version__,
        "cuda": torch.version.cuda,
        "device": torch.cuda.get_device_name() if device.type == "cuda" else "cpu",
        "tf32": options.tf32,
    }), flush=True)
    for variant in options.variant:
        for batch in options.batch:
            for mode in ("eager", "graph") if device.type == "cuda" else ("eager",):
                training = Training(variant, batch, options.images, device)
                step = captured(training) if mode == "graph" else training.eager_step
                milliseconds = least_milliseconds(step, options.steps, options.rounds, device)
                print(json.dumps(
                    {"mode": mode, "variant": variant, "batch": batch, "msPerStep": round(milliseconds, 5)}), flush=True)


if __name__ == "__main__":
    main()
