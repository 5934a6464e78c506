package bpnn.tck;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;

/** Compares the outcomes of a case's calls with what they should be, and keeps the worst and the first failure. */
final class Tally {
    /** Products in TF32 have 7e-8, in bf16 5e-6, honest float32 ones at most 2.5e-13. */
    static final double PRODUCT_NMSE = 1e-11;

    /** Failures that are looked at more closely, in the hope of a pattern; a failure with one is told first. */
    private static final int DIAGNOSED = 20;

    private final double largestNmse;
    private final List<String> failures = new ArrayList<>();
    private double worst;
    private double nmse;
    private boolean measured;
    private boolean recognised;
    private int comparisons;

    Tally() {
        this(Double.POSITIVE_INFINITY);
    }

    /** @param largestNmse a call with a larger normalised mean square error has failed */
    Tally(double largestNmse) {
        this.largestNmse = largestNmse;
    }

    /** Notes that a call is looked at, and all is well so far. */
    void looked() {
        comparisons++;
    }

    /** Notes a failure. */
    void fail(KernelCall call, String sentence) {
        failures.add(sentence + " (" + call + ")");
    }

    /** Every operand lies within {@code factor} of its bounds around the truth. */
    void within(KernelCall call, Outcome found, Oracle.Truth truth, double factor) {
        comparisons++;
        boolean right = true;
        for (int i = 0; i < call.operands().size() && right; i++) {
            right = within(call, i, found, truth, factor);
        }
    }

    /** One operand lies within its bounds around the truth. */
    void within(KernelCall call, Outcome found, int operand, Oracle.Truth truth) {
        comparisons++;
        within(call, operand, found, truth, 1);
    }

    private boolean within(KernelCall call, int operand, Outcome found, Oracle.Truth truth, double factor) {
        float[] content = found.contents().get(operand);
        Deviation deviation = Deviation.of(
                content, truth.values().get(operand), truth.bounds().get(operand), factor);
        measured = true;
        worst = Math.max(worst, deviation.worst());
        nmse = Math.max(nmse, deviation.nmse());
        if (deviation.worst() > 1) {
            String sentence = Diagnosis.sentence(call, operand, content, truth, deviation, factor);
            boolean telling = !recognised && failures.size() < DIAGNOSED;
            String looks = telling ? Diagnosis.looks(call, operand, content, truth, deviation.outside(), factor) : "";
            fail(call, sentence + looks);
            if (!looks.isEmpty()) {
                recognised = true;
                Collections.swap(failures, 0, failures.size() - 1);
            }
            return false;
        }
        if (deviation.nmse() > largestNmse) {
            fail(
                    call,
                    "The mean square error is " + deviation.nmse() + " of the mean square of "
                            + call.operands().get(operand) + "; honest float32 stays below " + largestNmse);
            return false;
        }
        return true;
    }

    /** Every operand has the bits of {@code expected}, all NaN being one. */
    void sameBits(KernelCall call, Outcome found, Outcome expected, String whose) {
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
                        operand.element(first) + " is " + exactly(a[first]) + ", but " + whose + " " + exactly(b[first])
                                + "; " + Diagnosis.extent(operand, different));
                return;
            }
        }
    }

    /** Nothing is NaN that was none in {@code before}. */
    void noNewNaN(KernelCall call, Outcome found, Outcome before, String why) {
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

    /** Where the truth is a zero, its sign is met. */
    void signedZeros(KernelCall call, Outcome found, Oracle.Truth truth) {
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

    private static String exactly(float value) {
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
