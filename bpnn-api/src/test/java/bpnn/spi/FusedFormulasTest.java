package bpnn.spi;

import static org.assertj.core.api.Assertions.assertThat;

import bpnn.random.Philox;
import bpnn.random.Purpose;
import bpnn.random.RandomStream;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every fused kernel matches its formula, evaluated in float64. */
class FusedFormulasTest {
    private static final int BATCH = 5;
    private static final int IN = 4;
    private static final int OUT = 3;
    private static final float EPSILON = 0.01f;
    private static final float MOMENTUM = 0.1f;
    private static final DropoutSpec DROPOUT = new DropoutSpec(11, 3, 0.4f, false);
    private static final int TOTAL = 6;

    private final ReferenceBackend backend = new ReferenceBackend();
    private final Kernels k = backend.kernels();
    private final RandomStream random = new RandomStream(5, Purpose.STATISTICS, 0, 0);

    @AfterEach
    void close() {
        backend.close();
    }

    private Matrix of(int rows, int cols, float... values) {
        Matrix m = new Matrix(backend.allocate(ElementType.FLOAT32, rows * cols), 0, rows, cols);
        m.buffer().upload(0, values, 0, values.length);
        return m;
    }

    private Matrix drawn(int rows, int cols) {
        float[] values = new float[rows * cols];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat(-1.5f, 1.5f);
        }
        return of(rows, cols, values);
    }

    /** A destination, filled with NaN. */
    private Matrix unset(int rows, int cols) {
        float[] values = new float[rows * cols];
        Arrays.fill(values, Float.NaN);
        return of(rows, cols, values);
    }

    private Matrix integers(int... values) {
        Matrix m = new Matrix(backend.allocate(ElementType.INT32, values.length), 0, 1, values.length);
        m.buffer().upload(0, values, 0, values.length);
        return m;
    }

    private Matrix clock() {
        return integers(1, 0, TOTAL, 1);
    }

    private static double[] read(Matrix m) {
        float[] values = new float[m.size()];
        m.buffer().download(m.offset(), values, 0, values.length);
        double[] result = new double[values.length];
        Arrays.setAll(result, i -> values[i]);
        return result;
    }

    private static double[] all(int count, IntToDoubleFunction formula) {
        double[] values = new double[count];
        Arrays.setAll(values, formula);
        return values;
    }

    private static void assertClose(Matrix found, double[] expected) {
        double[] values = read(found);
        assertThat(values).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(values[i])
                    .as("element %d", i)
                    .isCloseTo(expected[i], Offset.offset(3e-6 * Math.max(1, Math.abs(expected[i]))));
        }
    }

    private static DoubleUnaryOperator function(Activation activation) {
        return switch (activation) {
            case IDENTITY -> z -> z;
            case TANH -> Math::tanh;
            case SIGMOID -> z -> 1 / (1 + Math.exp(-z));
            case RELU -> z -> Math.max(z, 0);
        };
    }

    /** activation'(z), given the output y. */
    private static double slope(Activation activation, double y) {
        return switch (activation) {
            case IDENTITY -> 1;
            case TANH -> 1 - y * y;
            case SIGMOID -> y * (1 - y);
            case RELU -> y > 0 ? 1 : 0;
        };
    }

    private static double dot(double[] a, int first, int strideA, double[] b, int second, int strideB, int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += a[first + i * strideA] * b[second + i * strideB];
        }
        return sum;
    }

    private static double columnSum(double[] a, int cols, int j) {
        double sum = 0;
        for (int i = j; i < a.length; i += cols) {
            sum += a[i];
        }
        return sum;
    }

    /** The dropout mask, by definition. */
    private static double[] mask(int rows, int cols) {
        int[] words = new int[rows * cols];
        Philox.fill(DROPOUT.seed(), Purpose.DROPOUT, TOTAL, DROPOUT.layer(), 0, words, 0, words.length);
        return all(words.length, i -> (words[i] & 0xFFFFFFFFL) < 0.4f * 0x1p32 ? 0 : 1 / (1 - 0.4f));
    }

    @ParameterizedTest
    @EnumSource
    void denseForward(Activation activation) {
        Matrix x = drawn(BATCH, IN);
        Matrix w = drawn(IN, OUT);
        Matrix bias = drawn(1, OUT);
        Matrix y = unset(BATCH, OUT);
        double[] z = all(BATCH * OUT, i -> dot(read(x), i / OUT * IN, 1, read(w), i % OUT, OUT, IN));
        k.denseForward(x, w, null, activation, y);
        assertClose(y, all(z.length, i -> function(activation).applyAsDouble(z[i])));
        k.denseForward(x, w, bias, activation, y);
        double[] expected = all(z.length, i -> function(activation).applyAsDouble(z[i] + read(bias)[i % OUT]));
        assertClose(y, expected);

        Matrix mask = unset(BATCH, OUT);
        Matrix plain = unset(BATCH, OUT);
        Matrix dropped = unset(BATCH, OUT);
        k.denseDropoutForward(x, w, bias, activation, DROPOUT, clock(), mask, plain, dropped);
        assertClose(mask, mask(BATCH, OUT));
        assertClose(plain, expected);
        assertClose(dropped, all(z.length, i -> expected[i] * mask(BATCH, OUT)[i]));
    }

    @Test
    void denseBackward() {
        Matrix x = drawn(BATCH, IN);
        Matrix w = drawn(IN, OUT);
        Matrix dy = drawn(BATCH, OUT);
        Matrix dw = unset(IN, OUT);
        Matrix dbias = unset(1, OUT);
        Matrix dx = unset(BATCH, IN);
        k.denseBackward(x, w, dy, dw, dbias, dx);
        assertDenseGradients(x, w, read(dy), dw, dbias, dx);
        Matrix alone = unset(IN, OUT);
        k.denseBackward(x, w, dy, alone, null, null);
        assertClose(alone, read(dw));
    }

    private static void assertDenseGradients(Matrix x, Matrix w, double[] dz, Matrix dw, Matrix dbias, Matrix dx) {
        assertClose(dw, all(IN * OUT, i -> dot(read(x), i / OUT, IN, dz, i % OUT, OUT, BATCH)));
        assertClose(dbias, all(OUT, j -> columnSum(dz, OUT, j)));
        assertClose(dx, all(BATCH * IN, i -> dot(dz, i / IN * OUT, 1, read(w), i % IN * OUT, 1, OUT)));
    }

    @ParameterizedTest
    @EnumSource
    void activationBackward(Activation activation) {
        Matrix y = of(1, 6, -0.75f, -0.25f, 0, 0.25f, 0.5f, 1);
        Matrix dy = drawn(1, 6);
        Matrix dx = unset(1, 6);
        k.activationBackward(activation, y, dy, dx);
        assertClose(dx, all(6, i -> read(dy)[i] * slope(activation, read(y)[i])));
    }

    @ParameterizedTest
    @EnumSource
    void denseLayerBackward(Activation activation) {
        Matrix x = drawn(BATCH, IN);
        Matrix w = drawn(IN, OUT);
        Matrix y = drawn(BATCH, OUT);
        Matrix mask = drawn(BATCH, OUT);
        Matrix dy = drawn(BATCH, OUT);
        Matrix dz = unset(BATCH, OUT);
        Matrix dw = unset(IN, OUT);
        Matrix dbias = unset(1, OUT);
        Matrix dx = unset(BATCH, IN);
        double[] expected = all(dy.size(), i -> read(dy)[i] * read(mask)[i] * slope(activation, read(y)[i]));
        k.denseLayerBackward(x, w, activation, y, mask, dy, dz, dw, dbias, dx);
        assertClose(dz, expected);
        assertDenseGradients(x, w, expected, dw, dbias, dx);

        double[] unmasked = all(dy.size(), i -> read(dy)[i] * slope(activation, read(y)[i]));
        k.denseLayerBackward(x, w, activation, y, null, dy, dz, dw, dbias, dx);
        assertClose(dz, unmasked);
        assertDenseGradients(x, w, unmasked, dw, dbias, dx);

        Matrix again = unset(1, OUT);
        Matrix inputs = unset(BATCH, IN);
        k.denseLayerBackward(x, w, activation, y, null, dy, dz, null, again, inputs);
        assertClose(again, read(dbias));
        assertClose(inputs, read(dx));
    }

    @ParameterizedTest
    @EnumSource
    void batchNormTrainNormalisesEachFeature(Activation activation) {
        Matrix x = drawn(BATCH, OUT);
        Matrix gamma = drawn(1, OUT);
        Matrix beta = drawn(1, OUT);
        Matrix runningMean = drawn(1, OUT);
        Matrix runningVariance = of(1, OUT, 0.5f, 1, 2);
        double[] oldMean = read(runningMean);
        double[] oldVariance = read(runningVariance);
        Matrix mean = unset(1, OUT);
        Matrix inverse = unset(1, OUT);
        Matrix y = unset(BATCH, OUT);
        double[] means = all(OUT, j -> columnSum(read(x), OUT, j) / BATCH);
        double[] squares = all(BATCH * OUT, i -> Math.pow(read(x)[i] - means[i % OUT], 2));
        double[] variances = all(OUT, j -> columnSum(squares, OUT, j) / BATCH);
        double[] normal =
                all(BATCH * OUT, i -> (read(x)[i] - means[i % OUT]) / Math.sqrt(variances[i % OUT] + EPSILON));
        double[] expected = all(
                normal.length,
                i -> function(activation).applyAsDouble(read(gamma)[i % OUT] * normal[i] + read(beta)[i % OUT]));

        k.batchNormTrain(x, gamma, beta, EPSILON, MOMENTUM, runningMean, runningVariance, mean, inverse, activation, y);
        assertClose(y, expected);
        assertClose(mean, means);
        assertClose(inverse, all(OUT, j -> 1 / Math.sqrt(variances[j] + EPSILON)));
        assertClose(runningMean, all(OUT, j -> 0.9 * oldMean[j] + 0.1 * means[j]));
        assertClose(runningVariance, all(OUT, j -> 0.9 * oldVariance[j] + 0.1 * variances[j] * BATCH / (BATCH - 1.0)));

        Matrix mask = unset(BATCH, OUT);
        Matrix dropped = unset(BATCH, OUT);
        Matrix again = unset(BATCH, OUT);
        k.batchNormDropoutTrain(
                x,
                gamma,
                beta,
                EPSILON,
                MOMENTUM,
                runningMean,
                runningVariance,
                mean,
                inverse,
                activation,
                DROPOUT,
                clock(),
                mask,
                again,
                dropped);
        assertClose(again, expected);
        assertClose(mask, mask(BATCH, OUT));
        assertClose(dropped, all(expected.length, i -> expected[i] * mask(BATCH, OUT)[i]));
    }

    @ParameterizedTest
    @EnumSource
    void batchNormInferUsesRunningStatistics(Activation activation) {
        Matrix x = drawn(BATCH, OUT);
        Matrix gamma = drawn(1, OUT);
        Matrix beta = drawn(1, OUT);
        Matrix runningMean = drawn(1, OUT);
        Matrix runningVariance = of(1, OUT, 0.5f, 1, 2);
        Matrix y = unset(BATCH, OUT);
        k.batchNormInfer(x, gamma, beta, EPSILON, runningMean, runningVariance, activation, y);
        assertClose(y, all(BATCH * OUT, i -> {
            int j = i % OUT;
            double normal = (read(x)[i] - read(runningMean)[j]) / Math.sqrt(read(runningVariance)[j] + EPSILON);
            return function(activation).applyAsDouble(read(gamma)[j] * normal + read(beta)[j]);
        }));
    }

    @ParameterizedTest
    @EnumSource
    void batchNormBackwardIncludesTheStatistics(Activation activation) {
        Matrix x = drawn(BATCH, OUT);
        Matrix gamma = drawn(1, OUT);
        Matrix mean = drawn(1, OUT);
        Matrix inverse = of(1, OUT, 0.5f, 1, 2);
        Matrix y = drawn(BATCH, OUT);
        Matrix mask = drawn(BATCH, OUT);
        Matrix dy = drawn(BATCH, OUT);
        Matrix dgamma = unset(1, OUT);
        Matrix dbeta = unset(1, OUT);
        Matrix dx = unset(BATCH, OUT);
        k.batchNormBackward(x, gamma, mean, inverse, dy, dgamma, dbeta, dx);
        assertBatchNormGradients(x, gamma, mean, inverse, read(dy), dgamma, dbeta, dx);

        k.batchNormLayerBackward(x, gamma, mean, inverse, activation, y, mask, dy, dgamma, dbeta, dx);
        double[] dz = all(dy.size(), i -> read(dy)[i] * read(mask)[i] * slope(activation, read(y)[i]));
        assertBatchNormGradients(x, gamma, mean, inverse, dz, dgamma, dbeta, dx);

        k.batchNormLayerBackward(x, gamma, mean, inverse, activation, y, null, dy, dgamma, dbeta, dx);
        double[] unmasked = all(dy.size(), i -> read(dy)[i] * slope(activation, read(y)[i]));
        assertBatchNormGradients(x, gamma, mean, inverse, unmasked, dgamma, dbeta, dx);
    }

    private static void assertBatchNormGradients(
            Matrix x, Matrix gamma, Matrix mean, Matrix inverse, double[] dy, Matrix dgamma, Matrix dbeta, Matrix dx) {
        double[] normal = all(x.size(), i -> (read(x)[i] - read(mean)[i % OUT]) * read(inverse)[i % OUT]);
        double[] products = all(x.size(), i -> dy[i] * normal[i]);
        assertClose(dbeta, all(OUT, j -> columnSum(dy, OUT, j)));
        assertClose(dgamma, all(OUT, j -> columnSum(products, OUT, j)));
        assertClose(dx, all(x.size(), i -> {
            int j = i % OUT;
            double inner = dy[i] - (columnSum(dy, OUT, j) + normal[i] * columnSum(products, OUT, j)) / BATCH;
            return read(gamma)[j] * read(inverse)[j] * inner;
        }));
    }

    @Test
    void dropoutPerBatchRepeatsOneMaskRow() {
        DropoutSpec spec = new DropoutSpec(11, 3, 0.4f, true);
        Matrix x = drawn(BATCH, OUT);
        Matrix mask = unset(BATCH, OUT);
        Matrix y = unset(BATCH, OUT);
        k.dropout(x, spec, clock(), mask, y);
        double[] row = mask(1, OUT);
        assertClose(mask, all(BATCH * OUT, i -> row[i % OUT]));
        assertClose(y, all(BATCH * OUT, i -> read(x)[i] * row[i % OUT]));
        Matrix dx = unset(BATCH, OUT);
        k.dropoutBackward(x, mask, dx);
        assertClose(dx, read(y));
    }

    @Test
    void dropoutThresholdAndScale() {
        DropoutSpec half = new DropoutSpec(1, 0, 0.5f, false);
        assertThat(half.threshold()).isEqualTo(0x80000000);
        assertThat(half.scale()).isEqualTo(2f);
        assertThat(new DropoutSpec(1, 0, 0, false).threshold()).isZero();
        assertThat(new DropoutSpec(1, 0, 0, false).scale()).isEqualTo(1f);
    }

    @Test
    void softmaxCrossEntropy() {
        Matrix logits = drawn(BATCH, OUT);
        Matrix targets = of(BATCH, OUT, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0.5f, 0.25f, 0.25f, 0, 0, 1);
        Matrix losses = unset(BATCH, 1);
        Matrix dlogits = unset(BATCH, OUT);
        double[] z = read(logits);
        double[] sums = all(BATCH, i -> Math.exp(z[i * OUT]) + Math.exp(z[i * OUT + 1]) + Math.exp(z[i * OUT + 2]));
        double[] logs = all(BATCH * OUT, i -> z[i] - Math.log(sums[i / OUT]));
        double[] expected = all(BATCH, i -> -dot(read(targets), i * OUT, 1, logs, i * OUT, 1, OUT));
        double[] gradient = all(BATCH * OUT, i -> (Math.exp(logs[i]) - read(targets)[i]) / BATCH);
        k.softmaxCrossEntropy(logits, targets, losses, dlogits);
        assertClose(losses, expected);
        assertClose(dlogits, gradient);
        Matrix alone = unset(BATCH, 1);
        k.softmaxCrossEntropy(logits, targets, alone, null);
        assertClose(alone, expected);

        Matrix history = of(1, 3, -1, -2, -3);
        Matrix again = unset(BATCH, OUT);
        k.trainingLoss(logits, targets, alone, again, clock(), history);
        assertClose(again, gradient);
        assertClose(history, new double[] {-1, Arrays.stream(expected).sum() / BATCH, -3});
    }

    @Test
    void sgd() {
        Matrix w = drawn(1, IN);
        Matrix g = drawn(1, IN);
        double[] before = read(w);
        k.sgd(w, g, of(1, 1, 0.25f));
        assertClose(w, all(IN, i -> before[i] - 0.25 * read(g)[i]));
    }

    @Test
    void momentum() {
        Matrix w = drawn(1, IN);
        Matrix g = drawn(1, IN);
        Matrix velocity = drawn(1, IN);
        double[] before = read(w);
        double[] old = read(velocity);
        k.momentum(w, g, velocity, 0.75f, of(1, 1, 0.25f));
        assertClose(velocity, all(IN, i -> 0.75 * old[i] + read(g)[i]));
        assertClose(w, all(IN, i -> before[i] - 0.25 * (0.75 * old[i] + read(g)[i])));
    }

    @Test
    void gatherBatch() {
        Matrix images = drawn(4, IN);
        Matrix labels = drawn(4, OUT);
        Matrix x = unset(2, IN);
        Matrix targets = unset(2, OUT);
        k.gatherBatch(images, labels, integers(9, 3, 1), integers(1), 2, 1, 4, 0.5f, x, targets);
        int[] rows = {3, 1};
        assertClose(x, all(2 * IN, i -> 2 * read(images)[rows[i / IN] * IN + i % IN] + 1));
        assertClose(targets, all(2 * OUT, i -> 4 * read(labels)[rows[i / OUT] * OUT + i % OUT] + 0.5));
    }
}
