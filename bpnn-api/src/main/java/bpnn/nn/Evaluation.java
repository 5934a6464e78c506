package bpnn.nn;

/**
 * How a network does on a data set.
 *
 * @param loss mean cross-entropy in nats
 * @param accuracy share of images whose most probable class is the right one
 * @param predictions the most probable class of each image; the number of classes where the logits were not numbers
 * @param losses cross-entropy of each image
 */
@SuppressWarnings("ArrayRecordComponent") // a large result; identity is the right equality
public record Evaluation(double loss, double accuracy, int[] predictions, float[] losses) {}
