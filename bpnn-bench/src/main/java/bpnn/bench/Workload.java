package bpnn.bench;

import bpnn.data.Dataset;
import bpnn.mnist.IdxFolder;
import bpnn.mnist.SyntheticDigits;
import java.nio.file.Path;
import java.util.List;

/**
 * A training that several libraries carry out: Adam at 1e-3 over shuffled batches of uint8 images in memory.
 *
 * @param variant the network
 * @param batch images in a step
 * @param threads threads to compute with
 * @param count images in an epoch
 * @param images folder with IDX files, or {@value #SYNTHETIC} for images drawn by the program
 */
public record Workload(Variant variant, int batch, int threads, int count, String images) {
    /** The images where there is no folder. */
    public static final String SYNTHETIC = "synthetic";
    /** Images of MNIST's training set. */
    public static final int MNIST = 60_000;
    /** The learning rate of Adam. */
    public static final float LEARNING_RATE = 1e-3f;

    /** fma operations of a step's five large and three small products, for one image. */
    private static final long FMAS_PER_IMAGE = 2L * Variant.INPUTS * Variant.HIDDEN
            + 3L * Variant.HIDDEN * Variant.HIDDEN
            + 3L * Variant.HIDDEN * Variant.CLASSES;

    /** Reads the words of {@link #words}. */
    public static Workload parse(String[] words) {
        return new Workload(
                Variant.valueOf(words[0]),
                Integer.parseInt(words[1]),
                Integer.parseInt(words[2]),
                Integer.parseInt(words[3]),
                words[4]);
    }

    /** The same with another number of images. */
    public Workload withCount(int number) {
        return new Workload(variant, batch, threads, number, images);
    }

    /** As words of a command line. */
    public List<String> words() {
        return List.of(
                variant.name(), Integer.toString(batch), Integer.toString(threads), Integer.toString(count), images);
    }

    /** The images of an epoch. */
    public Dataset load() {
        Dataset all = images.equals(SYNTHETIC)
                ? SyntheticDigits.generate(1, count, 1).train()
                : IdxFolder.load(Path.of(images)).train();
        return all.slice(0, count);
    }

    /** Steps of an epoch, the last one with what is left. */
    public int steps() {
        return (count + batch - 1) / batch;
    }

    /**
     * Floating-point operations of the products of an epoch: forward, weight gradients, and input gradients but for the
     * first layer's, which is not needed. What else a step does is not counted.
     */
    public double flops() {
        return 2.0 * FMAS_PER_IMAGE * count;
    }
}
