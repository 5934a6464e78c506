package bpnn.nd4j;

import static bpnn.nd4j.Nd4jBuffer.array;

import bpnn.spi.Matrix;
import bpnn.spi.Scratch;
import bpnn.spi.UnaryOp;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner;
import org.nd4j.linalg.api.ops.impl.transforms.comparison.CompareAndSet;
import org.nd4j.linalg.api.ops.impl.transforms.floating.Sqrt;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Cosh;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Exp;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Log;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Sigmoid;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Sinh;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.conditions.Conditions;

/** Unary functions, by ND4J. */
final class UnaryFunctions {
    /** From here on tanh is ±1 in float32, and sinh and cosh do not overflow. */
    private static final double TANH_ONE = 10;

    private final Scratch scratch;

    /** @param scratch for intermediate results */
    UnaryFunctions(Scratch scratch) {
        this.scratch = scratch;
    }

    /** y = op(x); the matrices have elements. */
    void apply(UnaryOp op, Matrix x, Matrix y) {
        INDArray from = array(x);
        INDArray to = array(y);
        OpExecutioner executioner = Nd4j.getExecutioner();
        switch (op) {
            case COPY -> to.assign(from);
            case EXP -> executioner.exec(new Exp(from, to));
            case LOG -> executioner.exec(new Log(from, to));
            case SQRT -> executioner.exec(new Sqrt(from, to));
            case SIGMOID -> executioner.exec(new Sigmoid(from, to));
            case TANH -> tanh(from, array(scratch.matrix(0, x.rows(), x.cols())), to);
            // The relu of ND4J turns NaN into 0.
            case RELU -> executioner.exec(new CompareAndSet(from, to, 0, Conditions.lessThanOrEqual(0)));
        }
    }

    /**
     * sinh x / cosh x. The tanh of ND4J loses relative accuracy for small x: below 3e-8 it gives 0.
     *
     * @param sinh overwritten
     */
    private static void tanh(INDArray x, INDArray sinh, INDArray y) {
        OpExecutioner executioner = Nd4j.getExecutioner();
        executioner.exec(DynamicCustomOp.builder("clipbyvalue")
                .addInputs(x)
                .addOutputs(y)
                .addFloatingPointArguments(-TANH_ONE, TANH_ONE)
                .build());
        executioner.exec(new Sinh(y, sinh));
        executioner.exec(new Cosh(y, y));
        sinh.divi(y, y);
    }
}
