package bpnn.cuda;

import bpnn.spi.Activation;
import bpnn.spi.ElementType;
import bpnn.spi.Matrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The training step of a classifier, recognised in a sequence of operations: gather of the batch, forward pass through
 * dense layers with or without batch normalisation, loss, backward pass, then optionally an optimiser and the clock.
 * Any other sequence, or one whose matrices are not connected accordingly, is not recognised.
 *
 * @param hidden from input to output
 * @param last the GEMM that gives the logits
 * @param operations number of operations recognised, from the first
 */
record TrainingStep(
        Operation.@Nullable Batch batch,
        Operation.@Nullable GatherRates rates,
        List<Hidden> hidden,
        Operation.DenseForward last,
        Operation.Loss loss,
        Operation.DenseBackward lastBackward,
        Operation.@Nullable Update update,
        Operation.@Nullable Advance advance,
        int operations) {

    /**
     * The forward and backward pass of a hidden layer; {@code norm} and {@code normBackward} are null without batch
     * normalisation.
     */
    record Hidden(
            Operation.DenseForward forward,
            Operation.@Nullable NormForward norm,
            Operation.@Nullable NormBackward normBackward,
            Operation.DenseBackward backward) {
        Activation activation() {
            return norm == null ? forward.activation() : norm.activation();
        }

        Matrix y() {
            return norm == null ? forward.y() : norm.y();
        }

        @Nullable
        Matrix mask() {
            Operation.Dropout drop = norm == null ? forward.drop() : norm.drop();
            return drop == null ? null : drop.mask();
        }
    }

    /** Recognises a step at the start of {@code operations}. */
    static Optional<TrainingStep> in(List<Operation> operations) {
        return new Parser(operations).step();
    }

    /** The gather, if it can be fused: the images with the first layer, the labels with the loss; else null. */
    Operation.@Nullable Gather fusibleGather() {
        return batch instanceof Operation.Gather gather
                        && !hidden.isEmpty()
                        && gather.images().buffer().type() == ElementType.UINT8
                        && gather.images().cols() % 4 == 0
                        && DeviceBuffer.address(gather.images()) % 4 == 0
                        && gather.x().equals(hidden.get(0).forward().x())
                        && gather.targets().equals(loss.targets())
                ? gather
                : null;
    }

    /** Parses the operations in order; a mismatch gives an empty result. */
    private static final class Parser {
        private final List<Operation> operations;
        private final List<Operation.DenseForward> denses = new ArrayList<>();
        /** The batch normalisation after each dense layer, if any. */
        private final List<Operation.@Nullable NormForward> norms = new ArrayList<>();

        private int next;

        Parser(List<Operation> operations) {
            this.operations = operations;
        }

        private <T extends Operation> @Nullable T take(Class<T> type) {
            if (next < operations.size() && type.isInstance(operations.get(next))) {
                return type.cast(operations.get(next++));
            }
            return null;
        }

        Optional<TrainingStep> step() {
            Operation.Batch batch = take(Operation.Batch.class);
            Operation.GatherRates rates = take(Operation.GatherRates.class);
            for (Operation.DenseForward dense = take(Operation.DenseForward.class);
                    dense != null;
                    dense = take(Operation.DenseForward.class)) {
                denses.add(dense);
                norms.add(take(Operation.NormForward.class));
            }
            Operation.Loss loss = take(Operation.Loss.class);
            Operation.DenseBackward lastBackward = take(Operation.DenseBackward.class);
            if (loss == null || lastBackward == null || denses.isEmpty() || !isForwardConnected(loss)) {
                return Optional.empty();
            }
            int count = denses.size() - 1;
            Operation.DenseForward last = denses.get(count);
            if (!lastBackward.isGemmOnly()
                    || !lastBackward.dy().equals(loss.dlogits())
                    || !belongs(lastBackward, last, count == 0)) {
                return Optional.empty();
            }
            List<Hidden> hidden = hidden(lastBackward.dx());
            if (hidden.size() < count || !areDisjoint(written(hidden, loss))) {
                return Optional.empty();
            }
            Operation.Update update = take(Operation.Update.class);
            if (update != null && !isOf(update, hidden, lastBackward)) {
                update = null;
                next--;
            }
            Operation.Advance advance = update == null ? null : take(Operation.Advance.class);
            return Optional.of(new TrainingStep(batch, rates, hidden, last, loss, lastBackward, update, advance, next));
        }

        private boolean isForwardConnected(Operation.Loss loss) {
            int last = denses.size() - 1;
            Matrix input = denses.get(0).x();
            for (int i = 0; i <= last; i++) {
                Operation.DenseForward dense = denses.get(i);
                Operation.NormForward norm = norms.get(i);
                boolean alone = dense.activation() == Activation.IDENTITY && dense.drop() == null;
                if (!dense.x().equals(input)
                        || ((norm != null || i == last) && !alone)
                        || (norm != null && (dense.bias() != null || !norm.x().equals(dense.y())))) {
                    return false;
                }
                input = norm == null ? dense.output() : norm.output();
            }
            return norms.get(last) == null
                    && loss.logits().equals(denses.get(last).y());
        }

        private static boolean belongs(
                Operation.DenseBackward backward, Operation.DenseForward forward, boolean isFirst) {
            return backward.x().equals(forward.x())
                    && backward.w().equals(forward.w())
                    && (backward.dbias() == null) == (forward.bias() == null)
                    && backward.dw() != null
                    && (backward.dx() == null) == isFirst;
        }

        /** The hidden layers whose backward passes follow in order. */
        private List<Hidden> hidden(@Nullable Matrix gradient) {
            List<Hidden> hidden = new ArrayList<>();
            Matrix behind = gradient;
            for (int i = denses.size() - 2; i >= 0; i--) {
                Operation.DenseForward forward = denses.get(i);
                Operation.NormForward norm = norms.get(i);
                Operation.NormBackward normBackward = norm == null ? null : take(Operation.NormBackward.class);
                Operation.DenseBackward backward = take(Operation.DenseBackward.class);
                if (backward == null
                        || !belongs(backward, forward, i == 0)
                        || !backward.dy().equals(behind)
                        || !backward.dz().equals(behind)) {
                    break;
                }
                Hidden layer = new Hidden(forward, norm, normBackward, backward);
                if (norm == null
                        ? !matchesBackward(layer)
                        : normBackward == null || !matchesBackward(layer, norm, normBackward)) {
                    break;
                }
                hidden.add(0, layer);
                behind = backward.dx();
            }
            return hidden;
        }

        private static boolean matchesBackward(Hidden layer) {
            Operation.DenseBackward backward = layer.backward();
            boolean sameMask = layer.mask() == null
                    ? backward.mask() == null
                    : layer.mask().equals(backward.mask());
            return sameMask
                    && backward.activation() == layer.activation()
                    && (backward.activation() == Activation.IDENTITY
                            || layer.y().equals(backward.y()));
        }

        private static boolean matchesBackward(
                Hidden layer, Operation.NormForward norm, Operation.NormBackward normBackward) {
            boolean sameMask = layer.mask() == null
                    ? normBackward.mask() == null
                    : layer.mask().equals(normBackward.mask());
            return sameMask
                    && layer.backward().isGemmOnly()
                    && normBackward.dy().equals(layer.backward().dy())
                    && normBackward.dx().equals(layer.backward().dy())
                    && normBackward.x().equals(norm.x())
                    && normBackward.y().equals(norm.y())
                    && normBackward.gamma().equals(norm.gamma())
                    && normBackward.mean().equals(norm.mean())
                    && normBackward.inverseStd().equals(norm.inverseStd())
                    && normBackward.activation() == norm.activation();
        }

        /** The matrices that must stay unchanged until all weight gradients are computed. */
        private List<Matrix> written(List<Hidden> hidden, Operation.Loss loss) {
            List<Matrix> written = new ArrayList<>();
            for (int i = 0; i < denses.size(); i++) {
                Operation.NormForward norm = norms.get(i);
                written.add(denses.get(i).y());
                if (norm != null) {
                    written.add(norm.y());
                }
            }
            for (Hidden layer : hidden) {
                Operation.Dropout drop = layer.norm() == null
                        ? layer.forward().drop()
                        : layer.norm().drop();
                if (drop != null) {
                    written.add(drop.mask());
                    written.add(drop.dropped());
                }
                written.add(layer.backward().dz());
            }
            written.add(denses.get(0).x());
            written.add(loss.dlogits());
            return written;
        }

        private static boolean areDisjoint(List<Matrix> matrices) {
            for (int i = 0; i < matrices.size(); i++) {
                for (int j = 0; j < i; j++) {
                    Matrix a = matrices.get(i);
                    Matrix b = matrices.get(j);
                    if (a.buffer() == b.buffer()
                            && a.offset() < b.offset() + b.size()
                            && b.offset() < a.offset() + a.size()) {
                        return false;
                    }
                }
            }
            return true;
        }

        /** Whether the optimiser updates the blocks that contain these weights and gradients. */
        private static boolean isOf(
                Operation.Update update, List<Hidden> hidden, Operation.DenseBackward lastBackward) {
            List<Operation.DenseBackward> all = new ArrayList<>();
            hidden.forEach(layer -> all.add(layer.backward()));
            all.add(lastBackward);
            for (Operation.DenseBackward backward : all) {
                Matrix dw = backward.dw();
                if (dw == null
                        || !contains(update.g(), dw)
                        || !contains(update.w(), backward.w())
                        || dw.offset() - update.g().offset()
                                != backward.w().offset() - update.w().offset()
                        || (backward.dbias() != null && !contains(update.g(), backward.dbias()))) {
                    return false;
                }
            }
            return true;
        }

        private static boolean contains(Matrix block, Matrix part) {
            return block.buffer() == part.buffer()
                    && part.offset() >= block.offset()
                    && part.offset() + part.size() <= block.offset() + block.size();
        }
    }
}
