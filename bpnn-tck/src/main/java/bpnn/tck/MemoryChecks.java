package bpnn.tck;

import bpnn.spi.Backend;
import bpnn.spi.Buffer;
import bpnn.spi.ElementType;
import bpnn.tensor.Ops;
import bpnn.tensor.Tensor;
import bpnn.tensor.TensorScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Memory is zeroed and given back, and nothing foreign is taken. Each check gives what is wrong, or null. */
final class MemoryChecks {
    private MemoryChecks() {}

    static @Nullable String memory(Session session) {
        for (ElementType type : ElementType.values()) {
            for (int length : new int[] {0, 1, 7, 4099}) {
                // Twice, since memory that was used and given back is zeroed less surely than fresh one.
                for (int time = 0; time < 2; time++) {
                    try (Buffer buffer = session.backend().allocate(type, length)) {
                        if (buffer.length() != length || buffer.type() != type || buffer.isClosed()) {
                            return "A buffer of " + length + " " + type + " was asked for, but it has "
                                    + buffer.length() + " " + buffer.type();
                        }
                        float[] content = PlacedCall.download(buffer);
                        if (!Arrays.equals(content, new float[length])) {
                            return "A fresh buffer of " + length + " " + type + " is not zeroed";
                        }
                        String fault = transfers(buffer);
                        if (fault != null) {
                            return fault;
                        }
                    }
                }
            }
        }
        return null;
    }

    /** Writes the inner elements, all but one at each end, and reads everything. */
    private static @Nullable String transfers(Buffer buffer) {
        int inner = buffer.length() - 2;
        if (inner <= 0) {
            return null;
        }
        float[] expected = new float[buffer.length()];
        for (int i = 1; i <= inner; i++) {
            expected[i] = 1 + i % 250;
        }
        PlacedCall.upload(buffer, 1, expected, 1, inner);
        return Arrays.equals(PlacedCall.download(buffer), expected)
                ? null
                : "What was uploaded to the elements 1 to " + inner + " of " + buffer.length() + " " + buffer.type()
                        + " does not come back as it was";
    }

    static @Nullable String doubleClose(Session session) {
        Backend backend = session.another();
        int before = backend.liveBuffers();
        Buffer kept = backend.allocate(ElementType.FLOAT32, 5);
        Buffer buffer = backend.allocate(ElementType.FLOAT32, 3);
        if (backend.liveBuffers() != before + 2) {
            return "Two buffers were allocated, but the number of live ones went from " + before + " to "
                    + backend.liveBuffers();
        }
        buffer.close();
        buffer.close();
        if (!buffer.isClosed() || kept.isClosed() || backend.liveBuffers() != before + 1) {
            return "One of two buffers was closed twice; " + (before + 1) + " live ones should be left, but there are "
                    + backend.liveBuffers();
        }
        kept.close();
        KernelSuite.fused()
                .forEach(suite -> suite.calls(session.draws()).limit(1).forEach(new Bench(backend)::kernel));
        backend.close();
        backend.close();
        return backend.liveBuffers() == 0
                ? null
                : "After the backend was closed " + backend.liveBuffers()
                        + " buffers are live; its scratch is to be closed with it";
    }

    static @Nullable String foreign(Session session) {
        List<String> faults = new ArrayList<>();
        Ops ops = new Ops(session.backend());
        try (Backend other = session.another();
                TensorScope elsewhere = new TensorScope(other)) {
            if (!refuses(ops, elsewhere.of(1, 2, 3, 4), IllegalArgumentException.class)) {
                faults.add("A tensor of another session of the backend was taken");
            }
        }
        TensorScope brief = new TensorScope(session.backend());
        Tensor tensor = brief.of(1, 2, 3, 4);
        brief.close();
        if (!refuses(ops, tensor, IllegalStateException.class)) {
            faults.add("A tensor whose scope was closed was taken");
        }
        return faults.isEmpty() ? null : String.join("; ", faults);
    }

    private static boolean refuses(Ops ops, Tensor tensor, Class<? extends RuntimeException> expected) {
        try {
            ops.fill(tensor, 1);
            return false;
        } catch (IllegalArgumentException | IllegalStateException refused) {
            return expected.isInstance(refused);
        }
    }

    /** The first round lets scratch memory grow; after that nothing may stay behind. */
    static @Nullable String leaks(Session session) {
        List<String> faults = new ArrayList<>();
        Bench bench = session.bench();
        for (KernelSuite suite : KernelSuite.all()) {
            List<KernelCall> calls = suite.calls(session.draws()).limit(8).toList();
            calls.forEach(bench::kernel);
            int before = session.backend().liveBuffers();
            calls.forEach(bench::kernel);
            int left = session.backend().liveBuffers() - before;
            if (left != 0) {
                faults.add(suite.kernel() + " left " + left + " buffers behind in " + calls.size() + " calls");
            }
        }
        return faults.isEmpty() ? null : String.join("; ", faults);
    }
}
