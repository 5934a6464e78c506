package bpnn.spi;

import org.jspecify.annotations.Nullable;

/**
 * The kernels of a backend. The seven primitives are mandatory; every fused kernel has a default composed of them,
 * which is also its definition ({@link Composed}), so a backend overrides only what it makes faster.
 *
 * <p>Kernels write to existing matrices and allocate nothing. Shapes, element types, aliasing and ownership are checked
 * by the caller ({@code bpnn.tensor.Ops}); kernels trust their arguments. A destination may be the same matrix as a
 * source where the kernel says so, and never overlaps one otherwise. Every matrix is float32 unless stated otherwise.
 * Matrices without elements are allowed.
 */
public interface Kernels {

    // ---- primitives

    /**
     * C = α op(A) op(B) + β C, with op the identity or the transpose. {@code op(A)} is [m, k], {@code op(B)} [k, n],
     * {@code C} [m, n]. Exact: acc = +0, then acc = fma(a_k, b_k, acc) for k ascending; t = α acc; C = t where β is 0
     * (C is then not read, so NaN in it is ignored), else fma(β, C, t).
     */
    void gemm(float alpha, Matrix a, boolean transA, Matrix b, boolean transB, float beta, Matrix c);

    /** y = value. */
    void fill(Matrix y, float value);

    /** y = op(x), elementwise. {@code y} may be {@code x}. */
    void map(UnaryOp op, Matrix x, Matrix y);

    /**
     * y = op(a, b), elementwise. {@code a} and {@code y} are [m, n]; {@code b} is [m, n], a row [1, n], a column
     * [m, 1] or a scalar [1, 1], broadcast as needed. {@code y} may be {@code a}, or {@code b} where that is [m, n].
     */
    void zip(BinaryOp op, Matrix a, Matrix b, Matrix y);

    /**
     * y = α x + β y, elementwise. Exact: fma(α, x, β y); where β is 0, y = α x and y is not read. {@code y} may
     * be {@code x}.
     */
    void axpby(float alpha, Matrix x, float beta, Matrix y);

    /**
     * Reduces {@code x} [m, n] along an axis: {@code y} is [1, n] for {@link Axis#ROWS}, [m, 1] for
     * {@link Axis#COLUMNS}. The order of the sum is fixed by {@link Reduction#SUM}.
     */
    void reduce(Reduction op, Axis axis, Matrix x, Matrix y);

    /**
     * Gathers the rows of a batch: y[i, j] = fma(table[row(i), j], scale, shift), with row(i) = order[p + i], or p + i
     * without an order, and p the integer in {@code position}.
     *
     * @param table [rows, n], uint8 (0..255, converted to float) or float32
     * @param order int32, [1, length] with p + m ≤ length, each in [0, rows); null for table order
     * @param position int32, [1, 1], in backend memory
     * @param y [m, n]
     */
    void gatherRows(Matrix table, @Nullable Matrix order, Matrix position, float scale, float shift, Matrix y);

    /** Scratch matrices of composed kernels: one {@code Scratch} per backend, closed with it. */
    Scratch scratch();

    // ---- fused kernels

    /**
     * The inputs and the targets of a batch: {@link #gatherRows} twice, with the same order and position.
     *
     * @param images [rows, n], like the table of {@link #gatherRows}
     * @param labels [rows, classes], likewise
     * @param x [m, n], receives fma(images, scale, shift)
     * @param targets [m, classes], receives fma(labels, targetScale, targetShift)
     */
    default void gatherBatch(
            Matrix images,
            Matrix labels,
            @Nullable Matrix order,
            Matrix position,
            float scale,
            float shift,
            float targetScale,
            float targetShift,
            Matrix x,
            Matrix targets) {
        Composed.gatherBatch(this, images, labels, order, position, scale, shift, targetScale, targetShift, x, targets);
    }

