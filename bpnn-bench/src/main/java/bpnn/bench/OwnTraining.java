package bpnn.bench;

import bpnn.nn.Adam;
import bpnn.nn.DeviceData;
import bpnn.nn.EpochResult;
import bpnn.nn.Initialiser;
import bpnn.nn.InputScaling;
import bpnn.nn.Network;
import bpnn.nn.Refinements;
import bpnn.nn.Trainer;
import bpnn.nn.TrainingConfig;
import bpnn.nn.TrainingListener;
import bpnn.spi.Backend;
import bpnn.spi.Distortion;
import bpnn.tensor.Ops;
import bpnn.tensor.TensorScope;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * The training by bpnn itself. {@link Trainer#run} goes through all epochs on a thread of its own; a listener holds it at
 * the end of each until the next one is asked for.
 */
public final class OwnTraining implements Training {
    private static final long SEED = 1;

    private final Backend backend;
    private final TensorScope scope;
    private final Trainer trainer;
    private final Semaphore begin = new Semaphore(0);
    private final Semaphore end = new Semaphore(0);
    private final Thread thread;
    private volatile @Nullable Throwable failure;
    private volatile double loss;

    /** @param backendId the backend that computes */
    public OwnTraining(String backendId, Workload workload) {
        this(backendId, workload, Distortion.NONE);
    }

    /**
     * With distorted images.
     *
     * @param backendId the backend that computes
     */
    public OwnTraining(String backendId, Workload workload, Distortion distortion) {
        backend = Backends.open(backendId, workload.threads());
        Ops ops = new Ops(backend);
        scope = new TensorScope(backend);
        Network network = new Network(ops, scope, workload.variant().spec(), workload.batch(), SEED);
        network.initialise(Initialiser.XAVIER, SEED);
        TrainingConfig config = new TrainingConfig(
                workload.batch(),
                Integer.MAX_VALUE,
                0,
                true,
                Adam.withRate(Workload.LEARNING_RATE),
                SEED,
                InputScaling.unit(),
                Refinements.NONE.with(distortion));
        trainer = new Trainer(ops, scope, network, config, DeviceData.copyOf(workload.load(), scope), null);
        thread = new Thread(this::run, "training");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        begin.acquireUninterruptibly();
        try {
            trainer.run(new TrainingListener() {
                @Override
                public void onEpoch(EpochResult result) {
                    loss = result.trainLoss();
                    end.release();
                    begin.acquireUninterruptibly();
                }
            });
        } catch (RuntimeException | Error e) {
            failure = e;
            end.release();
        }
    }

    @Override
    public String description() {
        return "bpnn on " + backend.device() + ", " + backend.facts().get("threads") + " threads, JDK "
                + Runtime.version();
    }

    @Override
    public double epoch() {
        begin.release();
        end.acquireUninterruptibly();
        if (failure != null) {
            throw new IllegalStateException("The training failed", failure);
        }
        return loss;
    }

    @Override
    public void close() {
        trainer.requestStop();
        begin.release();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        scope.close();
        backend.close();
    }

    /** Serves epochs: the backend's id, then the words of a {@link Workload}. */
    public static void main(String[] arguments) {
        String[] words = java.util.Arrays.copyOfRange(arguments, 1, arguments.length);
        try (Training training = new OwnTraining(arguments[0], Workload.parse(words))) {
            EpochServer.serve(training);
        }
    }
}
