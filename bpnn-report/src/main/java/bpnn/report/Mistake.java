package bpnn.report;

import java.util.List;

/**
 * A mistake in the article's code.
 *
 * @param mistake what it does
 * @param consequence what becomes of it
 * @param remedy what is done here instead
 */
record Mistake(String mistake, String consequence, String remedy) {
    static final List<Mistake> ALL = List.of(
            new Mistake(
                    "Every data loader draws its own permutation, then cuts 80/20.",
                    "80 % of the \"validation\" and \"test\" images are in the training set; the published 0.993 to 0.997"
                            + " are training accuracies.",
                    "One fixed split; the test set is a file of its own."),
            new Mistake(
                    "The backward pass multiplies by the dropout mask, which already holds 1/keep, and divides by keep"
                            + " again.",
                    "Gradients of dropped layers are too large by 1/keep per layer.",
                    "Inverted dropout; the mask is applied once each way."),
            new Mistake(
                    "One dropout mask is shared by the whole batch.",
                    "Not dropout as it is defined; other results.",
                    "A mask for each example."),
            new Mistake(
                    "Dropout stays on during validation.",
                    "The validation loss of the dropout arm is overstated.",
                    "Nothing is dropped during evaluation."),
            new Mistake(
                    "The derivative of tanh is taken at the input of batch norm instead of its output.",
                    "Wrong gradients with batch norm.",
                    "The gradient goes through batch norm properly."),
            new Mistake(
                    "The gradient of gamma is summed to one number; the variance is indexed by the layer's number.",
                    "Wrong gradients.",
                    "Sums per feature."),
            new Mistake("Gamma and beta are never updated.", "Batch norm only normalises.", "Both are trained."),
            new Mistake(
                    "There are no biases.",
                    "A smaller family of functions.",
                    "Biases, except where batch norm's beta takes their place."),
            new Mistake(
                    "The loss is log(q + 0.00001), its gradient that of softmax.",
                    "They do not match where softmax is saturated.",
                    "Log-sum-exp, and its own gradient."),
            new Mistake(
                    "The learning rate that is passed to the training is ignored.",
                    "0.0001 with Adam and 0.001 with plain gradient descent, whatever is asked for.",
                    "The rate is what the configuration says."));
}
