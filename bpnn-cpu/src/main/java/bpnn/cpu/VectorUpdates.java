package bpnn.cpu;

import static bpnn.cpu.Species.FLOATS;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** {@link Updates} in vectors; the tail in plain Java. */
final class VectorUpdates extends Updates {
    private static final int LANES = FLOATS.length();

    @Override
    void axpby(float alpha, float[] x, int xStart, float beta, float[] y, int yStart, int count) {
        int whole = beta == 0 ? 0 : FLOATS.loopBound(count);
        FloatVector factor = FloatVector.broadcast(FLOATS, alpha);
        for (int i = 0; i < whole; i += LANES) {
            factor.fma(
                            FloatVector.fromArray(FLOATS, x, xStart + i),
                            FloatVector.fromArray(FLOATS, y, yStart + i).mul(beta))
                    .intoArray(y, yStart + i);
        }
        super.axpby(alpha, x, xStart + whole, beta, y, yStart + whole, count - whole);
    }

    @Override
    void sgd(float[] w, int wStart, float[] g, int gStart, float rate, int count) {
        int whole = FLOATS.loopBound(count);
        for (int i = 0; i < whole; i += LANES) {
            FloatVector change = FloatVector.fromArray(FLOATS, g, gStart + i).mul(rate);
            FloatVector.fromArray(FLOATS, w, wStart + i).sub(change).intoArray(w, wStart + i);
        }
        super.sgd(w, wStart + whole, g, gStart + whole, rate, count - whole);
    }

    @Override
    void momentum(
            float[] w,
            int wStart,
            float[] g,
            int gStart,
            float[] v,
            int vStart,
            float momentum,
            float rate,
            int count) {
        int whole = momentum == 0 ? 0 : FLOATS.loopBound(count);
        FloatVector one = FloatVector.broadcast(FLOATS, 1);
        for (int i = 0; i < whole; i += LANES) {
            FloatVector velocity = one.fma(
                    FloatVector.fromArray(FLOATS, g, gStart + i),
                    FloatVector.fromArray(FLOATS, v, vStart + i).mul(momentum));
            velocity.intoArray(v, vStart + i);
            FloatVector.fromArray(FLOATS, w, wStart + i).sub(velocity.mul(rate)).intoArray(w, wStart + i);
        }
        super.momentum(w, wStart + whole, g, gStart + whole, v, vStart + whole, momentum, rate, count - whole);
    }

    @Override
    void adam(
            float[] w,
            int wStart,
            float[] g,
            int gStart,
            float[] m,
            int mStart,
            float[] v,
            int vStart,
            AdamRates rates,
            int count) {
        if (rates.beta1() == 0) {
            // The old mean is not read then, whatever it is; 0 times -0 is added to the gradient without a trace.
            Arrays.fill(m, mStart, mStart + count, -0f);
        }
        int whole = rates.beta2() == 0 ? 0 : FLOATS.loopBound(count);
        FloatVector keep1 = FloatVector.broadcast(FLOATS, rates.keep1());
        FloatVector keep2 = FloatVector.broadcast(FLOATS, rates.keep2());
        for (int i = 0; i < whole; i += LANES) {
            FloatVector gradient = FloatVector.fromArray(FLOATS, g, gStart + i);
            FloatVector mean = keep1.fma(
                    gradient, FloatVector.fromArray(FLOATS, m, mStart + i).mul(rates.beta1()));
            FloatVector square = keep2.fma(
                    gradient.mul(gradient),
                    FloatVector.fromArray(FLOATS, v, vStart + i).mul(rates.beta2()));
            mean.intoArray(m, mStart + i);
            square.intoArray(v, vStart + i);
            FloatVector denominator =
                    square.lanewise(VectorOperators.SQRT).mul(rates.root()).add(rates.epsilon());
            FloatVector change = mean.div(denominator).mul(rates.step());
            FloatVector.fromArray(FLOATS, w, wStart + i).sub(change).intoArray(w, wStart + i);
        }
        super.adam(w, wStart + whole, g, gStart + whole, m, mStart + whole, v, vStart + whole, rates, count - whole);
    }
}
