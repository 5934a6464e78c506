package bpnn.app.live;

import bpnn.data.Dataset;
import bpnn.lab.probe.LayerState;
import bpnn.lab.probe.NetworkProbe;
import bpnn.lab.probe.NetworkView;
import bpnn.nn.EpochResult;
import bpnn.nn.TrainingListener;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Looks into a network while it trains: not more often than an eye can follow, not for more than a small share of the time, and
 * not at all while nobody looks at what comes out.
 */
public final class Looks implements TrainingListener {
    /** Units of the first layer whose weights are shown. */
    static final int PICTURED_UNITS = 24;

    /** Images whose activations are looked at. */
    static final int SAMPLE = 100;

    /** What looking may cost of the time in which a run trains. */
    private static final double SHARE_OF_LOOKING = 0.035;

    private static final long LOOK_NANOS = 100_000_000L;

    /** Gradients and updates need whole copies of all weights, so they are measured more rarely. */
    private static final int LOOKS_A_MEASUREMENT = 4;

    /** The first ones take long, because they are still to be compiled, and say nothing about the cost. */
    private static final int COLD_LOOKS = 6;

    private final NetworkView network;
    private final RunView view;
    private final NetworkProbe probe;
    private final int batchSize;
    private final BooleanSupplier watched;
    private final Questions questions;
    private long observed;
    private boolean measures;
    private int looksSinceMeasured = LOOKS_A_MEASUREMENT;
    private long began = System.nanoTime();
    private long trained;
    private double speed;
    private long cost;
    private double usual;
    private int seen;
    private long nextLook;
    private long trainedAtNextLook;

    /**
     * @param view where it goes
     * @param judged the first of these images are looked at
     * @param watched whether anybody looks
     * @param questions are answered between steps
     */
    public Looks(
            NetworkView network,
            RunView view,
            Dataset judged,
            int batchSize,
            BooleanSupplier watched,
            Questions questions) {
        this.network = network;
        this.view = view;
        this.probe = network.probe(judged, SAMPLE);
        this.batchSize = batchSize;
        this.watched = watched;
        this.questions = questions;
    }

    /** What the first weights are, before any step. */
    public static void first(NetworkView network, RunView view) {
        view.record()
                .look(
                        0,
                        List.of(),
                        false,
                        network.firstWeights(PICTURED_UNITS),
                        network.spec().inputs());
    }

    /** What the network makes of an image. */
    public static float[] read(NetworkView network, Dataset image) {
        return network.predict(image).probabilities();
    }

    /** The time until {@link #goOn} is not that of training. */
    public void standStill() {
        trained += System.nanoTime() - began;
    }

    /** Trains on. */
    public void goOn() {
        began = System.nanoTime();
    }

    @Override
    public boolean observes(long number) {
        if (number != observed && isTimeToLook()) {
            observed = number;
        }
        return number == observed;
    }

    @Override
    public void beforeStep(long number) {
        look(number, false);
    }

    /** @param measured whether gradients and updates are to be measured in any case */
    public void look(long number, boolean measured) {
        long begin = System.nanoTime();
        measures = measured || ++looksSinceMeasured >= LOOKS_A_MEASUREMENT;
        if (measures) {
            looksSinceMeasured = 0;
            probe.beforeStep();
            cost = System.nanoTime() - begin;
        } else {
            record(number - 1, probe.look(), false);
            hasLooked(begin);
        }
    }

    @Override
    public void afterStep(long number) {
        if (measures) {
            measures = false;
            long begin = System.nanoTime();
            record(number, probe.afterStep(), true);
            hasLooked(begin - cost);
        }
    }

    private void record(long step, List<LayerState> layers, boolean measured) {
        view.record()
                .look(
                        step,
                        layers,
                        measured,
                        network.firstWeights(PICTURED_UNITS),
                        network.spec().inputs());
    }

    private void hasLooked(long begin) {
        long end = System.nanoTime();
        double spent = end - begin;
        usual = ++seen <= COLD_LOOKS ? spent : 0.8 * usual + 0.2 * spent;
        long pause = seen <= COLD_LOOKS ? LOOK_NANOS : (long) (usual / SHARE_OF_LOOKING);
        nextLook = end + LOOK_NANOS;
        trainedAtNextLook = trained + end - began + pause;
    }

    private boolean isTimeToLook() {
        long now = System.nanoTime();
        return watched.getAsBoolean() && now > nextLook && trained + now - began > trainedAtNextLook;
    }

    @Override
    public void onSteps(int epoch, long firstStep, float[] losses, int stepsLeft) {
        view.reach(firstStep + losses.length - 1);
        view.record().steps(firstStep, losses);
        questions.answer(image -> read(network, image));
        double seconds = Math.max(1, System.nanoTime() - began) * 1e-9;
        double latest = losses.length * batchSize / seconds;
        speed = speed == 0 ? latest : 0.8 * speed + 0.2 * latest;
        view.speed(speed);
        standStill();
        goOn();
    }

    @Override
    public void onEpoch(EpochResult result) {
        view.record().epoch(result);
        goOn();
    }
}
