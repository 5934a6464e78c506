package bpnn.nd4j;

import static bpnn.nd4j.Nd4jBuffer.array;

import bpnn.spi.Backend;
import bpnn.spi.Buffer;
import bpnn.spi.ElementType;
import bpnn.spi.Matrix;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Gathers rows of a table; bytes are gathered as bytes and then converted. */
final class RowGather implements AutoCloseable {
    private final Backend backend;
    private @Nullable Buffer bytes;
    private int[] rows = {};

    RowGather(Backend backend) {
        this.backend = backend;
    }

    /** y[i, j] = table[order[p + i], j], or table[p + i, j] without an order. */
    void rows(Matrix table, @Nullable Matrix order, Matrix position, Matrix y) {
        int[] first = new int[1];
        position.buffer().download(position.offset(), first, 0, 1);
        if (order == null) {
            int start = table.offset() + first[0] * table.cols();
            array(y).assign(array(new Matrix(table.buffer(), start, y.rows(), y.cols())));
            return;
        }
        if (rows.length != y.rows()) {
            rows = new int[y.rows()];
        }
        order.buffer().download(order.offset() + first[0], rows, 0, rows.length);
        if (table.buffer().type() == ElementType.FLOAT32) {
            Nd4j.pullRows(array(table), array(y), 1, rows);
        } else {
            INDArray gathered = array(bytes(y));
            Nd4j.pullRows(array(table), gathered, 1, rows);
            array(y).assign(gathered);
        }
    }

    private Matrix bytes(Matrix like) {
        Buffer buffer = bytes;
        if (buffer == null || buffer.length() < like.size()) {
            close();
            buffer = backend.allocate(ElementType.UINT8, like.size());
            bytes = buffer;
        }
        return new Matrix(buffer, 0, like.rows(), like.cols());
    }

    @Override
    public void close() {
        if (bytes != null) {
            bytes.close();
            bytes = null;
        }
    }
}