    /**
     * {@link #gatherBatch} with randomly distorted images, the same bits in every mode and on every backend: {@code x}
     * receives fma(v, scale, shift) of the values v of {@link ImageDistortion}, for the epoch and the position in the
     * clock.
     *
     * @param images uint8, [rows, n], with n the {@link Augmentation#features} of an image
     * @param clock int32, [1, {@value Clock#LENGTH}]
     * @param smoothing {@link Augmentation#smoothing}, [1, {@link Augmentation#smoothingLength}]
     */
    default void gatherAugmented(
            Matrix images,
            Matrix labels,
            @Nullable Matrix order,
            Matrix clock,
            Augmentation augmentation,
            Matrix smoothing,
            float scale,
            float shift,
            float targetScale,
            float targetShift,
            Matrix x,
            Matrix targets) {
        Composed.gatherAugmented(
                this,
                images,
                labels,
                order,
                clock,
                augmentation,
                smoothing,
                scale,
                shift,
                targetScale,
                targetShift,
                x,
                targets);
    }

    /**
     * y = activation(x W + b). {@code x} is [batch, in], {@code w} [in, out], {@code bias} [1, out] or null, {@code y}
     * [batch, out].
     */
    default void denseForward(Matrix x, Matrix w, @Nullable Matrix bias, Activation activation, Matrix y) {
        Composed.denseForward(this, x, w, bias, activation, y);
    }

    /**
     * A dense layer followed by dropout, in training: {@link #denseForward} to {@code y}, then {@link #dropout} of
     * {@code y} to {@code dropped}.
     *
     * @param mask [batch, out], overwritten
     * @param y [batch, out], overwritten with the activations, which the backward pass needs
     * @param dropped [batch, out], overwritten with the output of the layer
     */
    default void denseDropoutForward(
            Matrix x,
            Matrix w,
            @Nullable Matrix bias,
            Activation activation,
            DropoutSpec spec,
            Matrix clock,
            Matrix mask,
            Matrix y,
            Matrix dropped) {
        Composed.denseDropoutForward(this, x, w, bias, activation, spec, clock, mask, y, dropped);
    }

    /**
     * The gradients of a dense layer without activation: dW = xᵀ dy, db = Σ over the batch of dy, dx = dy Wᵀ.
     *
     * @param dy [batch, out], the gradient with respect to x W + b
     * @param dw [in, out], overwritten
     * @param dbias [1, out], overwritten; null without a bias
     * @param dx [batch, in], overwritten; null if not requested
     */
    default void denseBackward(Matrix x, Matrix w, Matrix dy, Matrix dw, @Nullable Matrix dbias, @Nullable Matrix dx) {
        Composed.denseBackward(this, x, w, dy, dw, dbias, dx);
    }

    /**
     * The gradients of a dense layer with its activation and dropout: dz = (dy · mask) · activation'(z) in terms of the
     * output y ({@link #dropoutBackward}, then {@link #activationBackward}), followed by {@link #denseBackward} of dz.
     *
     * @param y [batch, out], the output of the activation, before dropout
     * @param mask [batch, out]; null without dropout
     * @param dy [batch, out], the gradient with respect to the output of the layer
     * @param dz [batch, out], overwritten with the gradient with respect to x W + b; may be {@code dy}
     * @param dw [in, out], overwritten; null if not requested
     * @param dbias [1, out], overwritten; null without a bias
     * @param dx [batch, in], overwritten; null if not requested
     */
    default void denseLayerBackward(
            Matrix x,
            Matrix w,
            Activation activation,
            Matrix y,
            @Nullable Matrix mask,
            Matrix dy,
            Matrix dz,
            @Nullable Matrix dw,
            @Nullable Matrix dbias,
            @Nullable Matrix dx) {
        Composed.denseLayerBackward(this, x, w, activation, y, mask, dy, dz, dw, dbias, dx);
    }

    /** dx = dy · activation'(x), expressed in terms of the output y. All [m, n]; {@code dx} may be {@code dy}. */
    default void activationBackward(Activation activation, Matrix y, Matrix dy, Matrix dx) {
        Composed.activationBackward(this, activation, y, dy, dx);
    }

