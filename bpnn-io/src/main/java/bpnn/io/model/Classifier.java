package bpnn.io.model;

import bpnn.data.Dataset;
import bpnn.nn.Evaluation;

/** Something on a backend that tells classes of images apart: a trained network, or several that judge together. */
public interface Classifier extends AutoCloseable {
    /** Loss, accuracy and predictions. */
    Evaluation evaluate(Dataset images);

    /** The probability of each class, a row per image. */
    float[][] probabilities(Dataset images);

    @Override
    void close();
}
