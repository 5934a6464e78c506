package bpnn.app.live;

import bpnn.data.Dataset;
import bpnn.lab.probe.LayerState;
import bpnn.lab.run.JsonNumbers;
import bpnn.nn.EpochResult;
import bpnn.nn.Evaluation;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What is known of a run that a page watches: everything for a page that is opened, and what is new for those that are open. */
public final class LiveRecord {
    /** Steps whose mean loss is a point, at first; twice as many whenever there are too many points. */
    private static final int STEPS_OF_A_POINT = 8;

    private static final int MOST_POINTS = 1500;
    private static final int MOST_TRENDS = 600;
    private static final int MISREAD = 12;

    private final List<double[]> losses = new ArrayList<>();
    private final List<double[]> trends = new ArrayList<>();
    private final List<EpochResult> epochs = new ArrayList<>();
    private final double stepsPerEpoch;
    private final @Nullable Dataset judged;
    private int stepsOfAPoint = STEPS_OF_A_POINT;
    private double sum;
    private int summed;
    private int toldLosses;
    private int toldTrends;
    private int toldEpochs;
    private List<LayerState> layers = List.of();
    private float[] weights = {};
    private int inputs = 1;
    private boolean lookIsNew;
    private @Nullable Evaluation judgement;
    private boolean judgementIsNew;

    /** @param judged the images whose predictions are shown; null if they are not known */
    LiveRecord(int stepsPerEpoch, @Nullable Dataset judged) {
        this.stepsPerEpoch = stepsPerEpoch;
        this.judged = judged;
    }

    /** Losses of some steps. */
    public synchronized void steps(long first, float[] values) {
        for (int i = 0; i < values.length; i++) {
            sum += values[i];
            if (++summed == stepsOfAPoint) {
                losses.add(new double[] {(first + i) / stepsPerEpoch, sum / summed});
                sum = 0;
                summed = 0;
            }
        }
        if (losses.size() > MOST_POINTS) {
            coarsen();
        }
    }

    private void coarsen() {
        List<double[]> pairs = new ArrayList<>();
        for (int i = 0; i + 1 < losses.size(); i += 2) {
            double[] later = losses.get(i + 1);
            pairs.add(new double[] {later[0], (losses.get(i)[1] + later[1]) / 2});
        }
        losses.clear();
        losses.addAll(pairs);
        stepsOfAPoint *= 2;
        toldLosses = -1;
    }

    /** A finished epoch. */
    public synchronized void epoch(EpochResult result) {
        epochs.add(result);
        @Nullable Evaluation validation = result.validation();
        if (validation != null) {
            judge(validation);
        }
    }

    /** How the network does by now; an evaluation without predictions says nothing that could be shown. */
    synchronized void judge(Evaluation evaluation) {
        if (judged != null && evaluation.predictions().length == judged.size()) {
            judgement = evaluation;
            judgementIsNew = true;
        }
    }

    /** Forgets losses and epochs, which are told anew. */
    synchronized void forgetCurves() {
        losses.clear();
        epochs.clear();
        stepsOfAPoint = STEPS_OF_A_POINT;
        sum = 0;
        summed = 0;
        toldLosses = -1;
        toldEpochs = -1;
    }

    /** A point of the curve of losses, at some part of the epochs. */
    synchronized void loss(double atEpochs, double loss) {
        losses.add(new double[] {atEpochs, loss});
        if (losses.size() > MOST_POINTS) {
            coarsen();
        }
    }

    /**
     * What was seen around a step.
     *
     * @param measured whether the step itself was, rather than the layers alone
     * @param firstWeights of some units of the first layer, {@code pixels} each
     */
    public synchronized void look(
            long step, List<LayerState> seen, boolean measured, float[] firstWeights, int pixels) {
        layers = seen;
        weights = firstWeights;
        inputs = pixels;
        lookIsNew = true;
        if (!measured) {
            return;
        }
        double[] trend = new double[1 + 4 * seen.size()];
        trend[0] = step / stepsPerEpoch;
        for (int layer = 0; layer < seen.size(); layer++) {
            LayerState state = seen.get(layer);
            trend[1 + 4 * layer] = state.gradientNorm();
            trend[2 + 4 * layer] = state.updateRatio();
            trend[3 + 4 * layer] = state.saturated();
            trend[4 + 4 * layer] = state.sparse();
        }
        trends.add(trend);
        if (trends.size() > MOST_TRENDS) {
            for (int i = trends.size() - 2; i > 0; i -= 2) {
                trends.remove(i);
            }
            toldTrends = -1;
        }
    }

    /** Adds everything to a description. */
    synchronized void putAll(ObjectNode json) {
        points(json, "losses", losses, 0);
        points(json, "trends", trends, 0);
        epochs(json, 0);
        judgement(json);
        if (inputs > 1) {
            look(json);
        }
    }

