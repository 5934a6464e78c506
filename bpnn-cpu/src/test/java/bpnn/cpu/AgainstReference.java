package bpnn.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.spi.Backend;
import bpnn.spi.BackendConfig;
import bpnn.spi.ElementType;
import bpnn.spi.HeapBuffer;
import bpnn.spi.Kernels;
import bpnn.spi.Matrix;
import bpnn.spi.ReferenceBackend;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** The backend next to the reference backend: the same call must give the same bits. */
final class AgainstReference implements AutoCloseable {
    private final Backend reference = new ReferenceBackend();
    private final Backend cpu;

    AgainstReference(int threads) {
        cpu = new CpuBackendProvider().open(new BackendConfig(Optional.empty(), threads, Map.of()));
    }

    /** Runs the call on both backends, each with its own copy of the operands, and compares all operands. */
    void check(String what, Supplier<List<Matrix>> operands, BiConsumer<Kernels, List<Matrix>> call) {
        List<Matrix> expected = operands.get();
        List<Matrix> actual = operands.get();
        call.accept(reference.kernels(), expected);
        call.accept(cpu.kernels(), actual);
        for (int i = 0; i < expected.size(); i++) {
            String operand = what + ", operand " + i;
            if (expected.get(i).buffer().type() == ElementType.FLOAT32) {
                GuardedMatrix.assertSameBits(actual.get(i), expected.get(i), operand);
            } else if (expected.get(i).buffer().type() == ElementType.INT32) {
                assertThat(HeapBuffer.ints(actual.get(i)))
                        .as(operand)
                        .containsExactly(HeapBuffer.ints(expected.get(i)));
            }
        }
    }

    static Matrix integers(int... values) {
        HeapBuffer buffer = new HeapBuffer(ElementType.INT32, values.length, new AtomicInteger());
        buffer.upload(0, values, 0, values.length);
        return new Matrix(buffer, 0, 1, values.length);
    }

    @Override
    public void close() {
        cpu.close();
        reference.close();
        assertThat(cpu.liveBuffers()).isZero();
    }
}
