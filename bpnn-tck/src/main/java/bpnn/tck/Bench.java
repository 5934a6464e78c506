package bpnn.tck;

import bpnn.spi.Backend;
import org.jspecify.annotations.Nullable;

/** Runs calls on a backend: places the operands, calls, reads everything back. */
record Bench(Backend backend) {
    /** Runs the kernel on operands at the start of their buffers. */
    Outcome kernel(KernelCall call) {
        return run(call, call.kernel(), Placement.PLAIN, null);
    }

    /** Runs the kernel's definition on the backend's own primitives. */
    Outcome definition(KernelCall call) {
        return run(call, call.definition(), Placement.PLAIN, null);
    }

    /** Runs the kernel between sentinels. */
    Outcome guarded(KernelCall call) {
        return run(call, call.kernel(), Placement.GUARDED, null);
    }

    /** Runs the kernel with a destination that is one of its sources. */
    Outcome aliased(KernelCall call, KernelCall.Alias alias) {
        return run(call, call.kernel(), Placement.PLAIN, alias);
    }

    private Outcome run(
            KernelCall call, KernelCall.Invocation invocation, Placement placement, KernelCall.@Nullable Alias alias) {
        try (PlacedCall placed = new PlacedCall(backend, call, placement, alias)) {
            invocation.on(backend.kernels(), placed.matrices());
            return placed.outcome();
        }
    }
}
