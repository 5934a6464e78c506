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

/** Memory is zeroed and freed, and foreign tensors are rejected. Each check returns the fault, or null. */
final class MemoryChecks {
    private MemoryChecks() {}

    static @Nullable String memory(Fixture fixture) {
        for (ElementType type : ElementType.values()) {
            for (int length : new int[] {0, 1, 7, 4099}) {
                // Twice, because reused memory is less likely to be zeroed.
                for (int time = 0; time < 2; time++) {
                    try (Buffer buffer = fixture.backend().allocate(type, length)) {
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

    /** Writes all elements except the first and last, and reads everything. */
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

    static @Nullable String doubleClose(Fixture fixture) {
        Backend backend = fixture.openAnother();
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
                .forEach(suite -> suite.calls(fixture.generators()).limit(1).forEach(new CallRunner(backend)::kernel));
        backend.close();
        backend.close();
        return backend.liveBuffers() == 0
                ? null
                : "After the backend was closed " + backend.liveBuffers()
                        + " buffers are live; its scratch is to be closed with it";
    }

    static @Nullable String foreign(Fixture fixture) {
        List<String> faults = new ArrayList<>();
        Ops ops = new Ops(fixture.backend());
        try (Backend other = fixture.openAnother();
                TensorScope elsewhere = new TensorScope(other)) {
            if (!refuses(ops, elsewhere.of(1, 2, 3, 4), IllegalArgumentException.class)) {
                faults.add("A tensor of another session of the backend was taken");
            }
        }
        TensorScope brief = new TensorScope(fixture.backend());
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

    /** The first round lets scratch memory grow; the second must not leave buffers open. */
    static @Nullable String leaks(Fixture fixture) {
        List<String> faults = new ArrayList<>();
        CallRunner runner = fixture.runner();
        for (KernelSuite suite : KernelSuite.all()) {
            List<KernelCall> calls = suite.calls(fixture.generators()).limit(8).toList();
            calls.forEach(runner::kernel);
            int before = fixture.backend().liveBuffers();
            calls.forEach(runner::kernel);
            int left = fixture.backend().liveBuffers() - before;
            if (left != 0) {
                faults.add(suite.kernel() + " left " + left + " buffers behind in " + calls.size() + " calls");
            }
        }
        return faults.isEmpty() ? null : String.join("; ", faults);
    }
}
