package bpnn.tck;

import bpnn.spi.ElementType;
import bpnn.spi.Kernels;
import bpnn.spi.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A kernel with all its arguments, runnable on any backend.
 *
 * @param number index of the call among the calls of its kernel
 * @param arguments the arguments that are not matrices, in words
 * @param kernel calls the kernel of the backend
 * @param definition calls the definition of the kernel; for a primitive, the kernel itself
 * @param aliases the destinations that may alias a source
 */
record KernelCall(
        int number,
        String arguments,
        List<Operand> operands,
        Invocation kernel,
        Invocation definition,
        List<Alias> aliases) {

    /** The initial content of an overwritten destination: a number that no kernel computes. */
    static final float STALE = -77_777.25f;

    /** Calls a kernel with the operands in the order of the list. */
    interface Invocation {
        void on(Kernels kernels, List<Matrix> operands);
    }

    /** Operand {@code destination} may alias operand {@code source}. */
    record Alias(int destination, int source) {}

    /** The same call with changed operands. */
    KernelCall with(UnaryOperator<Operand> change) {
        List<Operand> changed = operands.stream().map(change).toList();
        return new KernelCall(number, arguments, changed, kernel, definition, aliases);
    }

    @Override
    public String toString() {
        String matrices = operands.stream().map(Operand::toString).collect(Collectors.joining(", "));
        return "call " + number + ": " + matrices + (arguments.isEmpty() ? "" : ", " + arguments);
    }

    /** Starts building a call. */
    static Builder number(int number, String arguments) {
        return new Builder(number, arguments);
    }

    /** Collects the operands of a call. */
    static final class Builder {
        private final int number;
        private final String arguments;
        private final List<Operand> operands = new ArrayList<>();
        private final List<Alias> aliases = new ArrayList<>();

        private Builder(int number, String arguments) {
            this.number = number;
            this.arguments = arguments;
        }

        Builder input(String name, int rows, int cols, float[] values) {
            return add(name, Operand.Role.INPUT, ElementType.FLOAT32, rows, cols, values);
        }

        Builder input(String name, ElementType type, int rows, int cols, float[] values) {
            return add(name, Operand.Role.INPUT, type, rows, cols, values);
        }

        Builder updated(String name, int rows, int cols, float[] values) {
            return add(name, Operand.Role.UPDATED, ElementType.FLOAT32, rows, cols, values);
        }

        Builder updated(String name, ElementType type, int rows, int cols, float[] values) {
            return add(name, Operand.Role.UPDATED, type, rows, cols, values);
        }

        Builder output(String name, int rows, int cols) {
            float[] stale = new float[rows * cols];
            Arrays.fill(stale, STALE);
            return add(name, Operand.Role.OUTPUT, ElementType.FLOAT32, rows, cols, stale);
        }

        private Builder add(String name, Operand.Role role, ElementType type, int rows, int cols, float[] values) {
            operands.add(new Operand(name, role, type, rows, cols, values));
            return this;
        }

        Builder mayAlias(int destination, int source) {
            aliases.add(new Alias(destination, source));
            return this;
        }

        KernelCall primitive(Invocation kernel) {
            return fused(kernel, kernel);
        }

        KernelCall fused(Invocation kernel, Invocation definition) {
            return new KernelCall(number, arguments, List.copyOf(operands), kernel, definition, List.copyOf(aliases));
        }
    }
}
