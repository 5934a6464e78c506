package bpnn.nn;

import bpnn.data.Dataset;
import bpnn.spi.ElementType;
import bpnn.tensor.Tensor;
import bpnn.tensor.TensorScope;

/**
 * A data set in backend memory.
 *
 * @param source the same data on the host
 * @param images pixels, uint8, [size, features]
 * @param oneHot labels, uint8, [size, classes]: 1 at the class of the image
 */
public record DeviceData(Dataset source, Tensor images, Tensor oneHot) {
    /** Copies a data set to backend memory owned by {@code scope}. */
    public static DeviceData copyOf(Dataset data, TensorScope scope) {
        Tensor images = scope.zeros(ElementType.UINT8, data.size(), data.features());
        images.set(data.storage(), data.start(0));
        byte[] targets = new byte[data.size() * data.classes()];
        for (int i = 0; i < data.size(); i++) {
            targets[i * data.classes() + data.label(i)] = 1;
        }
        Tensor oneHot = scope.zeros(ElementType.UINT8, data.size(), data.classes());
        oneHot.set(targets);
        return new DeviceData(data, images, oneHot);
    }

    /** Number of images. */
    public int size() {
        return source.size();
    }
}
