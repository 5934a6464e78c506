#!/usr/bin/env python3
"""The network of `bpnn train` (784-512-512-10, tanh, Adam) in PyTorch, to compare with. gpu.py asks it what it wants to know.

Reads requests from standard input and answers each, one JSON object a line; the first line of the output says what runs:

    {"do": "time", "variant": "plain", "mode": "graph", "data": DIR, "batch": 128, "before": 6,
     "epochs": 12}                            milliseconds for a step, the median over the epochs behind those that warm
                                              up, and the last loss
    {"do": "losses", "variant": …, "mode": …, "data": DIR, "batch": 128}
                                              the loss of each step of an epoch in the order of the file
    {"do": "weights", "variant": …, "file": FILE}
                                              the initial weights that both use, as safetensors

What cannot be done is answered with {"error": …}. The data are IDX files as MNIST has them.

Everything is as favourable to PyTorch as in bpnn: images and labels lie on the device as bytes and are gathered there,
the order of an epoch is drawn on the device, Adam is the fused one, products are in float32 (TF32 off, unless --tf32),
losses are not added up, and the last one is read at the end of an epoch. In mode "eager" each step is a call of Python;
in mode "graph" forward pass, backward pass and optimiser are one CUDA graph, and outside of it is only the copy that
tells it which images to take; in mode "compile" torch.compile(mode="reduce-overhead") makes kernels and CUDA graphs of the
forward and the backward pass, and the fused Adam runs beside them. Compiling is not part of the time.
"""

import argparse
import collections
import json
import os
import statistics
import struct
import sys
import time

import torch
from torch import nn

VARIANTS = ("plain", "dropout", "batch-norm")
MODES = ("eager", "graph", "compile")
SEED = 1
# Steps in front of a capture, on another stream, as PyTorch's documentation asks for.
WARM_UP = 5


def network(variant):
    """784-512-512-10 with bpnn's names, Xavier's initial weights and biases of 0; always the same ones."""
    torch.manual_seed(SEED)
    layers = collections.OrderedDict()
    for i, inputs in enumerate((784, 512), start=1):
        layers["fc%d" % i] = nn.Linear(inputs, 512, bias=variant != "batch-norm")
        if variant == "batch-norm":
            layers["bn%d" % i] = nn.BatchNorm1d(512)
        layers["tanh%d" % i] = nn.Tanh()
        if variant == "dropout":
            layers["dropout%d" % i] = nn.Dropout(0.5)
    layers["fc3"] = nn.Linear(512, 10)
    for layer in layers.values():
        if isinstance(layer, nn.Linear):
            nn.init.xavier_uniform_(layer.weight)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
    return nn.Sequential(layers)


def write_weights(variant, file):
    """safetensors: the length of the header, the header, then the tensors in float32."""
    header, content = {}, []
    offset = 0
    for name, tensor in sorted(network(variant).state_dict().items()):
        if not name.endswith("num_batches_tracked"):
            values = tensor.contiguous().flatten().tolist()
            content.append(struct.pack("<%df" % len(values), *values))
            end = offset + 4 * len(values)
            header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [offset, end]}
            offset = end
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(file, "wb") as out:
        out.write(struct.pack("<Q", len(text)) + text + b"".join(content))


def read_idx(file):
    with open(file, "rb") as data:
        rank = data.read(4)[3]
        shape = struct.unpack(">%dI" % rank, data.read(4 * rank))
        return torch.frombuffer(bytearray(data.read()), dtype=torch.uint8).reshape(shape[0], -1)


class Data:
    """A training set on a device."""

    def __init__(self, folder, device):
        self.pixels = read_idx(os.path.join(folder, "train-images-idx3-ubyte")).to(device)
        self.labels = read_idx(os.path.join(folder, "train-labels-idx1-ubyte")).flatten().long().to(device)


