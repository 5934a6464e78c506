package bpnn.lab.comparison;

import bpnn.nn.StateTensor;
import java.util.Map;

/**
 * How far the weights of two networks of one structure are apart.
 *
 * @param relative ‖a - b‖ / ‖a‖ over all weights, biases, γ and β
 * @param largest the largest |a - b| of a single one
 */
public record WeightDistance(double relative, double largest) {

    /** Running statistics are no weights: they are left out. */
    static WeightDistance between(Map<String, StateTensor> a, Map<String, StateTensor> b) {
        double squares = 0;
        double errors = 0;
        double largest = 0;
        for (Map.Entry<String, StateTensor> tensor : a.entrySet()) {
            StateTensor other = b.get(tensor.getKey());
            if (other == null || !other.shape().equals(tensor.getValue().shape())) {
                throw new IllegalArgumentException("The networks differ in " + tensor.getKey());
            }
            if (tensor.getKey().contains("running_")) {
                continue;
            }
            float[] left = tensor.getValue().values();
            float[] right = other.values();
            for (int i = 0; i < left.length; i++) {
                double error = (double) left[i] - right[i];
                squares += (double) left[i] * left[i];
                errors += error * error;
                largest = Math.max(largest, Math.abs(error));
            }
        }
        return new WeightDistance(errors == 0 ? 0 : Math.sqrt(errors / squares), largest);
    }
}
