package bpnn.tck;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * Compares gradients with central differences, both in the backend's float32, along random directions d of ±1: the
 * directional derivative S = Σ g d must equal the difference quotient Q = (L(θ + h d) - L(θ - h d)) / 2h.
 *
 * <p>The tolerance is derived, not chosen. Q differs from its exact value by at most the error bounds of both losses
 * over 2h; that value differs from the derivative by the truncation error, which the float64 oracle measures as the
 * change from h to a step 64 times smaller (the truncation error falls with h², so the remainder is below a thousandth
 * of it); S differs by at most the bounds of the gradient. None of these uses the value of a gradient, so a wrong
 * gradient of the oracle could not hide one of the backend.
 */
final class GradientCases {
    /** The truncation error is then at most 3 · 10⁻³, for directional derivatives of 1 to 10. */
    private static final float STEP = 0x1p-7f;

    private static final float SMALL_STEP = 0x1p-13f;
    private static final int DIRECTIONS = 3;

    private final OperandGenerators generators;
    private final CallRunner runner;

    GradientCases(Fixture fixture) {
        this.generators = fixture.generators();
        this.runner = fixture.runner();
    }

    List<ConformanceCase> cases() {
        return LayerPass.all(generators).stream()
                .map(pass -> new ConformanceCase(Group.GRADIENTS, pass.layer(), () -> check(pass)))
                .toList();
    }

    private Findings check(LayerPass pass) {
        List<String> failures = new ArrayList<>();
        double worst = 0;
        Outcome found = runner.kernel(pass.call());
        Oracle.Truth truth = Oracle.of(pass.call());
        for (Map.Entry<Integer, Integer> pair : new TreeMap<>(pass.gradients()).entrySet()) {
            for (int i = 0; i < DIRECTIONS; i++) {
                int size = pass.call().operands().get(pair.getKey()).size();
                float[] direction =
                        generators.of("direction " + i, pair.getKey()).among(size, -1, 1);
                Quotient quotient = quotient(pass, pair.getKey(), direction);
                float[] gradient = found.contents().get(pair.getValue());
                double[] bounds = truth.bounds().get(pair.getValue());
                double slope = 0;
                double tolerance = quotient.bound();
                for (int j = 0; j < size; j++) {
                    slope += (double) gradient[j] * direction[j];
                    tolerance += bounds[j];
                }
                double ratio = Deviation.ratio(slope, quotient.value(), tolerance);
                worst = Math.max(worst, ratio);
                if (ratio > 1) {
                    failures.add("The gradient of " + pass.layer() + " by "
                            + pass.call().operands().get(pair.getKey()) + " has the slope " + slope
                            + " along direction " + i + ", but the loss has " + quotient.value() + " ± "
                            + Diagnosis.threeDigits(tolerance)
                            + " (" + pass.call() + ")");
                }
            }
        }
        Verdict verdict = failures.isEmpty() ? Verdict.PASSED : Verdict.FAILED;
        String message = failures.isEmpty() ? DIRECTIONS + " directions each" : failures.get(0);
        return new Findings(verdict, OptionalDouble.of(worst), OptionalDouble.empty(), message);
    }

    /** The difference quotient of the backend's loss and the bound of its deviation from the derivative. */
    private record Quotient(double value, double bound) {}

    private Quotient quotient(LayerPass pass, int operand, float[] direction) {
        KernelCall above = shifted(pass.call(), operand, direction, STEP);
        KernelCall below = shifted(pass.call(), operand, direction, -STEP);
        float[] up = runner.kernel(above).contents().get(pass.output());
        float[] down = runner.kernel(below).contents().get(pass.output());
        Oracle.Truth trueUp = Oracle.of(above);
        Oracle.Truth trueDown = Oracle.of(below);
        float[] weights = pass.call().operands().get(pass.weights()).values();
        double difference = 0;
        double bound = 0;
        for (int i = 0; i < weights.length; i++) {
            difference += weights[i] * ((double) up[i] - down[i]);
            bound += Math.abs(weights[i])
                    * (trueUp.bounds().get(pass.output())[i] + trueDown.bounds().get(pass.output())[i]);
        }
        double truncation = Math.abs(
                trueQuotient(pass, operand, direction, STEP) - trueQuotient(pass, operand, direction, SMALL_STEP));
        return new Quotient(difference / (2 * STEP), bound / (2 * STEP) + truncation * 1.001);
    }

    private static double trueQuotient(LayerPass pass, int operand, float[] direction, float step) {
        double[] up = Oracle.of(shifted(pass.call(), operand, direction, step))
                .values()
                .get(pass.output());
        double[] down = Oracle.of(shifted(pass.call(), operand, direction, -step))
                .values()
                .get(pass.output());
        float[] weights = pass.call().operands().get(pass.weights()).values();
        double difference = 0;
        for (int i = 0; i < weights.length; i++) {
            difference += weights[i] * (up[i] - down[i]);
        }
        return difference / (2 * step);
    }

    private static KernelCall shifted(KernelCall call, int operand, float[] direction, float step) {
        Operand subject = call.operands().get(operand);
        float[] values = subject.values().clone();
        for (int i = 0; i < values.length; i++) {
            values[i] += step * direction[i];
        }
        return call.with(other -> other.name().equals(subject.name()) ? other.with(values) : other);
    }
}
