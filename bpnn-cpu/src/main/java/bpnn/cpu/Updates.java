package bpnn.cpu;

import bpnn.spi.Reference;

/** Optimiser steps over a range of weights, in plain Java; the formulas are those of {@link bpnn.spi.Composed}. */
class Updates {
    /** y = α x + β y; y is not read where β is 0. */
    void axpby(float alpha, float[] x, int xStart, float beta, float[] y, int yStart, int count) {
        for (int i = 0; i < count; i++) {
            y[yStart + i] = Reference.axpby(alpha, x[xStart + i], beta, y[yStart + i]);
        }
    }

    /** w = w - g η. */
    void sgd(float[] w, int wStart, float[] g, int gStart, float rate, int count) {
        for (int i = 0; i < count; i++) {
            w[wStart + i] -= g[gStart + i] * rate;
        }
    }

    /** v = μ v + g, then w = w - v η. */
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
        for (int i = 0; i < count; i++) {
            float velocity = Reference.axpby(1, g[gStart + i], momentum, v[vStart + i]);
            v[vStart + i] = velocity;
            w[wStart + i] -= velocity * rate;
        }
    }

    /** One step of Adam; see {@link AdamRates}. */
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
        for (int i = 0; i < count; i++) {
            float gradient = g[gStart + i];
            float mean = Reference.axpby(rates.keep1(), gradient, rates.beta1(), m[mStart + i]);
            float square = Reference.axpby(rates.keep2(), gradient * gradient, rates.beta2(), v[vStart + i]);
            m[mStart + i] = mean;
            v[vStart + i] = square;
            float denominator = (float) Math.sqrt(square) * rates.root() + rates.epsilon();
            w[wStart + i] -= mean / denominator * rates.step();
        }
    }
}
