package bpnn.lab.run;

import bpnn.nn.Adam;
import bpnn.nn.Momentum;
import bpnn.nn.Nesterov;
import bpnn.nn.Optimizer;
import bpnn.nn.RmsProp;
import bpnn.nn.Sgd;

/** How weights follow their gradients. */
public enum OptimizerName {
    ADAM,
    SGD,
    MOMENTUM,
    NESTEROV,
    RMSPROP;

    private static final float MOMENTUM_SHARE = 0.9f;

    /** The rule with its usual constants. */
    public Optimizer rule(float learningRate) {
        return switch (this) {
            case ADAM -> Adam.withRate(learningRate);
            case SGD -> new Sgd(learningRate);
            case MOMENTUM -> new Momentum(learningRate, MOMENTUM_SHARE);
            case NESTEROV -> new Nesterov(learningRate, MOMENTUM_SHARE);
            case RMSPROP -> RmsProp.withRate(learningRate);
        };
    }
}
