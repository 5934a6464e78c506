package bpnn.cpu;

import bpnn.spi.Augmentation;
import bpnn.spi.ImageDistortion;
import java.util.Arrays;

/** Distorts images, in plain Java. */
class Distortions {
    /** Distorts the images of one training, on one thread. */
    interface Distorter {
        /** {@link ImageDistortion#apply}. */
        void apply(byte[] pixels, int start, int epoch, int image, float[] values, int at);
    }

    /** A distorter and what it was made for. */
    private record Made(Augmentation augmentation, float[] smoothing, Distorter distorter) {
        boolean fits(Augmentation other, float[] weights, int from, int count) {
            return augmentation.equals(other)
                    && Arrays.equals(smoothing, 0, smoothing.length, weights, from, from + count);
        }
    }

    private final ThreadLocal<Made> made = new ThreadLocal<>();

    /**
     * The distorter of this thread.
     *
     * @param weights {@link Augmentation#smoothing}, from {@code from} on
     */
    final Distorter of(Augmentation augmentation, float[] weights, int from) {
        int count = augmentation.smoothingLength();
        Made last = made.get();
        if (last == null || !last.fits(augmentation, weights, from, count)) {
            float[] smoothing = Arrays.copyOfRange(weights, from, from + count);
            last = new Made(augmentation, smoothing, distorter(augmentation, smoothing));
            made.set(last);
        }
        return last.distorter();
    }

    /** A new distorter. */
    Distorter distorter(Augmentation augmentation, float[] smoothing) {
        return new ImageDistortion(augmentation, smoothing)::apply;
    }
}
