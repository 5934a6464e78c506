package bpnn.lab.audit;

import bpnn.io.tensor.TensorBytes;
import bpnn.lab.comparison.InterceptedBackend;
import bpnn.spi.Backend;
import bpnn.spi.ElementType;
import bpnn.spi.Matrix;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What each kernel call of a training leaves in its operands: hashes of all, the values of one call. */
final class KernelLog {
    /**
     * A call.
     *
     * @param kernel its name
     * @param sha256 hash of all its operands after it
     */
    record Entry(String kernel, String sha256) {}

    /**
     * An operand after a call.
     *
     * @param cols its columns
     * @param values its elements
     */
    @SuppressWarnings("ArrayRecordComponent") // compared element by element; identity equality is intended
    record Operand(int cols, float[] values) {}

    private final Backend backend;
    private final List<Entry> entries = new ArrayList<>();
    private Map<String, Operand> operands = Map.of();
    private int wanted = -1;
    private boolean open;

    KernelLog(Backend inner) {
        this.backend = InterceptedBackend.of(inner, this::take);
    }

    /** The backend to compute on. */
    Backend backend() {
        return backend;
    }

    /**
     * Begins anew.
     *
     * @param call number of the call whose operands are wanted; -1 for none
     */
    void begin(int call) {
        entries.clear();
        wanted = call;
        open = true;
    }

    void end() {
        open = false;
    }

    List<Entry> entries() {
        return List.copyOf(entries);
    }

    /** The operands of the call that was wanted, by the names of the kernel's parameters. */
    Map<String, Operand> operands() {
        return operands;
    }

    private @Nullable Object take(Method kernel, Object @Nullable [] arguments, InterceptedBackend.Call original)
            throws Throwable {
        Object result = original.carryOut();
        if (open && arguments != null) {
            Map<String, Operand> found = read(kernel, arguments);
            if (entries.size() == wanted) {
                operands = found;
            }
            entries.add(new Entry(kernel.getName(), hash(found)));
        }
        return result;
    }

    private static Map<String, Operand> read(Method kernel, Object[] arguments) {
        Map<String, Operand> operands = new LinkedHashMap<>();
        Parameter[] parameters = kernel.getParameters();
        for (int i = 0; i < arguments.length; i++) {
            // Bytes are images and labels, which no kernel writes.
            if (arguments[i] instanceof Matrix m && m.buffer().type() != ElementType.UINT8) {
                operands.put(parameters[i].getName(), new Operand(m.cols(), values(m)));
            }
        }
        return operands;
    }

    private static float[] values(Matrix m) {
        float[] values = new float[m.size()];
        if (m.buffer().type() == ElementType.FLOAT32) {
            m.buffer().download(m.offset(), values, 0, m.size());
            return values;
        }
        int[] whole = new int[m.size()];
        m.buffer().download(m.offset(), whole, 0, m.size());
        for (int i = 0; i < whole.length; i++) {
            values[i] = whole[i];
        }
        return values;
    }

    private static String hash(Map<String, Operand> operands) {
        return TensorBytes.sha256(out -> {
            for (Operand operand : operands.values()) {
                out.write(ByteBuffer.allocate(Integer.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(operand.values().length)
                        .array());
                TensorBytes.write(operand.values(), out);
            }
        });
    }
}