    /** Adds what nobody has been told yet, and counts it as told. */
    synchronized void putNew(ObjectNode json) {
        if (toldLosses != losses.size()) {
            json.put("lossesAnew", toldLosses < 0);
            points(json, "losses", losses, Math.max(0, toldLosses));
            toldLosses = losses.size();
        }
        if (toldTrends != trends.size()) {
            json.put("trendsAnew", toldTrends < 0);
            points(json, "trends", trends, Math.max(0, toldTrends));
            toldTrends = trends.size();
        }
        if (toldEpochs != epochs.size()) {
            json.put("epochsAnew", toldEpochs < 0);
            epochs(json, Math.max(0, toldEpochs));
            toldEpochs = epochs.size();
        }
        if (judgementIsNew) {
            judgement(json);
            judgementIsNew = false;
        }
        if (lookIsNew) {
            look(json);
            lookIsNew = false;
        }
    }

    private static void points(ObjectNode json, String name, List<double[]> points, int from) {
        ArrayNode list = json.putArray(name);
        for (double[] point : points.subList(from, points.size())) {
            ArrayNode numbers = list.addArray();
            for (double number : point) {
                add(numbers, number);
            }
        }
    }

    /** Five figures are more than a page can show; what is no number is null. */
    private static void add(ArrayNode list, double number) {
        if (!Double.isFinite(number)) {
            list.addNull();
        } else {
            list.add(rounded(number));
        }
    }

    private static double rounded(double number) {
        if (number == 0) {
            return 0;
        }
        double scale = StrictMath.pow(10, 4 - Math.floor(StrictMath.log10(Math.abs(number))));
        return Math.round(number * scale) / scale;
    }

    private void epochs(ObjectNode json, int from) {
        ArrayNode list = json.putArray("epochs");
        for (EpochResult epoch : epochs.subList(from, epochs.size())) {
            ObjectNode entry = list.addObject().put("epoch", epoch.epoch());
            JsonNumbers.put(entry, "trainLoss", epoch.trainLoss());
            @Nullable Evaluation validation = epoch.validation();
            if (validation != null) {
                JsonNumbers.put(entry, "validationLoss", validation.loss());
                JsonNumbers.put(entry, "validationAccuracy", validation.accuracy());
            }
        }
    }

    private void look(ObjectNode json) {
        ArrayNode list = json.putArray("layers");
        for (LayerState layer : layers) {
            ObjectNode entry = list.addObject();
            JsonNumbers.put(entry, "saturated", layer.saturated());
            JsonNumbers.put(entry, "silent", layer.sparse());
            JsonNumbers.put(entry, "spread", layer.spread());
            counts(entry.putArray("preactivations"), layer.preactivations());
            counts(entry.putArray("activations"), layer.activations());
        }
        json.put("weights", Base64.getEncoder().encodeToString(scaled(weights, inputs)));
    }

    private static void counts(ArrayNode list, int[] counts) {
        for (int count : counts) {
            list.add(count);
        }
    }

    /** Weights as signed bytes, each unit's largest one 127. */
    private static byte[] scaled(float[] weights, int inputs) {
        byte[] bytes = new byte[weights.length];
        for (int first = 0; first < weights.length; first += inputs) {
            float largest = 1e-12f;
            for (int i = first; i < first + inputs; i++) {
                largest = Math.max(largest, Math.abs(weights[i]));
            }
            for (int i = first; i < first + inputs; i++) {
                bytes[i] = (byte) Math.round(127 * weights[i] / largest);
            }
        }
        return bytes;
    }

    /** Which class was read as which, and the images whose class the network thinks least likely. */
    private void judgement(ObjectNode json) {
        @Nullable Evaluation validation = judgement;
        @Nullable Dataset judged = this.judged;
        if (validation == null || judged == null) {
            return;
        }
        int classes = judged.classes();
        int[][] confusion = new int[classes][classes];
        for (int image = 0; image < judged.size(); image++) {
            int read = validation.predictions()[image];
            if (read < classes) {
                confusion[judged.label(image)][read]++;
            }
        }
        ArrayNode rows = json.putArray("confusion");
        for (int[] row : confusion) {
            counts(rows.addArray(), row);
        }
        ArrayNode misread = json.putArray("misread");
        IntStream.range(0, judged.size())
                .filter(image -> validation.predictions()[image] != judged.label(image))
                .boxed()
                .sorted(Comparator.comparingDouble(
                        (Integer image) -> -validation.losses()[image]))
                .limit(MISREAD)
                .forEach(image -> {
                    ObjectNode entry = misread.addObject();
                    entry.put("label", judged.label(image))
                            .put("read", validation.predictions()[image]);
                    JsonNumbers.put(
                            entry, "probability", StrictMath.exp(-validation.losses()[image]));
                    byte[] pixels = new byte[judged.features()];
                    System.arraycopy(judged.storage(), judged.start(image), pixels, 0, pixels.length);
                    entry.put("pixels", Base64.getEncoder().encodeToString(pixels));
                });
    }
}
