package bpnn.tck;

import bpnn.spi.Backend;
import bpnn.spi.Buffer;
import bpnn.spi.ElementType;
import bpnn.spi.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The operands of a call in the memory of a backend. */
final class PlacedCall implements AutoCloseable {
    private final KernelCall call;
    private final Placement placement;
    private final List<Matrix> matrices = new ArrayList<>();

    /** @param alias two operands that share one matrix, with the content of the source; null for none */
    PlacedCall(Backend backend, KernelCall call, Placement placement, KernelCall.@Nullable Alias alias) {
        this.call = call;
        this.placement = placement;
        for (Operand operand : call.operands()) {
            float[] content = surrounded(operand);
            Buffer buffer = backend.allocate(operand.type(), content.length);
            upload(buffer, 0, content, 0, content.length);
            matrices.add(new Matrix(buffer, placement.before(), operand.rows(), operand.cols()));
        }
        if (alias != null) {
            matrices.set(alias.destination(), matrices.get(alias.source()))
                    .buffer()
                    .close();
        }
    }

    private float[] surrounded(Operand operand) {
        float[] content = new float[placement.before() + operand.size() + placement.after()];
        boolean readOnly = operand.role() == Operand.Role.INPUT && operand.type() == ElementType.FLOAT32;
        float around = readOnly ? placement.aroundInputs() : Placement.SENTINEL;
        Arrays.fill(content, operand.type() == ElementType.UINT8 ? 171 : around);
        System.arraycopy(operand.values(), 0, content, placement.before(), operand.size());
        return content;
    }

    List<Matrix> matrices() {
        return matrices;
    }

    Outcome outcome() {
        List<float[]> contents = new ArrayList<>();
        List<String> damage = new ArrayList<>();
        for (int i = 0; i < matrices.size(); i++) {
            Operand operand = call.operands().get(i);
            float[] content = download(matrices.get(i).buffer());
            contents.add(Arrays.copyOfRange(content, placement.before(), placement.before() + operand.size()));
            damage(operand, content, damage);
        }
        return new Outcome(contents, damage);
    }

    private void damage(Operand operand, float[] content, List<String> damage) {
        float[] expected = surrounded(operand);
        for (int i = 0; i < content.length; i++) {
            boolean inside = i >= placement.before() && i < placement.before() + operand.size();
            boolean free = inside && operand.role() != Operand.Role.INPUT;
            if (!free && Float.compare(content[i], expected[i]) != 0) {
                damage.add(damaged(operand, i - placement.before(), content[i]));
                return;
            }
        }
    }

    private static String damaged(Operand operand, int index, float found) {
        if (index < 0) {
            return "it wrote " + found + " to the element " + -index + " in front of " + operand;
        }
        if (index >= operand.size()) {
            return "it wrote " + found + " to the element " + (index - operand.size() + 1) + " past the end of "
                    + operand;
        }
        return "it changed its input " + operand.element(index) + " to " + found;
    }

    static void upload(Buffer buffer, int offset, float[] content, int from, int count) {
        switch (buffer.type()) {
            case FLOAT32 -> buffer.upload(offset, content, from, count);
            case INT32 -> {
                int[] integers = new int[content.length];
                for (int i = 0; i < content.length; i++) {
                    integers[i] = (int) content[i];
                }
                buffer.upload(offset, integers, from, count);
            }
            case UINT8 -> {
                byte[] bytes = new byte[content.length];
                for (int i = 0; i < content.length; i++) {
                    bytes[i] = (byte) (int) content[i];
                }
                buffer.upload(offset, bytes, from, count);
            }
        }
    }

    static float[] download(Buffer buffer) {
        int count = buffer.length();
        float[] content = new float[count];
        switch (buffer.type()) {
            case FLOAT32 -> buffer.download(0, content, 0, count);
            case INT32 -> {
                int[] integers = new int[count];
                buffer.download(0, integers, 0, count);
                for (int i = 0; i < count; i++) {
                    content[i] = integers[i];
                }
            }
            case UINT8 -> {
                byte[] bytes = new byte[count];
                buffer.download(0, bytes, 0, count);
                for (int i = 0; i < count; i++) {
                    content[i] = bytes[i] & 0xFF;
                }
            }
        }
        return content;
    }

    @Override
    public void close() {
        matrices.forEach(matrix -> matrix.buffer().close());
    }
}
