package bpnn.tck;

import bpnn.spi.Backend;
import org.jspecify.annotations.Nullable;

/** Runs calls on a backend: uploads the operands, calls the kernel, reads all operands back. */
record CallRunner(Backend backend) {
    /** Runs the kernel on operands at offset 0 of their buffers. */
    Outcome kernel(KernelCall call) {
        return run(call, call.kernel(), Placement.PLAIN, null);
    }

    /** Runs the definition of the kernel on the primitives of the backend. */
    Outcome definition(KernelCall call) {
        return run(call, call.definition(), Placement.PLAIN, null);
    }

    /** Runs the kernel on operands surrounded by sentinels. */
    Outcome guarded(KernelCall call) {
        return run(call, call.kernel(), Placement.GUARDED, null);
    }

    /** Runs the kernel with a destination that aliases a source. */
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
