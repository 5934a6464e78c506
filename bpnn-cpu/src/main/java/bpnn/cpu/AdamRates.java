package bpnn.cpu;

import bpnn.spi.Composed;

/**
 * The scalars of a step of Adam: m = β₁ m + keep₁ g, v = β₂ v + keep₂ g², w = w - m / (√v · root + ε) · step.
 *
 * @param root 1 / √(1 - β₂ᵗ)
 * @param step η / (1 - β₁ᵗ)
 */
record AdamRates(float beta1, float keep1, float beta2, float keep2, float step, float root, float epsilon) {
    static AdamRates of(float beta1, float beta2, float[] rates, int start) {
        return new AdamRates(
                beta1,
                Composed.oneMinus(beta1),
                beta2,
                Composed.oneMinus(beta2),
                rates[start],
                rates[start + 1],
                rates[start + 2]);
    }
}
