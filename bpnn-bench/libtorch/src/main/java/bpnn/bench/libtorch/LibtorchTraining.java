package bpnn.bench.libtorch;

import bpnn.bench.EpochServer;
import bpnn.bench.Library;
import bpnn.bench.Training;
import bpnn.bench.Variant;
import bpnn.bench.Workload;
import bpnn.data.Dataset;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The training by libtorch, as one would write it for speed: the images as one tensor of bytes, of which a batch's rows
 * are selected, converted and scaled in place; gradients set to none instead of zeroed; Adam by PyTorch's fused kernel, as
 * {@code Adam(fused=True)} in Python.
 */
@SuppressWarnings("try") // a PointerScope is not used: it frees the tensors that are made inside it
public final class LibtorchTraining implements Training {
    private static final float PIXEL = 1f / 255;

    private final Workload workload;
    private final PointerScope scope = new PointerScope();
    private final Perceptron network;
    private final Tensor images;
    private final Tensor labels;
    private final FusedAdam optimizer;

    private LibtorchTraining(Workload workload) {
        this.workload = workload;
        torch.set_num_threads(workload.threads());
        torch.manual_seed(1);
        network = new Perceptron(workload.variant());
        Dataset data = workload.load();
        images = bytes(data.pixels(), data.size(), Variant.INPUTS);
        byte[] classes = new byte[data.size()];
        for (int i = 0; i < classes.length; i++) {
            classes[i] = (byte) data.label(i);
        }
        labels = bytes(classes, data.size()).to(torch.ScalarType.Long);
        optimizer = new FusedAdam(network.parameters());
    }

    /** A tensor with its own copy of some bytes. */
    private static Tensor bytes(byte[] values, long... shape) {
        try (BytePointer memory = new BytePointer(values)) {
            return torch.from_blob(memory, shape, new org.bytedeco.pytorch.TensorOptions(torch.ScalarType.Byte))
                    .clone();
        }
    }

    @Override
    public String description() {
        return "libtorch " + Library.version("org.bytedeco", "pytorch") + ", " + torch.get_num_threads() + " threads";
    }

    @Override
    public double epoch() {
        try (PointerScope epoch = new PointerScope()) {
            Tensor order = torch.randperm(workload.count());
            Tensor loss = torch.zeros(1);
            for (int begin = 0; begin < workload.count(); begin += workload.batch()) {
                step(order.narrow(0, begin, Math.min(workload.batch(), workload.count() - begin)), loss);
            }
            return loss.item_float() / workload.steps();
        }
    }

    private void step(Tensor batch, Tensor sum) {
        try (PointerScope step = new PointerScope()) {
            Tensor x = images.index_select(0, batch).to(torch.ScalarType.Float).mul_(new Scalar(PIXEL));
            Tensor loss = torch.cross_entropy_loss(network.forward(x), labels.index_select(0, batch));
            network.forgetGradients();
            loss.backward();
            optimizer.step();
            sum.add_(loss.detach());
        }
    }

    @Override
    public void close() {
        scope.close();
    }

    /** Serves epochs: the words of a {@link Workload}. */
    public static void main(String[] arguments) {
        try (Training training = new LibtorchTraining(Workload.parse(arguments))) {
            EpochServer.serve(training);
        }
    }
}
