package bpnn.tck;

import bpnn.spi.ElementType;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;

/** Describes what is wrong with a result, and recognises well-known error patterns. */
final class Diagnosis {
    private static final int TF32_BITS = 10;
    private static final int BF16_BITS = 7;
    private static final int FLOAT_BITS = 23;

    private Diagnosis() {}

    /** The worst element and the extent of the error. */
    static String sentence(
            KernelCall call, int index, float[] found, Oracle.Truth truth, Deviation deviation, double factor) {
        Operand operand = call.operands().get(index);
        int worst = deviation.index();
        double expected = truth.values().get(index)[worst];
        String allowance = Double.isFinite(expected)
                ? " ± " + threeDigits(factor * truth.bounds().get(index)[worst])
                : "";
        return operand.element(worst) + " is " + found[worst] + ", but should be " + expected + allowance + ", "
                + threeDigits(deviation.worst()) + " bounds away; " + extent(operand, deviation.outside());
    }

    /** Three significant digits, the precision of a bound. */
    static String threeDigits(double value) {
        return String.format(Locale.ROOT, "%.3g", value);
    }

    /** The number of wrong elements and the rows and columns that contain them. */
    static String extent(Operand operand, List<Integer> wrong) {
        int cols = operand.cols();
        int firstRow = wrong.stream().mapToInt(i -> i / cols).min().orElse(0);
        int lastRow = wrong.stream().mapToInt(i -> i / cols).max().orElse(0);
        int firstCol = wrong.stream().mapToInt(i -> i % cols).min().orElse(0);
        int lastCol = wrong.stream().mapToInt(i -> i % cols).max().orElse(0);
        return wrong.size() + " of " + operand.size() + " elements are wrong, in rows " + firstRow + " to " + lastRow
                + " and columns " + firstCol + " to " + lastCol + " of " + operand;
    }

    /** Describes the pattern of the wrong elements, if it is a known one; else empty. */
    static String knownPattern(
            KernelCall call, int index, float[] found, Oracle.Truth truth, List<Integer> wrong, double factor) {
        if (call.operands().get(index).role() == Operand.Role.OUTPUT
                && wrong.stream().allMatch(i -> found[i] == KernelCall.STALE)) {
            return "; they were not written, as when a tail is dropped";
        }
        double[] values = truth.values().get(index);
        if (wrong.stream().allMatch(i -> found[i] == 0 && Math.abs(values[i]) < Float.MIN_NORMAL)) {
            return "; they are subnormal and were flushed to zero";
        }
        for (int rows : new int[] {1, -1}) {
            if (isShifted(call.operands().get(index), found, values, wrong, rows)) {
                return "; they hold what belongs " + (rows > 0 ? "one row below" : "one row above")
                        + ": off by one row";
            }
        }
        if (matchesRoundedInputs(call, index, found, factor, x -> nearest(x, TF32_BITS))
                || matchesRoundedInputs(call, index, found, factor, x -> truncated(x, TF32_BITS))) {
            return "; they are what inputs rounded to 10 bits give: TF32 is on";
        }
        if (matchesRoundedInputs(call, index, found, factor, x -> nearest(x, BF16_BITS))
                || matchesRoundedInputs(call, index, found, factor, x -> truncated(x, BF16_BITS))) {
            return "; they are what inputs rounded to 7 bits give: this is bf16";
        }
        return "";
    }

    /** Whether most of the matrix is wrong but equals the true values of the adjacent row. */
    private static boolean isShifted(Operand operand, float[] found, double[] truth, List<Integer> wrong, int rows) {
        int distance = rows * operand.cols();
        List<Integer> comparable = wrong.stream()
                .filter(i -> i + distance >= 0 && i + distance < truth.length)
                .toList();
        return 2 * wrong.size() > found.length
                && !comparable.isEmpty()
                && comparable.stream()
                        .allMatch(
                                i -> Math.abs(found[i] - truth[i + distance]) <= Math.ulp((float) truth[i + distance]));
    }

    /** Whether the result is correct for rounded inputs. */
    private static boolean matchesRoundedInputs(
            KernelCall call, int index, float[] found, double factor, DoubleUnaryOperator rounding) {
        KernelCall rounded = call.with(operand -> {
            if (operand.role() != Operand.Role.INPUT || operand.type() != ElementType.FLOAT32) {
                return operand;
            }
            float[] values = operand.values().clone();
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) rounding.applyAsDouble(values[i]);
            }
            return operand.with(values);
        });
        Oracle.Truth truth = Oracle.of(rounded);
        return Deviation.of(found, truth.values().get(index), truth.bounds().get(index), factor)
                        .worst()
                <= 1;
    }

    private static double nearest(double x, int bits) {
        int half = 1 << (FLOAT_BITS - bits - 1);
        return truncated(Float.intBitsToFloat(Float.floatToIntBits((float) x) + half), bits);
    }

    private static double truncated(double x, int bits) {
        int mask = -1 << (FLOAT_BITS - bits);
        return Float.intBitsToFloat(Float.floatToIntBits((float) x) & mask);
    }
}
