package bpnn.cpu;

import bpnn.spi.Augmentation;

/** {@link Distortions} in vectors. */
final class VectorDistortions extends Distortions {
    @Override
    Distorter distorter(Augmentation augmentation, float[] smoothing) {
        return new VectorDistorter(augmentation, smoothing);
    }
}
