package bpnn.nd4j;

import static bpnn.nd4j.Nd4jBuffer.array;

import bpnn.spi.Matrix;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.reduce.longer.MatchCondition;
import org.nd4j.linalg.api.ops.impl.reduce.same.Max;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.conditions.Conditions;

/** Maxima along a dimension. Those of ND4J ignore NaN, which is checked separately. */
final class MaxReduction {
    private MaxReduction() {}

    static void along(int dimension, INDArray x, Matrix y) {
        Nd4j.getExecutioner().exec(new Max(x, array(y), true, dimension));
        if (nans(x) != 0) {
            try (INDArray counts = Nd4j.getExecutioner().exec(new MatchCondition(x, Conditions.isNan(), dimension))) {
                for (int i = 0; i < y.size(); i++) {
                    if (counts.getLong(i) != 0) {
                        Nd4jBuffer.set(y, i, Float.NaN);
                    }
                }
            }
        }
    }

    private static long nans(INDArray x) {
        try (INDArray count = Nd4j.getExecutioner().exec(new MatchCondition(x, Conditions.isNan()))) {
            return count.getLong(0);
        }
    }
}
