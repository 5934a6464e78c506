package bpnn.nn;

/**
 * The evaluation of a network on a data set.
 *
 * @param loss mean cross-entropy in nats
 * @param accuracy fraction of images classified correctly
 * @param predictions the most probable class of each image; the number of classes if a logit is NaN
 * @param losses cross-entropy of each image
 */
@SuppressWarnings("ArrayRecordComponent") // a large result; identity equality is intended
public record Evaluation(double loss, double accuracy, int[] predictions, float[] losses) {}