class Training:
    """Network, optimiser, and steps that take the images they are told to."""

    def __init__(self, variant, mode, data, batch, device):
        if mode == "graph" and device.type != "cuda":
            raise ValueError("CUDA graphs need a CUDA device, but this is PyTorch on %s" % device.type)
        self.data = data
        self.batch = batch
        self.steps = len(data.labels) // batch
        self.device = device
        self.model = network(variant).to(device).train()
        self.initial = {name: tensor.clone() for name, tensor in self.model.state_dict().items()}
        self.optimiser = torch.optim.Adam(
            self.model.parameters(), lr=1e-3, capturable=mode == "graph", fused=True if device.type == "cuda" else None)
        self.criterion = nn.CrossEntropyLoss()
        self.loss = None
        self.forward = self.loss_of
        if mode == "compile":
            self.forward = torch.compile(self.loss_of, mode="reduce-overhead")
            self.warm_up(torch.arange(batch, device=device))
        self.step = self.captured() if mode == "graph" else self.eager_step

    def eager_step(self, chosen):
        self.loss = self.train_on(chosen)

    def train_on(self, chosen):
        self.optimiser.zero_grad(set_to_none=True)
        loss = self.forward(chosen)
        loss.backward()
        self.optimiser.step()
        return loss.detach()

    def loss_of(self, chosen):
        inputs = self.data.pixels.index_select(0, chosen) / 255
        return self.criterion(self.model(inputs), self.data.labels.index_select(0, chosen))

    def warm_up(self, chosen):
        """Steps that are not counted: what is compiled is compiled in them."""
        for _ in range(WARM_UP):
            self.train_on(chosen)
        self.reset()

    def captured(self):
        """The step as one CUDA graph: what PyTorch's documentation calls whole-network capture."""
        static = torch.arange(self.batch, device=self.device)
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(WARM_UP):
                self.train_on(static)
        torch.cuda.current_stream().wait_stream(side)
        graph = torch.cuda.CUDAGraph()
        self.optimiser.zero_grad(set_to_none=True)
        with torch.cuda.graph(graph):
            self.loss = self.train_on(static)
        self.reset()

        def replay(chosen):
            static.copy_(chosen)
            graph.replay()

        return replay

    def reset(self):
        """As at the beginning, in the same memory, since a graph knows it by its address."""
        with torch.no_grad():
            self.model.load_state_dict(self.initial)
            for state in self.optimiser.state.values():
                for tensor in state.values():
                    tensor.zero_()

    def epoch(self, order, after_step=lambda: None):
        for step in range(self.steps):
            self.step(order[step * self.batch:(step + 1) * self.batch])
            after_step()

    def losses(self):
        """Of each step of the first epoch, in the order of the file."""
        losses = []
        self.epoch(torch.arange(len(self.data.labels), device=self.device), lambda: losses.append(self.loss.item()))
        return losses

    def seconds(self):
        """For an epoch, from the drawing of its order to the reading of its last loss; and that loss."""
        synchronize(self.device)
        start = time.perf_counter()
        self.epoch(torch.randperm(len(self.data.labels), device=self.device))
        loss = self.loss.item()
        synchronize(self.device)
        return time.perf_counter() - start, loss


def synchronize(device):
    if device.type == "cuda":
        torch.cuda.synchronize()


class Server:
    """Answers requests; data and trainings are kept, so that rounds of different contenders can take turns."""

    def __init__(self, device):
        self.device = device
        self.data = {}
        self.trainings = {}

    def answer(self, request):
        if request["variant"] not in VARIANTS or request.get("mode", "eager") not in MODES:
            raise ValueError("no such variant or mode")
        if request["do"] == "weights":
            write_weights(request["variant"], request["file"])
            return {}
        if request["do"] == "losses":
            return {"losses": self.new_training(request).losses()}
        key = tuple(request[name] for name in ("variant", "mode", "data", "batch"))
        if key not in self.trainings:
            self.trainings[key] = self.new_training(request)
        epochs = [self.trainings[key].seconds() for _ in range(request["before"] + request["epochs"])]
        seconds = statistics.median(seconds for seconds, _ in epochs[request["before"]:])
        return {"msPerStep": seconds / self.trainings[key].steps * 1e3, "loss": epochs[-1][1]}

    def new_training(self, request):
        folder = request["data"]
        if folder not in self.data:
            self.data[folder] = Data(folder, self.device)
        return Training(request["variant"], request["mode"], self.data[folder], request["batch"], self.device)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", default="cuda", help="cuda, or cpu to try the script (eager only)")
    parser.add_argument("--tf32", action="store_true", help="let products round their operands to TF32")
    options = parser.parse_args()
    device = torch.device(options.device)
    if device.type == "cuda" and not torch.cuda.is_available():
        sys.exit("PyTorch %s finds no CUDA device." % torch.__version__)
    torch.set_float32_matmul_precision("high" if options.tf32 else "highest")
    about = {
        "torch": torch.__version__,
        "cuda": torch.version.cuda,
        "device": torch.cuda.get_device_name() if device.type == "cuda" else "CPU",
        "tf32": options.tf32,
    }
    print(json.dumps(about), flush=True)
    server = Server(device)
    for line in sys.stdin:
        try:
            reply = server.answer(json.loads(line))
        except (RuntimeError, ValueError, TypeError, KeyError, AttributeError, OSError) as failure:
            reply = {"error": "%s: %s" % (type(failure).__name__, str(failure).strip().splitlines()[0])}
        print(json.dumps(reply), flush=True)


if __name__ == "__main__":
    main()
