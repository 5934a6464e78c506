package bpnn.io.tensorboard;

import bpnn.io.protobuf.ProtoMessage;
import bpnn.nn.EpochResult;
import bpnn.nn.Evaluation;
import bpnn.nn.StateTensor;
import bpnn.nn.TrainingListener;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Supplier;

/** Tells TensorBoard of a training: losses and accuracy, and a histogram of each tensor, after each epoch. */
public final class TensorBoardListener implements TrainingListener, AutoCloseable {
    private static final int BUCKETS = 50;

    private final EventFile file;
    private final Supplier<? extends Map<String, StateTensor>> state;

    /**
     * @param folder what {@code tensorboard --logdir} is given
     * @param state the network's tensors as they are now
     * @param epochs whole epochs that were done before; what an earlier file says of later ones is void
     */
    public TensorBoardListener(Path folder, Supplier<? extends Map<String, StateTensor>> state, int epochs) {
        this.file = new EventFile(folder);
        this.state = state;
        if (epochs > 0) {
            file.restart(epochs + 1);
        }
    }

    @Override
    public void onEpoch(EpochResult result) {
        ProtoMessage summary = new ProtoMessage();
        scalar(summary, "loss/train", result.trainLoss());
        scalar(summary, "speed/imagesPerSecond", result.imagesPerSecond());
        Evaluation validation = result.validation();
        if (validation != null) {
            scalar(summary, "loss/validation", validation.loss());
            scalar(summary, "accuracy/validation", validation.accuracy());
        }
        state.get().forEach((name, tensor) -> {
            ProtoMessage value = new ProtoMessage().text(1, "tensors/" + name);
            summary.message(1, value.message(5, histogram(tensor.values())));
        });
        file.add(result.epoch(), summary);
    }

    private static void scalar(ProtoMessage summary, String tag, double value) {
        summary.message(1, new ProtoMessage().text(1, tag).real(2, (float) value));
    }

    /** Equal buckets from the least to the greatest value. */
    private static ProtoMessage histogram(float[] values) {
        double least = Double.POSITIVE_INFINITY;
        double greatest = Double.NEGATIVE_INFINITY;
        double sum = 0;
        double squares = 0;
        for (float value : values) {
            least = Math.min(least, value);
            greatest = Math.max(greatest, value);
            sum += value;
            squares += (double) value * value;
        }
        double width = (greatest - least) / BUCKETS;
        double[] counts = new double[BUCKETS];
        for (float value : values) {
            counts[width > 0 ? (int) Math.min(BUCKETS - 1, (value - least) / width) : 0]++;
        }
        double[] limits = new double[BUCKETS];
        for (int i = 0; i < BUCKETS; i++) {
            limits[i] = i == BUCKETS - 1 && width > 0 ? greatest : least + (i + 1) * Math.max(width, 1e-12);
        }
        return new ProtoMessage()
                .real(1, least)
                .real(2, greatest)
                .real(3, (double) values.length)
                .real(4, sum)
                .real(5, squares)
                .reals(6, limits)
                .reals(7, counts);
    }

    @Override
    public void close() {
        file.close();
    }
}
