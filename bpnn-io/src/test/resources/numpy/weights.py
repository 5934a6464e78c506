"""Writes the archives of NpzTest: a network of 4-3-2 in float32, float64, column order, and compressed."""
import numpy as np

weight = {
    "fc1.weight": np.arange(12, dtype=np.float32).reshape(3, 4) / 8,
    "fc1.bias": np.array([0.5, -0.5, 0.25], dtype=np.float32),
    "fc2.weight": np.arange(6, dtype=np.float32).reshape(2, 3) / 4 - 1,
    "fc2.bias": np.array([1, -1], dtype=np.float32),
}
np.savez("float32.npz", **weight)
np.savez("float64.npz", **{name: value.astype(np.float64) for name, value in weight.items()})
np.savez("columns.npz", **{name: np.asfortranarray(value) for name, value in weight.items()})
np.savez_compressed("compressed.npz", **weight)
np.savez("integers.npz", **{name: value.astype(np.int64) for name, value in weight.items()})
