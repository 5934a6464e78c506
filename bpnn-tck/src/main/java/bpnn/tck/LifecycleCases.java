package bpnn.tck;

import bpnn.spi.Availability;
import bpnn.spi.Backend;
import bpnn.spi.BackendProvider;
import bpnn.spi.Buffer;
import bpnn.spi.ElementType;
import bpnn.tensor.Ops;
import bpnn.tensor.Tensor;
import bpnn.tensor.TensorScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The provider tells the truth, memory is zeroed and given back, and nothing foreign is taken. */
final class LifecycleCases {
    private static final double PROBE_SECONDS = 5;

    private final Session session;

    LifecycleCases(Session session) {
        this.session = session;
    }

    List<ConformanceCase> cases() {
        return List.of(
                statement("probe", s -> probe(s.provider())),
                statement("open as asked", LifecycleCases::opened),
                statement("memory is zeroed and holds what it is given", LifecycleCases::memory),
                statement("double close", LifecycleCases::doubleClose),
                statement("foreign and closed tensors are refused", LifecycleCases::foreign),
                statement("no kernel leaks a buffer", LifecycleCases::leaks),
                statement("opening leaves subnormals alone", LifecycleCases::subnormals));
    }

    /** A check gives what is wrong, or null. */
    private ConformanceCase statement(String name, Function<Session, @Nullable String> check) {
        return new ConformanceCase(Group.LIFECYCLE, name, () -> {
            String fault = check.apply(session);
            return fault == null ? Findings.passed("as it should be") : Findings.failed(fault);
        });
    }

    private static @Nullable String probe(BackendProvider provider) {
        String id = provider.id();
        if (id.isBlank() || !id.equals(id.toLowerCase(Locale.ROOT))) {
            return "The id must be a name in lower case, but is '" + id + "'";
        }
        if (provider.apiVersion() != BackendProvider.API_VERSION) {
            return "It was built against version " + provider.apiVersion() + " of the SPI; this is version "
                    + BackendProvider.API_VERSION;
        }
        long start = System.nanoTime();
        Availability availability = provider.probe();
        double seconds = (System.nanoTime() - start) * 1e-9;
        if (availability instanceof Availability.Unavailable no) {
            return "It was opened, but its probe says that it cannot be: " + no.reason();
        }
        return seconds <= PROBE_SECONDS
                ? null
                : "The probe took " + seconds + " seconds; a program that only lists its backends waits for it";
    }

    private static @Nullable String opened(Session session) {
        Backend backend = session.backend();
        if (!backend.id().equals(session.provider().id())) {
            return "The backend's id is '" + backend.id() + "', its provider's '"
                    + session.provider().id() + "'";
        }
        if (session.config().numerics().stream().anyMatch(asked -> asked != backend.numerics())) {
            return "It was to be opened in " + session.config().numerics().get() + " mode, but is in "
                    + backend.numerics() + " mode; an arithmetic that it does not have is to be refused";
        }
        return backend.device().isBlank() ? "It does not say which device it computes on" : null;
    }

    private static @Nullable String memory(Session session) {
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

    private static @Nullable String doubleClose(Session session) {
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
        KernelSuite.fused().forEach(suite -> suite.calls().get().limit(1).forEach(new Bench(backend)::kernel));
        backend.close();
        backend.close();
        return backend.liveBuffers() == 0
                ? null
                : "After the backend was closed " + backend.liveBuffers()
                        + " buffers are live; its scratch is to be closed with it";
    }

    private static @Nullable String foreign(Session session) {
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
    private static @Nullable String leaks(Session session) {
        List<String> faults = new ArrayList<>();
        Bench bench = session.bench();
        for (KernelSuite suite : KernelSuite.all()) {
            List<KernelCall> calls = suite.calls().get().limit(8).toList();
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

    /** A native library built with -ffast-math switches the thread that loads it to flush-to-zero. */
    private static @Nullable String subnormals(Session session) {
        float[] smallest = {Float.MIN_NORMAL};
        smallest[0] *= 0.5f;
        return smallest[0] != 0
                ? null
                : "Since " + session.provider().id()
                        + " was opened, this thread flushes subnormals to zero, in Java too; a native library changed"
                        + " its floating-point mode";
    }
}
