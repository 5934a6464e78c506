package bpnn.nd4j;

import bpnn.spi.BinaryOp;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.custom.EqualTo;
import org.nd4j.linalg.api.ops.impl.transforms.custom.GreaterThan;
import org.nd4j.linalg.factory.Nd4j;

/** Comparisons, converting the booleans of ND4J to the floats 1 and 0. */
final class Comparison implements AutoCloseable {
    private @Nullable DataBuffer truths;

    /** y = 1 where a op b, else 0; {@code b} is broadcast if it is a row, a column or a scalar. */
    void apply(BinaryOp op, INDArray a, INDArray b, INDArray y) {
        INDArray truth = Nd4j.create(room(a.length()), a.shape(), new long[] {a.columns(), 1}, 0, 'c');
        Nd4j.getExecutioner().exec(op == BinaryOp.GREATER ? new GreaterThan(a, b, truth) : new EqualTo(a, b, truth));
        y.assign(truth);
    }

    private DataBuffer room(long length) {
        DataBuffer buffer = truths;
        if (buffer == null || buffer.length() < length) {
            close();
            buffer = Nd4j.createBuffer(DataType.BOOL, length, false);
            truths = buffer;
        }
        return buffer;
    }

    @Override
    public void close() {
        if (truths != null) {
            truths.close();
            truths = null;
        }
    }
}
