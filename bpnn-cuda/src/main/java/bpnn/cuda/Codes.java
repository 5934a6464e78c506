package bpnn.cuda;

import bpnn.spi.Activation;
import bpnn.spi.BinaryOp;
import bpnn.spi.Reduction;
import bpnn.spi.UnaryOp;

/** The integer codes of SPI enums in {@code kernels.cu}, as in the enums at its beginning. */
final class Codes {
    private Codes() {}

    static int of(UnaryOp op) {
        return switch (op) {
            case COPY -> 0;
            case EXP -> 1;
            case LOG -> 2;
            case SQRT -> 3;
            case TANH -> 4;
            case SIGMOID -> 5;
            case RELU -> 6;
        };
    }

    static int of(BinaryOp op) {
        return switch (op) {
            case ADD -> 0;
            case SUBTRACT -> 1;
            case MULTIPLY -> 2;
            case DIVIDE -> 3;
            case GREATER -> 4;
            case EQUAL -> 5;
        };
    }

    static int of(Activation activation) {
        return switch (activation) {
            case IDENTITY -> 0;
            case TANH -> 1;
            case SIGMOID -> 2;
            case RELU -> 3;
        };
    }

    static int of(Reduction op) {
        return switch (op) {
            case SUM -> 0;
            case MAX -> 1;
        };
    }

    /** 0 means no optimiser. */
    static int of(Operation.Optimiser optimiser) {
        return switch (optimiser) {
            case SGD -> 1;
            case MOMENTUM -> 2;
            case ADAM -> 3;
        };
    }
}