    /**
     * Batch normalisation with the statistics of the batch, then the activation (S. Ioffe and C. Szegedy, "Batch
     * Normalization", 2015, algorithm 1): y = activation(γ (x - μ) / √(σ² + ε) + β), σ² biased. The running mean and
     * the running unbiased variance are exponential moving averages with weight {@code momentum} for the batch.
     *
     * @param x [batch, n], batch at least 2
     * @param gamma γ, [1, n]
     * @param beta β, [1, n]
     * @param runningMean [1, n], updated
     * @param runningVariance [1, n], updated
     * @param mean [1, n], receives μ for the backward pass
     * @param inverseStd [1, n], receives 1 / √(σ² + ε) for the backward pass
     * @param y [batch, n]
     */
    default void batchNormTrain(
            Matrix x,
            Matrix gamma,
            Matrix beta,
            float epsilon,
            float momentum,
            Matrix runningMean,
            Matrix runningVariance,
            Matrix mean,
            Matrix inverseStd,
            Activation activation,
            Matrix y) {
        ComposedBatchNorm.batchNormTrain(
                this, x, gamma, beta, epsilon, momentum, runningMean, runningVariance, mean, inverseStd, activation, y);
    }

    /**
     * Batch normalisation followed by dropout, in training: {@link #batchNormTrain} to {@code y}, then {@link #dropout}
     * of {@code y} to {@code dropped}.
     *
     * @param mask [batch, n], overwritten
     * @param y [batch, n], overwritten with the activations, which the backward pass needs
     * @param dropped [batch, n], overwritten with the output of the layer
     */
    default void batchNormDropoutTrain(
            Matrix x,
            Matrix gamma,
            Matrix beta,
            float epsilon,
            float momentum,
            Matrix runningMean,
            Matrix runningVariance,
            Matrix mean,
            Matrix inverseStd,
            Activation activation,
            DropoutSpec spec,
            Matrix clock,
            Matrix mask,
            Matrix y,
            Matrix dropped) {
        ComposedBatchNorm.batchNormDropoutTrain(
                this,
                x,
                gamma,
                beta,
                epsilon,
                momentum,
                runningMean,
                runningVariance,
                mean,
                inverseStd,
                activation,
                spec,
                clock,
                mask,
                y,
                dropped);
    }

    /** Batch normalisation with the running statistics, then the activation; shapes as in {@link #batchNormTrain}. */
    default void batchNormInfer(
            Matrix x,
            Matrix gamma,
            Matrix beta,
            float epsilon,
            Matrix runningMean,
            Matrix runningVariance,
            Activation activation,
            Matrix y) {
        ComposedBatchNorm.batchNormInfer(this, x, gamma, beta, epsilon, runningMean, runningVariance, activation, y);
    }

    /**
     * The gradients of {@link #batchNormTrain} without its activation. With x̂ = (x - μ) / √(σ² + ε):
     * dβ = Σ dy, dγ = Σ dy x̂, dx = γ / √(σ² + ε) · (dy - dβ / batch - x̂ dγ / batch).
     *
     * @param dy [batch, n], the gradient with respect to the input of the activation
     * @param dx [batch, n]; may be {@code dy}
     */
    default void batchNormBackward(
            Matrix x, Matrix gamma, Matrix mean, Matrix inverseStd, Matrix dy, Matrix dgamma, Matrix dbeta, Matrix dx) {
        ComposedBatchNorm.batchNormBackward(this, x, gamma, mean, inverseStd, dy, dgamma, dbeta, dx);
    }

    /**
     * The gradients of batch normalisation with its activation and dropout: dz = (dy · mask) · activation' in terms of
     * the output y ({@link #dropoutBackward}, then {@link #activationBackward}), followed by {@link #batchNormBackward}
     * of dz.
     *
     * @param y [batch, n], the output of the activation, before dropout
     * @param mask [batch, n]; null without dropout
     * @param dy [batch, n], the gradient with respect to the output of the layer
     * @param dx [batch, n]; may be {@code dy}
     */
    default void batchNormLayerBackward(
            Matrix x,
            Matrix gamma,
            Matrix mean,
            Matrix inverseStd,
            Activation activation,
            Matrix y,
            @Nullable Matrix mask,
            Matrix dy,
            Matrix dgamma,
            Matrix dbeta,
            Matrix dx) {
        ComposedBatchNorm.batchNormLayerBackward(
                this, x, gamma, mean, inverseStd, activation, y, mask, dy, dgamma, dbeta, dx);
    }

