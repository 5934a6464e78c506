package bpnn.bench.dl4j;

import bpnn.bench.EpochServer;
import bpnn.bench.Library;
import bpnn.bench.Training;
import bpnn.bench.Variant;
import bpnn.bench.Workload;
import bpnn.data.Dataset;
import java.util.Random;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * The training by DL4J: batches gathered and scaled in Java, which is a hundredth of the time, then
 * {@link MultiLayerNetwork#fit}.
 */
public final class Dl4jTraining implements Training {
    private static final float PIXEL = 1f / 255;

    private final Workload workload;
    private final Dataset data;
    private final MultiLayerNetwork network;
    private final int[] order;
    private final Random random = new Random(1);

    private Dl4jTraining(Workload workload) {
        this.workload = workload;
        data = workload.load();
        Nd4j.getExecutioner(); // loads the native library
        network = new MultiLayerNetwork(configuration(workload.variant()));
        network.init();
        order = new int[workload.count()];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
    }

    private static MultiLayerConfiguration configuration(Variant variant) {
        NeuralNetConfiguration.ListBuilder layers = new NeuralNetConfiguration.Builder()
                .seed(1)
                .weightInit(WeightInit.XAVIER)
                .updater(new Adam(Workload.LEARNING_RATE))
                .list();
        int inputs = Variant.INPUTS;
        for (int i = 0; i < 2; i++) {
            DenseLayer.Builder dense = new DenseLayer.Builder().nIn(inputs).nOut(Variant.HIDDEN);
            if (variant == Variant.DROPOUT && i > 0) {
                dense.dropOut(1 - Variant.RATE); // DL4J drops a layer's inputs, and names what is kept
            }
            if (variant == Variant.BATCH_NORM) {
                layers.layer(
                        dense.hasBias(false).activation(Activation.IDENTITY).build());
                layers.layer(
                        new BatchNormalization.Builder().nOut(Variant.HIDDEN).build());
                layers.layer(new ActivationLayer.Builder()
                        .activation(Activation.TANH)
                        .build());
            } else {
                layers.layer(dense.activation(Activation.TANH).build());
            }
            inputs = Variant.HIDDEN;
        }
        OutputLayer.Builder output = new OutputLayer.Builder(LossFunction.MCXENT)
                .nIn(inputs)
                .nOut(Variant.CLASSES)
                .activation(Activation.SOFTMAX);
        if (variant == Variant.DROPOUT) {
            output.dropOut(1 - Variant.RATE);
        }
        return layers.layer(output.build()).build();
    }

    @Override
    public String description() {
        return "DL4J " + Library.version("org.deeplearning4j", "deeplearning4j-nn");
    }

    @Override
    public double epoch() {
        shuffle();
        double loss = 0;
        for (int begin = 0; begin < order.length; begin += workload.batch()) {
            step(begin, Math.min(begin + workload.batch(), order.length));
            loss += network.score();
        }
        return loss / workload.steps();
    }

    private void shuffle() {
        for (int i = order.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int image = order[i];
            order[i] = order[other];
            order[other] = image;
        }
    }

    private void step(int begin, int end) {
        int batch = end - begin;
        float[] x = new float[batch * Variant.INPUTS];
        float[] targets = new float[batch * Variant.CLASSES];
        byte[] pixels = data.pixels();
        for (int i = 0; i < batch; i++) {
            int image = order[begin + i];
            for (int j = 0; j < Variant.INPUTS; j++) {
                x[i * Variant.INPUTS + j] = (pixels[image * Variant.INPUTS + j] & 0xFF) * PIXEL;
            }
            targets[i * Variant.CLASSES + data.label(image)] = 1;
        }
        network.fit(
                Nd4j.create(x, new int[] {batch, Variant.INPUTS}),
                Nd4j.create(targets, new int[] {batch, Variant.CLASSES}));
    }

    @Override
    public void close() {
        network.close();
    }

    /** Serves epochs: the words of a {@link Workload}. */
    public static void main(String[] arguments) {
        try (Training training = new Dl4jTraining(Workload.parse(arguments))) {
            EpochServer.serve(training);
        }
    }
}
