package bpnn.tck;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;

/** Compares the outcomes of calls with the expected ones; keeps the maximum error and the failures. */
final class OutcomeChecker {
    /** Measured: GEMM in TF32 7e-8, in bf16 5e-6, in float32 at most 2.5e-13. */
    static final double PRODUCT_NMSE = 1e-11;

    /** Number of failures that are searched for a known pattern; one with a pattern is reported first. */
    private static final int DIAGNOSED = 20;

    private final double maxNmse;
    private final List<String> failures = new ArrayList<>();
    private double worst;
    private double nmse;
    private boolean measured;
    private boolean recognised;
    private int comparisons;

    OutcomeChecker() {
        this(Double.POSITIVE_INFINITY);
    }

    /** @param maxNmse a call with a larger normalised mean square error fails */
    OutcomeChecker(double maxNmse) {
        this.maxNmse = maxNmse;
    }

    /** Counts a comparison that the caller makes itself. */
    void countComparison() {
        comparisons++;
    }

    /** Records a failure. */
    void fail(KernelCall call, String sentence) {
        failures.add(sentence + " (" + call + ")");
    }

    /** Checks that every operand is within {@code factor} times its bounds of the true values. */
    void checkBounds(KernelCall call, Outcome found, Oracle.Truth truth, double factor) {
        comparisons++;
        boolean right = true;
        for (int i = 0; i < call.operands().size() && right; i++) {
            right = checkBounds(call, i, found, truth, factor);
        }
    }

    /** Checks that one operand is within its bounds of the true values. */
    void checkBounds(KernelCall call, Outcome found, int operand, Oracle.Truth truth) {
        comparisons++;
        checkBounds(call, operand, found, truth, 1);
    }

    private boolean checkBounds(KernelCall call, int operand, Outcome found, Oracle.Truth truth, double factor) {
        float[] content = found.contents().get(operand);
        Deviation deviation = Deviation.of(
                content, truth.values().get(operand), truth.bounds().get(operand), factor);
        measured = true;
        worst = Math.max(worst, deviation.worst());
        nmse = Math.max(nmse, deviation.nmse());
        if (deviation.worst() > 1) {
            String sentence = Diagnosis.sentence(call, operand, content, truth, deviation, factor);
            boolean search = !recognised && failures.size() < DIAGNOSED;
            String pattern =
                    search ? Diagnosis.knownPattern(call, operand, content, truth, deviation.outside(), factor) : "";
            fail(call, sentence + pattern);
            if (!pattern.isEmpty()) {
                recognised = true;
                Collections.swap(failures, 0, failures.size() - 1);
            }
            return false;
        }
        if (deviation.nmse() > maxNmse) {
            fail(
                    call,
                    "The mean square error is " + deviation.nmse() + " of the mean square of "
                            + call.operands().get(operand) + "; float32 arithmetic stays below " + maxNmse);
            return false;
        }
        return true;
    }

    /** Checks that every operand has the bits of {@code expected}; all NaNs are equal. */
    void checkSameBits(KernelCall call, Outcome found, Outcome expected, String whose) {
        comparisons++;
        for (int i = 0; i < call.operands().size(); i++) {
            float[] a = found.contents().get(i);
            float[] b = expected.contents().get(i);
            List<Integer> different = new ArrayList<>();
            for (int j = 0; j < a.length; j++) {
                if (Float.floatToIntBits(a[j]) != Float.floatToIntBits(b[j])) {
                    different.add(j);
                }
            }
            if (!different.isEmpty()) {
                int first = different.get(0);
                Operand operand = call.operands().get(i);
                fail(
                        call,
                        operand.element(first) + " is " + withHex(a[first]) + ", but " + whose + " " + withHex(b[first])
                                + "; " + Diagnosis.extent(operand, different));
                return;
            }
        }
    }

    /** Checks that no element is NaN that was not NaN in {@code before}. */
    void checkNoNewNaN(KernelCall call, Outcome found, Outcome before, String why) {
        for (int i = 0; i < call.operands().size(); i++) {
            float[] a = found.contents().get(i);
            for (int j = 0; j < a.length; j++) {
                if (Float.isNaN(a[j]) && !Float.isNaN(before.contents().get(i)[j])) {
                    fail(call, call.operands().get(i).element(j) + " becomes NaN " + why);
                    return;
                }
            }
        }
    }

    /** Checks the sign of every zero. */
    void checkSignedZeros(KernelCall call, Outcome found, Oracle.Truth truth) {
        for (int i = 0; i < call.operands().size(); i++) {
            double[] expected = truth.values().get(i);
            for (int j = 0; j < expected.length; j++) {
                float value = found.contents().get(i)[j];
                if (expected[j] == 0 && Float.compare(value, (float) expected[j]) != 0) {
                    fail(call, call.operands().get(i).element(j) + " is " + value + ", but should be " + expected[j]);
                    return;
                }
            }
        }
    }

    private static String withHex(float value) {
        return value + " (" + Float.toHexString(value) + ")";
    }

    Findings findings() {
        if (!failures.isEmpty()) {
            int more = failures.size() - 1;
            String others = more == 0 ? "" : "; and " + more + " more of " + comparisons + " comparisons";
            return new Findings(Verdict.FAILED, worst(), nmse(), failures.get(0) + others);
        }
        return new Findings(Verdict.PASSED, worst(), nmse(), comparisons + " comparisons");
    }

    private OptionalDouble worst() {
        return measured ? OptionalDouble.of(worst) : OptionalDouble.empty();
    }

    private OptionalDouble nmse() {
        return measured ? OptionalDouble.of(nmse) : OptionalDouble.empty();
    }
}