    /**
     * Inverted dropout (N. Srivastava et al., JMLR 15, 2014): mask = 0 if the random word of the unit is below the
     * threshold, else 1 / (1 - rate); y = x · mask. The word of element (i, j) has index i · n + j (j alone with a mask
     * per batch) of the Philox stream {@code (seed; DROPOUT, clock total, layer)}.
     *
     * @param x [batch, n]
     * @param clock int32, [1, {@value Clock#LENGTH}]
     * @param mask [batch, n], overwritten
     * @param y [batch, n]; may be {@code x}
     */
    default void dropout(Matrix x, DropoutSpec spec, Matrix clock, Matrix mask, Matrix y) {
        Composed.dropout(this, x, spec, clock, mask, y);
    }

    /** The gradient of dropout: dx = dy · mask. All [batch, n]; {@code dx} may be {@code dy}. */
    default void dropoutBackward(Matrix dy, Matrix mask, Matrix dx) {
        Composed.dropoutBackward(this, dy, mask, dx);
    }

    /**
     * Softmax cross-entropy by log-sum-exp: loss_i = -Σ_j t_ij (z_ij - log Σ_j exp z_ij), where z are the logits minus
     * their row maximum, and its gradient (softmax - t) / batch.
     *
     * @param logits [batch, classes]
     * @param targets [batch, classes], each row a probability distribution
     * @param losses [batch, 1], one per example, overwritten
     * @param dlogits [batch, classes], the gradient of the mean loss; null if not requested
     */
    default void softmaxCrossEntropy(Matrix logits, Matrix targets, Matrix losses, @Nullable Matrix dlogits) {
        Composed.softmaxCrossEntropy(this, logits, targets, losses, dlogits);
    }

    /**
     * Stores the mean of {@code losses} [batch, 1] in element {@link Clock#STEP} of {@code history} [1, steps].
     */
    default void recordLoss(Matrix losses, Matrix clock, Matrix history) {
        Composed.recordLoss(this, losses, clock, history);
    }

    /** The loss of a training step: {@link #softmaxCrossEntropy} with its gradient, then {@link #recordLoss}. */
    default void trainingLoss(
            Matrix logits, Matrix targets, Matrix losses, Matrix dlogits, Matrix clock, Matrix history) {
        Composed.trainingLoss(this, logits, targets, losses, dlogits, clock, history);
    }

    /** Advances the clock by one step: STEP and TOTAL by 1, BATCH by {@code batch}. */
    default void advance(Matrix clock, int batch) {
        Composed.advance(clock, batch);
    }

    /** The index of each row's first maximum, as a float: {@code y} is [m, 1]; n for a row with a NaN. */
    default void argmax(Matrix x, Matrix y) {
        Composed.argmax(this, x, y);
    }

    /**
     * SGD: w = w - η g.
     *
     * @param rates [1, 1]: η
     */
    default void sgd(Matrix w, Matrix g, Matrix rates) {
        Composed.sgd(this, w, g, rates);
    }

    /**
     * SGD with momentum as in PyTorch: v = μ v + g, w = w - η v.
     *
     * @param rates [1, 1]: η
     */
    default void momentum(Matrix w, Matrix g, Matrix velocity, float momentum, Matrix rates) {
        Composed.momentum(this, w, g, velocity, momentum, rates);
    }

    /**
     * Adam (D. P. Kingma and J. Ba, 2015, algorithm 1), with ε outside the square root and the bias corrections folded
     * into the rates, as in PyTorch: m = β₁ m + (1 - β₁) g, v = β₂ v + (1 - β₂) g², w = w - rates₀ · (m / (√v · rates₁
     * + rates₂)).
     *
     * @param rates [1, 3]: η / (1 - β₁ᵗ), 1 / √(1 - β₂ᵗ), ε
     */
    default void adam(Matrix w, Matrix g, Matrix m, Matrix v, float beta1, float beta2, Matrix rates) {
        Composed.adam(this, w, g, m, v, beta1, beta2, rates);
    }
}
